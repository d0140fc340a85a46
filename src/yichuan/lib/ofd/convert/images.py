"""Images of a PDF as image files of an OFD; JPEG data is kept byte for byte, everything else becomes PNG."""

import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image, UnidentifiedImageError

from ..errors import Note, OfdError
from .pixels import decode
from .spaces import Space
from .state import Colour
from .streams import filters_of

_SAME = 2 / 255
_JPEG_FACTOR = 4
"""How much larger a JPEG may be that is carried unopened."""


@dataclass(frozen=True)
class PageImage:
    """An image file to store: its bytes, its format (PNG or JPEG), and what is to be known of it."""

    data: bytes
    format: str
    notes: tuple[Note, ...] = ()

    @property
    def suffix(self) -> str:
        """The file name's ending."""
        return ".jpg" if self.format == "JPEG" else ".png"


def read_image(
    obj: Any, stencil: Colour, space_of: Callable[[Any], Space], named: Callable[[Any], Any], most_pixels: int
) -> PageImage:
    """The image of an XObject; `stencil` is the colour an image mask is painted in, `named` finds a colour space that
    an inline image calls by a name of the page.

    Raises OfdError `unsupported_image` for what neither format can hold unchanged.
    """
    pixels = int(obj.Width) * int(obj.Height)
    if obj.get("/ImageMask", False):
        _bound(pixels, most_pixels)
        return _stencilled(decode(obj, 1), stencil)
    space = space_of(named(obj.ColorSpace)) if "/ColorSpace" in obj else None
    mask, soft = obj.get("/Mask"), obj.get("/SMask")
    if mask is None and soft is None and _is_plain_jpeg(obj, space):
        _bound(pixels, most_pixels * _JPEG_FACTOR)
        return PageImage(bytes(obj.read_raw_bytes()), "JPEG")
    _bound(pixels, most_pixels)
    if int(obj.get("/SMaskInData", 0)):
        raise OfdError("unsupported_image", "A JPEG 2000 image carries its own transparency; flatten it.")
    changes = {"/ColorSpace": named(obj.ColorSpace)} if space is not None else {}
    picture = decode(obj, space.count if space else 1, {**changes, "/Mask": _colour_key(mask, soft)})
    if isinstance(mask, pikepdf.Array) and soft is None and picture.mode != "RGBA":
        # PDFium masks by colour only where samples are colours; for a palette they are looked at as greys.
        keyed = decode(obj, 1, {"/ColorSpace": pikepdf.Name.DeviceGray, "/Decode": None})
        if keyed.mode != "RGBA":
            raise OfdError("unsupported_image", "An image is masked by a range of colours; flatten it.")
        picture.putalpha(keyed.getchannel("A"))
    notes: tuple[Note, ...] = ()
    if space is not None and space.count == 4:
        notes = (Note("colour_converted", "An image in CMYK is carried in RGB: OFD has no such images."),)
    for each in (soft, None if soft is not None or isinstance(mask, pikepdf.Array) else mask):
        if each is not None:
            _bound(int(each.Width) * int(each.Height), most_pixels)
            picture = _masked(picture, each)
    if int(obj.get("/BitsPerComponent", 8)) == 1 and picture.mode == "L":
        picture = picture.convert("1")
    return PageImage(_png(picture), "PNG", notes)


def _bound(pixels: int, most: int) -> None:
    if pixels > most:
        raise OfdError("unsupported_image", f"An image has more than {most} pixels; scan it coarser.")


def _colour_key(mask: Any, soft: Any) -> Any:
    return mask if isinstance(mask, pikepdf.Array) and soft is None else None


def _is_plain_jpeg(obj: Any, space: Space | None) -> bool:
    """Whether the JPEG shows the same everywhere: grey or RGB near sRGB, decoded as it stands."""
    if filters_of(obj) not in (["/DCTDecode"], ["/DCT"]) or ("/Decode" in obj and not _straight(obj.Decode)):
        return False
    if obj.get("/DecodeParms") is not None or space is None or not same_as_screen(space):
        return False
    try:
        mode = Image.open(io.BytesIO(obj.read_raw_bytes())).mode
    except (OSError, UnidentifiedImageError) as error:
        raise OfdError("unsupported_image", f"A JPEG image is damaged: {error}.") from error
    return mode == {1: "L", 3: "RGB"}.get(space.count)


def _straight(values: Any) -> bool:
    return [float(each) for each in values] == [0.0, 1.0] * (len(values) // 2)


def same_as_screen(space: Space) -> bool:
    """Whether samples of this space are grey or sRGB as they stand, as near as eyes can tell."""
    if space.plain or space.count not in (1, 3) or space.ranges:
        return space.plain and space.count in (1, 3)
    probes = itertools.product((0.0, 0.25, 0.5, 0.75, 1.0), repeat=space.count)
    return all(
        abs(a - b) <= _SAME
        for probe in probes
        for a, b in zip((probe * 3)[:3], (space.colour(probe).parts * 3)[:3], strict=True)
        if len(space.colour(probe).parts) in (1, 3)
    )


def _masked(picture: Image.Image, mask: Any) -> Image.Image:
    """The picture with a soft mask, or a stencil, as its alpha; the finer of the two gives the size."""
    if "/Matte" in mask:
        raise OfdError("unsupported_image", "An image is mixed with the colour around it (Matte); flatten it.")
    stencil = bool(mask.get("/ImageMask", False))
    alpha = decode(mask, 1).convert("L")
    size = (max(picture.width, alpha.width), max(picture.height, alpha.height))
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.NEAREST)
    if alpha.size != size:
        alpha = alpha.resize(size, Image.Resampling.NEAREST if stencil else Image.Resampling.BILINEAR)
    picture = picture.convert("LA" if picture.mode == "L" else "RGBA")
    picture.putalpha(alpha)
    return picture


def _stencilled(mask: Image.Image, colour: Colour) -> PageImage:
    """A mask as one colour that is there or not: a palette of two entries, the first unseen."""
    parts = _rgb(colour)
    picture = mask.point([0] * 128 + [1] * 128).convert("L")
    picture.putpalette(parts * 2)
    out = io.BytesIO()
    picture.save(out, "PNG", bits=1, transparency=bytes([0, 255]), compress_level=6)
    return PageImage(out.getvalue(), "PNG")


def _rgb(colour: Colour) -> list[int]:
    """Red, green, blue from 0 to 255; CMYK is mixed as ink on white."""
    parts = colour.parts
    if len(parts) == 4:
        parts = tuple((1 - part) * (1 - parts[3]) for part in parts[:3])
    return [round(max(0.0, min(1.0, part)) * 255) for part in (parts * 3 if len(parts) == 1 else parts)]


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()
