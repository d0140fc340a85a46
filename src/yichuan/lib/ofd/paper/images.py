"""Images as PDF objects (ISO 32000-1 clause 8.9): their data as it is wherever a PDF can hold it."""

import hashlib
import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String
from PIL import Image, ImageChops

from ..errors import OfdError
from ..scene.model import Picture
from .vector import vector_form

_MOST_PIXELS = 80_000_000
_KEPT_BYTES = 256 * 1024
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_FAULTS = (OSError, ValueError, SyntaxError, TypeError, LookupError, OverflowError, struct.error)
_Body = tuple[bytes, dict[str, Any]]


@dataclass
class Images:
    """The images of one PDF, each written once however often it is shown."""

    pdf: pikepdf.Pdf
    note: Callable[[str, str], None]
    _known: dict[bytes, Object | None] = field(default_factory=dict)

    def image(self, picture: Picture) -> Object | None:
        """The XObject of a picture, over the unit square with y upwards; None (noted) when it cannot be shown."""
        key = _digest(picture)
        if key not in self._known:
            try:
                self._known[key] = self._made(picture)
            except OfdError as error:
                self.note(error.code, error.message)
                self._known[key] = None
        return self._known[key]

    def _made(self, picture: Picture) -> Object:
        if picture.kind == "svg":
            return vector_form(self.pdf, picture)
        if max(picture.width * picture.height, _area(picture.mask)) > _MOST_PIXELS:
            raise OfdError("image_too_large", f"The image has {picture.width} x {picture.height} pixels.")
        (data, entries), alpha = _body(picture)
        mask = _body(picture.mask, grey=True)[0] if picture.mask is not None else None
        if alpha is not None:
            if picture.mask is not None:
                own = Image.open(io.BytesIO(alpha))
                alpha = _file(ImageChops.multiply(own, _opened(picture.mask).convert("L").resize(own.size)))
            mask = _written(alpha)
        image = self._stream(data, entries)
        if mask is not None:
            image.SMask = self._stream(*mask)
        return image

    def _stream(self, data: bytes, entries: dict[str, Any]) -> Object:
        stream = Stream(self.pdf, data, entries | {"/Type": Name.XObject, "/Subtype": Name.Image})
        return self.pdf.make_indirect(stream)


def _digest(picture: Picture) -> bytes:
    mask = _digest(picture.mask) if picture.mask is not None else b""
    return picture.kind.encode() + hashlib.blake2b(picture.data, digest_size=20).digest() + mask


def _area(picture: Picture | None) -> int:
    return picture.width * picture.height if picture is not None else 0


def _body(picture: Picture, *, grey: bool = False) -> tuple[_Body, bytes | None]:
    """The data and entries of an image, and its transparency (a PNG file) if it has one. With `grey` it is made grey.

    Raises OfdError `image_unsupported`.
    """
    if picture.kind == "jbig2":
        entries = _entries(picture.width, picture.height, 1, Name.DeviceGray)
        return (picture.data, entries | {"/Filter": Name.JBIG2Decode}), None
    try:
        if picture.kind == "png" and (passed := _passed(picture.data, grey=grey)) is not None:
            return passed, None
        image = _opened(picture)
        if picture.kind == "jpeg" and image.mode in (("L",) if grey else ("L", "RGB")):
            entries = _entries(*image.size, 8, Name.DeviceGray if image.mode == "L" else Name.DeviceRGB)
            return (picture.data, entries | {"/Filter": Name.DCTDecode}), None
        if grey:
            return _png(image.convert("L")), None
        if image.has_transparency_data:
            parted = _parted if len(picture.data) <= _KEPT_BYTES else _parted.__wrapped__
            colours, alpha = parted(picture.kind, picture.data)
            return _written(colours), alpha
        return _png(image if image.mode in ("1", "L", "P", "RGB") else image.convert("RGB")), None
    except _FAULTS as error:
        raise OfdError("image_unsupported", f"The image cannot be read ({error}).") from error


@lru_cache(maxsize=16)
def _parted(kind: str, data: bytes) -> tuple[bytes, bytes]:
    """A transparent image's colours and its transparency as two PNG files, which follow from its bytes alone: the
    picture of a seal stands on every letter of its unit."""
    image = Image.open(io.BytesIO(data), formats=(kind.upper(),)).convert("RGBA")
    return _file(image.convert("RGB")), _file(image.getchannel("A"))


def _opened(picture: Picture) -> Image.Image:
    if picture.kind == "jbig2":
        raise OfdError("image_unsupported", "A JBIG2 image cannot hide parts of an image with transparency of its own.")
    return Image.open(io.BytesIO(picture.data), formats=(picture.kind.upper(),))


def _entries(width: int, height: int, bits: int, colours: Object) -> dict[str, Any]:
    return {"/Width": width, "/Height": height, "/BitsPerComponent": bits, "/ColorSpace": colours}


def _png(image: Image.Image) -> _Body:
    """An image as the data of a PNG file."""
    return _written(_file(image))


def _file(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _written(file: bytes) -> _Body:
    """The data of a PNG file that was made here."""
    passed = _passed(file, grey=False)
    if passed is None:
        raise OfdError("image_unsupported", "An image of this mode cannot be written.")
    return passed


def _passed(data: bytes, *, grey: bool) -> _Body | None:
    """The data of a PNG file as a PDF reads it; None where it is interlaced, transparent or damaged."""
    body, palette = [], b""
    width = height = bits = kind = 0
    for tag, chunk in _chunks(data):
        match tag:
            case b"IHDR":
                width, height, bits, kind, _, _, interlaced = struct.unpack(">LLBBBBB", chunk)
                if interlaced or kind not in (_GREY, _RGB, _PALETTE) or (grey and kind != _GREY):
                    return None
            case b"tRNS":
                return None
            case b"PLTE":
                palette = chunk
            case b"IDAT":
                body.append(chunk)
    if not body or not bits or (kind == _PALETTE and not palette):
        return None
    colours: Object = Name.DeviceRGB if kind == _RGB else Name.DeviceGray
    if kind == _PALETTE:
        palette = palette[: 3 << bits]
        colours = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, String(palette)])
    parameters = Dictionary(Predictor=15, Colors=3 if kind == _RGB else 1, BitsPerComponent=bits, Columns=width)
    entries = _entries(width, height, bits, colours)
    return b"".join(body), entries | {"/Filter": Name.FlateDecode, "/DecodeParms": parameters}


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG_HEAD)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += 12 + length
