"""Fetch the free Chinese fonts and convert them once for the typesetter.

    .venv/bin/python scripts/fonts.py [--from FOLDER] [--force]

What it brings, into ``${XDG_CACHE_HOME:-~/.cache}/yichuan/fonts``:

* FandolFang, FandolHei, FandolKai and FandolSong (GPL with font exception) out of Debian's ``texlive-lang-chinese``;
  the package is downloaded and opened, never installed. The faces are converted from CFF to TrueType outlines,
  because the OFD writer subsets TrueType many times faster.
* Noto Serif SC Regular and Bold (OFL) out of npm's ``@expo-google-fonts/noto-serif-sc``.

Both come through the machine's own ``apt-get`` and ``npm``, so mirrors and proxies are those of the machine.
``--from FOLDER`` takes ``texlive-lang-chinese_*.deb`` and ``*noto-serif-sc-*.tgz`` out of a folder instead: the way
for a machine without a network. Running it again costs nothing; a run that dies leaves the old set in place.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

RECIPE = 1  # raise when the conversion changes, so that old caches are made anew
DEB = "texlive-lang-chinese"
NPM = "@expo-google-fonts/noto-serif-sc"
NPM_VERSION = "0.4.3"

FANDOL = {
    "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
    "FandolKai-Regular.otf": "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
    "FandolSong-Regular.otf": "a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0",
}
NOTO = {
    "NotoSerifSC_400Regular.ttf": "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
    "NotoSerifSC_700Bold.ttf": "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
}
MAXP_FIELDS = (
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
RESULT = [name.replace(".otf", ".ttf") for name in FANDOL] + list(NOTO)


class SetupError(Exception):
    """What is missing and what to do about it, in one message."""


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "yichuan" / "fonts"


def say(text: str) -> None:
    print(f"fonts: {text}", flush=True)


def is_ready(folder: Path) -> bool:
    """Whether the folder holds a finished set of this recipe, file by file of the recorded size."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    sizes = manifest.get("sizes", {})
    return manifest.get("recipe") == RECIPE and all(
        (folder / name).is_file() and (folder / name).stat().st_size == sizes.get(name) for name in RESULT
    )


def run_tool(command: list[str], cwd: Path, remedy: str) -> str:
    """Run a package tool; its absence or failure becomes a message that says what to do."""
    if shutil.which(command[0]) is None:
        raise SetupError(f"the command '{command[0]}' is missing. {remedy}")
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 (fixed words)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip())[-600:]
        raise SetupError(f"'{' '.join(command)}' failed:\n{last}\n{remedy}")
    return done.stdout


def newest(folder: Path, pattern: str) -> Path | None:
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def fetch_deb(work: Path, given: Path | None) -> Path:
    if given is not None:
        deb = newest(given, f"{DEB}_*.deb")
        if deb is None:
            raise SetupError(f"{given} holds no {DEB}_*.deb. Put the Debian package there.")
        return deb
    run_tool(
        ["apt-get", "download", DEB],
        work,
        "If the package cannot be located, the package lists are missing: run `apt-get update` as root once. On a "
        f"machine without apt or network, put {DEB}_*.deb and the npm archive of {NPM} into a folder and run "
        "`scripts/fonts.py --from FOLDER`.",
    )
    deb = newest(work, f"{DEB}_*.deb")
    if deb is None:
        raise SetupError("apt-get download ended well but left no package; is the disk full?")
    return deb


def fetch_npm(work: Path, given: Path | None) -> Path:
    if given is not None:
        archive = newest(given, "*noto-serif-sc-*.tgz")
        if archive is None:
            raise SetupError(f"{given} holds no *noto-serif-sc-*.tgz. Make one with `npm pack {NPM}@{NPM_VERSION}`.")
        return archive
    run_tool(
        ["npm", "pack", f"{NPM}@{NPM_VERSION}", "--silent"],
        work,
        "npm comes with Debian's package `npm`. Without a network use `--from FOLDER` with an archive made by "
        f"`npm pack {NPM}@{NPM_VERSION}` elsewhere.",
    )
    archive = newest(work, "*.tgz")
    if archive is None:
        raise SetupError("npm pack ended well but left no archive; is the disk full?")
    return archive


def check_digest(name: str, data: bytes, expected: str, origin: str) -> None:
    """A font other than the one tried here is told, not refused: Debian may move on, and the tests will judge."""
    if hashlib.sha256(data).hexdigest() != expected:
        say(f"note: {name} from {origin} is another version than the one tried; it is used as it is")


