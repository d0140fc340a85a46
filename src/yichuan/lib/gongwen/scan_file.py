"""Opening the file of a scan or photo: bounded before anything is decoded, upright, on white."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

from PIL import Image, UnidentifiedImageError

from yichuan.lib.gongwen.errors import GongwenError

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF")
MOST_BYTES = 32 * 2**20
MOST_PIXELS = 35_000_000  # A4 at 600 dpi has 34.8 million
_LARGE = 16_000_000  # pixels above which a picture that must be written anew is halved first, to bound the memory
LEAST_DPI, MOST_DPI = 72, 4800
_COLOUR = {"RGB", "RGBA", "RGBX", "P", "PA", "CMYK", "YCbCr", "LAB", "HSV"}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders are known to raise of damaged files.
_DAMAGE = (
    *(OSError, ValueError, SyntaxError, TypeError, ArithmeticError, LookupError, EOFError, RuntimeError),
    *(AttributeError, struct.error, zlib.error),
)


def open_scan(data: bytes) -> tuple[Image.Image, float | None]:
    """The picture in RGB, turned as the camera held it, and the dots to the inch that the file states, if any.

    :param data: a PNG, JPEG, BMP, TIFF or GIF of at most 32 MiB and 35 million pixels; of several pages the first.
    :raises GongwenError: ``scan_format``, ``scan_too_large``, ``scan_not_red`` for one without colours, or
        ``scan_damaged``.
    """
    if len(data) > MOST_BYTES:
        raise GongwenError("scan_too_large", "$.scan", f"the file has over {MOST_BYTES // 2**20} MiB; scan at 600 dpi")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tags it cannot read; what matters is checked here
        try:
            opened = Image.open(io.BytesIO(data), formats=FORMATS)
        except (UnidentifiedImageError, Image.DecompressionBombError, *_DAMAGE) as error:
            code = "scan_too_large" if isinstance(error, Image.DecompressionBombError) else "scan_format"
            raise GongwenError(code, "$.scan", "the file is no PNG, JPEG, BMP, TIFF or GIF that can be read") from error
        _check(opened)
        try:
            return _read(opened)
        except GongwenError:
            raise
        except (Image.DecompressionBombError, *_DAMAGE) as error:
            raise GongwenError("scan_damaged", "$.scan", "the picture is damaged; scan it again") from error


def _read(opened: Image.Image) -> tuple[Image.Image, float | None]:
    dpi, turn = _dpi(opened), _turn(opened)
    opened.load()
    _check(opened)  # a GIF may grow while it is read
    image = opened
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image)
        image = white
    if (turn is not None or image.mode != "RGB") and image.width * image.height > _LARGE:
        image, dpi = image.reduce(2), dpi / 2 if dpi else None
    if image.mode != "RGB":
        image = image.convert("RGB")
    return (image if turn is None else image.transpose(turn)), dpi


def _check(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise GongwenError("scan_too_large", "$.scan", f"over {MOST_PIXELS} pixels; scan the imprint alone at 600 dpi")
    if opened.mode not in _COLOUR:
        raise GongwenError("scan_not_red", "$.scan", "the picture has no colours; scan the imprint in colour")


def _turn(opened: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
    except _DAMAGE:
        return None  # a picture with damaged notes is a picture still


def _dpi(opened: Image.Image) -> float | None:
    stated = opened.info.get("dpi")
    if not isinstance(stated, tuple) or len(stated) != 2:
        return None
    try:
        across, down = float(stated[0]), float(stated[1])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return across if LEAST_DPI < across <= MOST_DPI and abs(across - down) <= across / 50 else None
