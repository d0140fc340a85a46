"""QR symbols in a picture of paper: a photograph, a scan.

A picture full of corner marks keeps any reader busy for minutes, and a stranger may send it. So it is read in a process
of its own, which has few seconds, little memory, no secrets, and gives way to all others.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import warnings

import zxingcpp
from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP")
MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 3000  # more than a telephone's photograph needs for a symbol of 2 cm
_MOST_SYMBOLS = 20
_CPU_SECONDS = 6
_SECONDS = 30
_MEMORY = 2 * 1024**3
_GIVES_WAY = 10  # as `nice` counts


class QrError(ValueError):
    """A picture that is not looked at. `code` is `picture_too_large`, `picture_unreadable` or `picture_too_hard`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_qr(data: bytes) -> list[str]:
    """The texts of the QR symbols in a picture (PNG, JPEG, GIF, BMP), each once. Raises QrError."""
    reader = [sys.executable, "-P", "-m", "yichuan.lib.qr", str(_CPU_SECONDS)]
    try:
        done = subprocess.run(reader, input=data, capture_output=True, env={}, timeout=_SECONDS, check=True)  # noqa: S603
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as problem:
        raise QrError("picture_too_hard", "the picture took more time or memory than any symbol needs") from problem
    if "code" in said:
        raise QrError(said["code"], said["message"])
    return [str(text) for text in said["texts"]]


def read_here(data: bytes) -> list[str]:
    """The same in this process, without a bound on its time."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise QrError("picture_too_large", f"the picture has more than {MOST_PIXELS} pixels")
            image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            grey = image.convert("L")
            grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    except QrError:
        raise
    except Exception as problem:  # whatever Pillow says of bytes that are no picture
        raise QrError("picture_unreadable", f"the picture cannot be read: {problem}") from problem
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return list(dict.fromkeys(each.text for each in found[:_MOST_SYMBOLS]))


def _answer(cpu_seconds: int) -> None:
    """The process that reads: a picture comes in, what was found goes out as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    os.nice(_GIVES_WAY)
    try:
        said: dict[str, object] = {"texts": read_here(sys.stdin.buffer.read())}
    except QrError as problem:
        said = {"code": problem.code, "message": str(problem)}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    _answer(int(sys.argv[1]))
