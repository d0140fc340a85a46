"""`python -m fuzz [--seconds N] [--jobs N] [NAME …]`: each target for so long, so many at once.

No target may crash, take more than 20 s for one input or more than 512 MB. What breaks a target stays in
`fuzz/out/NAME/`; `python -m fuzz.one NAME FILE` shows it again. `key-file` runs where there is Node, whose
`node fuzz/key_file.mjs 0 . FILE` shows it again.
"""

import argparse
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.key_file import NODE, fuzz_key_files
from fuzz.targets import TARGETS

KEY_FILE = "key-file"
NAMES = [*TARGETS, *([KEY_FILE] if NODE else [])]
OUT = Path(__file__).parent / "out"
MEMORY_MB = 512
SECONDS_AN_INPUT = 20
_RUNS = re.compile(r"#(\d+)\s")


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target; True when nothing was found."""
    folder = OUT / name
    if name == KEY_FILE:
        return fuzz_in_node(name, seconds, folder)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(TARGETS[name].seeds()):
        (corpus / f"seed-{index:03}").write_bytes(seed)
    largest = max(each.stat().st_size for each in corpus.iterdir())
    log, begun = folder / "log", time.monotonic()
    with log.open("wb") as written:
        code = subprocess.run(
            [
                *(sys.executable, "-m", "fuzz.one", name, str(corpus)),
                *(f"-max_total_time={seconds}", f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEMORY_MB}"),
                *(f"-artifact_prefix={folder}/", f"-max_len={2 * largest}", "-print_final_stats=1"),
            ],
            stdout=written,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    said = log.read_text(encoding="utf-8", errors="replace")
    runs = max((int(each) for each in _RUNS.findall(said)), default=0)
    peak = re.search(r"peak_rss_mb:\s*(\d+)", said)
    _say(name, "" if code == 0 else f"({code}), see {log}", runs, begun, peak.group(1) if peak else "?")
    return code == 0


def fuzz_in_node(name: str, seconds: int, folder: Path) -> bool:
    """The target that no Python reads."""
    folder.mkdir(parents=True, exist_ok=True)
    log, begun = folder / "log", time.monotonic()
    done = fuzz_key_files(seconds, folder, log)
    if done is None or done.megabytes > MEMORY_MB:
        _say(name, f"see {log}", done.inputs if done else 0, begun, done.megabytes if done else "?")
        return False
    _say(name, "", done.inputs, begun, done.megabytes)
    print(
        f"{'':<14} {done.past} got as far as the password, {done.stretched} of them stretched it anew; "
        f"{done.opened} opened; the slowest took {done.slowest:.0f} ms",
        flush=True,
    )
    return True


def _say(name: str, found: str, inputs: int, begun: float, peak: object) -> None:
    print(
        f"{name:<14} {f'FOUND {found}' if found else 'ok':<8} {inputs:>9} inputs "
        f"{time.monotonic() - begun:>6.0f} s, at most {peak} MB",
        flush=True,
    )


def main() -> int:
    """Fuzz what is named, everything if nothing is; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    if unknown := set(wanted.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with ThreadPoolExecutor(wanted.jobs) as pool:
        done = list(pool.map(lambda name: fuzz(name, wanted.seconds), wanted.names or NAMES))
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