def members(archive: tarfile.TarFile, wanted: dict[str, str], origin: str) -> Iterator[tuple[str, bytes]]:
    """The wanted files of a tar stream, found by base name, plus licence texts."""
    missing = set(wanted)
    for entry in archive:
        name = entry.name.rsplit("/", 1)[-1]
        handle = archive.extractfile(entry) if entry.isfile() else None
        if handle is None:
            continue
        if name in missing:
            data = handle.read()
            check_digest(name, data, wanted[name], origin)
            missing.discard(name)
            yield name, data
        elif entry.name.endswith(("fandol/COPYING.gz", "LICENSE_FONT")):
            yield f"licence-{'fandol-COPYING.gz' if name == 'COPYING.gz' else 'noto-OFL.txt'}", handle.read()
    if missing:
        raise SetupError(f"{origin} no longer holds {', '.join(sorted(missing))}; name other fonts by YICHUAN_FONTS.")


def unpack_deb(deb: Path, into: Path) -> None:
    if shutil.which("dpkg-deb") is None:
        raise SetupError("the command 'dpkg-deb' is missing. It comes with Debian's package `dpkg`.")
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 (fixed words)
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for name, data in members(archive, FANDOL, DEB):
                (into / name).write_bytes(data)
        if process.stdout is not None:
            process.stdout.read()  # the padding after the archive's end; dpkg-deb fails if it cannot write it
    if process.returncode != 0:
        raise SetupError(f"dpkg-deb could not read {deb.name}; delete it and fetch it again.")


def unpack_npm(archive: Path, into: Path) -> None:
    with tarfile.open(archive, mode="r|gz") as stream:
        for name, data in members(stream, NOTO, NPM):
            (into / name).write_bytes(data)


def to_truetype(source: Path, target: Path) -> str:
    """Convert a CFF face to TrueType outlines (error below one unit of 1,000); runs in a process of its own."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont, newTable

    font = TTFont(source, recalcTimestamp=False)
    order = font.getGlyphOrder()
    glyph_set = font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    font["loca"] = newTable("loca")
    font["glyf"] = glyf
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in MAXP_FIELDS:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    glyf.compile(font)
    maxp.recalc(font)
    for name in order:
        advance, _ = font["hmtx"][name]
        glyph = glyphs[name]
        font["hmtx"][name] = (advance, glyph.xMin if glyph.numberOfContours else 0)
    font.save(target)
    return target.name


def timed(label: str, work: Callable[[], None]) -> None:
    begin = time.monotonic()
    work()
    say(f"{label}: {time.monotonic() - begin:.0f} s")


def build(into: Path, given: Path | None) -> None:
    """Fetch both packages side by side; the conversion starts as soon as the Fandol faces are there."""
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=into.parent) as scratch:
        apt, npm = Path(scratch, "apt"), Path(scratch, "npm")
        for folder in (apt, npm):
            folder.mkdir()
        with ThreadPoolExecutor(2) as fetchers, ProcessPoolExecutor(min(len(FANDOL), os.cpu_count() or 1)) as workers:
            noto = fetchers.submit(timed, f"fetched {NPM}", lambda: unpack_npm(fetch_npm(npm, given), into))
            timed(f"fetched {DEB}", lambda: unpack_deb(fetch_deb(apt, given), apt))
            begin = time.monotonic()
            jobs = [
                workers.submit(to_truetype, apt / name, into / name.replace(".otf", ".ttf"))
                for name in sorted(FANDOL, key=lambda name: -(apt / name).stat().st_size)
            ]
            for job in jobs:
                job.result()
            say(f"converted {len(jobs)} faces to TrueType: {time.monotonic() - begin:.0f} s")
            noto.result()
        for licence in apt.glob("licence-*"):
            shutil.copy(licence, into)
    sizes = {name: (into / name).stat().st_size for name in RESULT}
    (into / "manifest.json").write_text(json.dumps({"recipe": RECIPE, "sizes": sizes}, indent=1) + "\n", "utf-8")


def replace_folder(new: Path, target: Path) -> None:
    """Put the finished folder in place. A second set-up that finished meanwhile wins, since both are the same."""
    old = Path(tempfile.mkdtemp(prefix="fonts-old-", dir=target.parent))
    try:
        if target.exists():
            target.rename(old / "fonts")
        new.rename(target)
    except OSError:
        if not is_ready(target):
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch and convert the fonts of the typesetter.")
    parser.add_argument("--from", dest="given", type=Path, help="folder with the .deb and the .tgz, for offline use")
    parser.add_argument("--force", action="store_true", help="make the set anew even if it is there")
    options = parser.parse_args()
    target = cache_folder()
    if is_ready(target) and not options.force:
        say(f"ready in {target}")
        return 0
    begin = time.monotonic()
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="fonts-new-", dir=target.parent))
    new.chmod(0o755)
    try:
        build(new, options.given)
        replace_folder(new, target)
    except SetupError as error:
        print(f"fonts: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(new, ignore_errors=True)
    say(f"ready in {target} after {time.monotonic() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
