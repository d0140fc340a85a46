"""Key files are read in the browser, so Node fuzzes them: this starts `key_file.mjs` and reads what it counted."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NODE = shutil.which("node")
_SCRIPT = Path(__file__).with_suffix(".mjs")
_GRACE = 120
"""Seconds to start in and to make the seeds, whose passwords are stretched; who is late hangs."""


@dataclass(frozen=True)
class Counted:
    """What a run says of itself. `past` inputs got as far as the stretching of the password; `slowest` is in ms."""

    inputs: int
    past: int
    stretched: int
    opened: int
    slowest: float
    megabytes: int


def fuzz_key_files(seconds: int, folder: Path, log: Path) -> Counted | None:
    """Open mutated key files for so long; None where one broke the reader: it lies in `folder`/input, why in `log`."""
    with log.open("wb") as written:
        try:
            subprocess.run(
                [NODE or "node", "--no-warnings", str(_SCRIPT), str(seconds), str(folder)],
                stdout=written,
                stderr=subprocess.STDOUT,
                timeout=seconds + _GRACE,
                check=True,
            )
        except subprocess.SubprocessError as problem:
            written.write(f"{problem}\n".encode())
            return None
    return Counted(**json.loads(log.read_text(encoding="utf-8").splitlines()[-1]))
