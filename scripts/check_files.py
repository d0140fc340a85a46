"""Check the files of the repository themselves: their length, and that no lock file names an address.

    .venv/bin/python scripts/check_files.py

A file over 300 lines wants splitting and is named; over 500 fails. Lock files hold names, versions and digests only:
where packages come from is each site's own matter.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG = 300
TOO_LONG = 500
MEASURED = {".py", ".html", ".js", ".css", ".typ", ".sh", ""}
NOT_OURS = ("LICENSE",)
ADDRESS = re.compile(r"\w+://|^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b|\s@\s")


def repository_files(root: Path) -> list[Path]:
    """What is committed or about to be: tracked files and new ones that .gitignore does not name."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 (git from the path)
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(path for name in listing.split("\0") if name and (path := root / name).is_file())


def is_measured(path: Path) -> bool:
    """Code and templates that people read; generated migrations are not split by hand."""
    return path.suffix in MEASURED and path.name not in NOT_OURS and "migrations" not in path.parts


def lengths(paths: Iterable[Path]) -> tuple[list[tuple[Path, int]], list[tuple[Path, int]]]:
    """The files that want splitting and those that are too long, each with its number of lines."""
    counted = [(path, len(path.read_text("utf-8").splitlines())) for path in paths if is_measured(path)]
    return (
        [(path, lines) for path, lines in counted if LONG < lines <= TOO_LONG],
        [(path, lines) for path, lines in counted if lines > TOO_LONG],
    )


def python_lock_addresses(text: str) -> Iterator[str]:
    """Lines of a requirements lock that say where a package comes from."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("#") and ADDRESS.search(line):
            yield f"line {number}: {line.strip()}"


def npm_lock_addresses(text: str) -> Iterator[str]:
    """Packages of an npm lock that carry an address; one without a digest would be taken from anywhere."""
    for name, entry in json.loads(text)["packages"].items():
        for key in ("resolved", "funding"):
            if key in entry:
                yield f"{name}: has '{key}'"
        if name and "integrity" not in entry:
            yield f"{name}: has no 'integrity'"


def lock_faults(root: Path) -> Iterator[str]:
    for lock in sorted((root / "requirements").glob("*.txt")):
        for fault in python_lock_addresses(lock.read_text("utf-8")):
            yield f"{lock.relative_to(root)}: {fault}"
    npm = root / "package-lock.json"
    for fault in npm_lock_addresses(npm.read_text("utf-8")):
        yield f"{npm.name}: {fault}"


def main() -> int:
    long, too_long = lengths(repository_files(ROOT))
    for path, lines in long:
        print(f"{path.relative_to(ROOT)}: {lines} lines, over {LONG}: it wants splitting")
    faults = [f"{path.relative_to(ROOT)}: {lines} lines, over {TOO_LONG}: split it" for path, lines in too_long]
    faults += lock_faults(ROOT)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
