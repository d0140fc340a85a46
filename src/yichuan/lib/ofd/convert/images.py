"""Images of a PDF as ImageObjects; JPEG data is kept byte for byte, everything else becomes PNG."""

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pikepdf
from PIL import Image

from ..errors import OfdError
from ..geometry import Matrix, apply, bounds_of, multiply, numbers
from .colour import components
from .state import Colour, State

if TYPE_CHECKING:
    from .canvas import Canvas

_LARGEST_PIXELS = 200_000_000


@dataclass(frozen=True)
class PageImage:
    """An image file to store: its bytes, and its format (PNG or JPEG)."""

    data: bytes
    format: str

    @property
    def suffix(self) -> str:
        """The file name's ending."""
        return ".jpg" if self.format == "JPEG" else ".png"


def read_image(obj: pikepdf.Object, stencil: Colour) -> PageImage:
    """The image of an XObject; `stencil` is the colour an image mask is painted in.

    Raises OfdError `unsupported_image` for what neither format can hold unchanged.
    """
    if int(obj.get("/Width", 0)) * int(obj.get("/Height", 0)) > _LARGEST_PIXELS:
        raise OfdError("unsupported_image", f"An image has more than {_LARGEST_PIXELS} pixels; scan it coarser.")
    if isinstance(obj.get("/Mask"), pikepdf.Array):
        raise OfdError("unsupported_image", "An image is masked by a range of colours; flatten it.")
    masked = bool(obj.get("/ImageMask", False))
    soft = obj.get("/SMask") or obj.get("/Mask")
    space = None if masked or "/ColorSpace" not in obj else obj.ColorSpace
    indexed = isinstance(space, pikepdf.Array) and str(space[0]) in ("/Indexed", "/I")
    count = 1 if space is None else components(space[1] if indexed else space)
    if count == 4:
        raise OfdError("unsupported_image", "An image is in CMYK; convert it to RGB.")
    if _is_jpeg(obj) and soft is None and not _inverted(obj):
        return PageImage(obj.read_raw_bytes(), "JPEG")
    try:
        picture = _pixels(obj)
        if masked:
            picture = _stencilled(picture, stencil, inverted=_inverted(obj))
        elif _inverted(obj):
            raise OfdError("unsupported_image", "An image has a Decode array; save it without.")
        elif soft is not None:
            picture = picture.convert("RGB")
            picture.putalpha(_mask(soft).resize(picture.size))
        out = io.BytesIO()
        picture.save(out, "PNG", compress_level=6)
    except (pikepdf.PdfError, NotImplementedError, OSError, zlib.error, ValueError) as error:
        if isinstance(error, OfdError):
            raise
        raise OfdError("unsupported_image", f"An image cannot be carried: {error}.") from error
    return PageImage(out.getvalue(), "PNG")


def paint_image(canvas: "Canvas", state: State, obj: pikepdf.Object) -> None:
    """Add the image; it fills the unit square of user space, its first row at the top."""
    from .canvas import clips_xml  # the canvas keeps images, so it imports this module first
    from .paths import box

    resource = canvas.resources.image(obj, state.fill)
    flip: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)
    matrix = multiply(flip, multiply(state.ctm, canvas.base))
    shape = bounds_of(apply(matrix, corner) for corner in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)))
    ctm: Matrix = (*matrix[:4], matrix[4] - shape[0], matrix[5] - shape[1])
    alpha = f' Alpha="{round(state.fill_alpha * 255)}"' if state.fill_alpha < 1 else ""
    clips = clips_xml(state.clips, shape, shape, ctm)
    head = f'<ofd:ImageObject ID="{canvas.resources.next_id()}" Boundary="{box(shape)}" CTM="{numbers(ctm, 6)}"'
    canvas.add(f'{head} ResourceID="{resource}"{alpha}' + (f">{clips}</ofd:ImageObject>" if clips else "/>"))


def _is_jpeg(obj: pikepdf.Object) -> bool:
    filters = obj.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return len(filters) == 1 and filters[0] == pikepdf.Name.DCTDecode
    return filters == pikepdf.Name.DCTDecode


def _inverted(obj: pikepdf.Object) -> bool:
    decode = obj.get("/Decode")
    return decode is not None and float(decode[0]) == 1.0


def _pixels(obj: pikepdf.Object) -> Image.Image:
    return pikepdf.PdfImage(cast(pikepdf.Stream, obj)).as_pil_image()


def _mask(obj: pikepdf.Object) -> Image.Image:
    mask = _pixels(obj).convert("L")
    stencil = bool(obj.get("/ImageMask", False))
    return mask.point([255 - value for value in range(256)]) if stencil != _inverted(obj) else mask


def _stencilled(mask: Image.Image, colour: Colour, *, inverted: bool) -> Image.Image:
    """Sample 0 paints, 1 leaves the page (ISO 32000-1, 8.9.6.2), unless Decode turns that round."""
    if len(colour.parts) == 4:
        raise OfdError("unsupported_image", "An image mask is painted in CMYK; use RGB.")
    parts = colour.parts * 3 if len(colour.parts) == 1 else colour.parts
    alpha = mask.convert("L")
    if not inverted:
        alpha = alpha.point([255 - value for value in range(256)])
    picture = Image.new("RGBA", mask.size, (*(round(part * 255) for part in parts), 0))
    picture.putalpha(alpha)
    return picture
