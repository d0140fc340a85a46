"""The soft SDF device of the tests: compiled from tests/sdf, prepared as by a vendor's tool, broken on request."""

import ctypes
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

from yichuan.keys.devices.sdf import SdfDevice, open_sdf

SOURCES = Path(__file__).parents[1] / "sdf"


@cache
def library() -> Path:
    """The shared library, compiled once for these sources."""
    sources = [SOURCES / name for name in ("soft_sdf.c", "sm2.h", "sm3_sm4.h")]
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:16]
    made = Path(tempfile.gettempdir()) / f"yichuan-soft-sdf-{os.getuid()}" / f"libsdf-{digest}.so"
    if not made.exists():
        made.parent.mkdir(mode=0o700, exist_ok=True)
        arriving = made.with_name(f"{os.getpid()}.so")
        options = ("-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread")
        subprocess.run(["cc", *options, "-o", arriving, sources[0]], check=True)
        arriving.replace(made)
    return made


class Prepared:
    """A device with so many key pairs, and the file of their access codes."""

    def __init__(self, folder: Path, keys: int = 6) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.codes = folder / "codes"
        self.tool = folder / "prepared"
        self.prepare(*range(1, keys + 1))

    def url(self, *, codes: Path | None = None, seconds: float = 5) -> str:
        """What YICHUAN_KEYS_URL says of it."""
        return f"sdf://{library()}?codes={codes or self.codes}&kek=1&seconds={seconds}"

    def open(self, *, codes: Path | None = None, seconds: float = 5) -> SdfDevice:
        """The device as another process would open it."""
        return open_sdf(urlparse(self.url(codes=codes, seconds=seconds)))

    def prepare(self, *indices: int) -> None:
        """Make new key pairs at these indices, as the vendor's tool does, and note their codes for the centre."""
        lines = "".join(f"{index} {os.urandom(16).hex()}\n" for index in indices)
        for path in (self.tool, self.codes):
            _write(path, _without(path, indices) + lines)

    def act(self, words: str) -> None:
        """Let it act broken (tests/sdf/soft_sdf.c says how), or well again with no words."""
        ctypes.CDLL(str(library())).soft_sdf_act(words.encode())


@contextmanager
def soft_sdf(folder: Path, keys: int = 6) -> Iterator[Prepared]:
    """A prepared device for the time of the block."""
    prepared = Prepared(folder, keys)
    before = os.environ.get("SOFT_SDF")
    os.environ["SOFT_SDF"] = str(prepared.tool)
    prepared.act("")
    try:
        yield prepared
    finally:
        prepared.act("")
        if before is None:
            del os.environ["SOFT_SDF"]
        else:
            os.environ["SOFT_SDF"] = before


def _without(path: Path, indices: tuple[int, ...]) -> str:
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return "".join(line for line in lines if int(line.split()[0]) not in indices)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
