"""No plain body at rest: on the disk, in the database's own files, in what the processes say, in temporary folders."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path

from soak.found import Finding

MAGIC = {b"%PDF-": "a PDF", b"PK\x03\x04": "a package"}


def plain(folders: Iterable[Path], probes: Iterable[bytes], temporary: Path | None = None) -> Iterator[Finding]:
    """Every file with a piece of a plain body in it, or that is a package or a PDF; any file left in `temporary`."""
    wanted = list(probes)
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.is_file() and not path.is_symlink():
                yield from _one(path, wanted)
    if temporary is not None:
        for path in sorted(temporary.rglob("*")):
            if path.is_file():
                yield Finding("left behind", str(path))


def _one(path: Path, probes: list[bytes]) -> Iterator[Finding]:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                found = [name for begin, name in MAGIC.items() if data[: len(begin)] == begin]
                found += ["a piece of a body"] if any(data.find(probe) >= 0 for probe in probes) else []
    except FileNotFoundError:  # a database removes files of its own
        return
    for name in found:
        yield Finding("plain", f"{name} in {path}")
