"""QR symbols in a picture of paper: a photograph, a scan."""

from __future__ import annotations

import io
import warnings

import zxingcpp
from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP")
MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 3000  # more than a telephone's photograph needs for a symbol of 2 cm
_MOST_SYMBOLS = 20


class QrError(ValueError):
    """A picture that is not looked at. `code` is `picture_too_large` or `picture_unreadable`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_qr(data: bytes) -> list[str]:
    """The texts of the QR symbols in a picture (PNG, JPEG, GIF, BMP), each once. Raises QrError."""
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
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    return list(dict.fromkeys(each.text for each in found[:_MOST_SYMBOLS]))
