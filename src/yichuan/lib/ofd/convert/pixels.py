"""Samples of a PDF image as pixels, through PDFium: every filter and colour space that it knows, masks left aside."""

import io
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, UnidentifiedImageError

from ..errors import OfdError
from ..pdfium import PDFIUM
from .streams import filters_of, stream_bytes

_PLAIN = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
_PLAIN |= {"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
_PILLOW = frozenset({"/DCTDecode", "/DCT", "/JPXDecode"})


def decode(image: Any, components: int, changes: dict[str, Any] | None = None) -> Image.Image:
    """The image as L, RGB or, masked by a range of colours, RGBA; a stencil as L, 255 where it paints.

    `changes` replace entries of its dictionary (None takes one out). Raises OfdError `unsupported_image`.
    """
    _check(image, components)
    data = _alone(image, {"/SMask": None, **(changes or {})})
    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(data)
            try:
                (drawn,) = (each for each in document[0].get_objects() if isinstance(each, pypdfium2.PdfImage))
                bitmap = drawn.get_bitmap(render=False)
                picture: Image.Image = bitmap.to_pil().copy()
                return picture
            finally:
                document.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise OfdError("unsupported_image", f"An image cannot be unpacked: {error}.") from error


def _alone(image: Any, changes: dict[str, Any]) -> bytes:
    """A PDF of one page that shows the image and nothing else."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(10, 10))
        copy = pdf.copy_foreign(image)
        for key, value in changes.items():
            if value is not None:
                copy[key] = transplant(value, pdf)
            elif key in copy:
                del copy[key]
        copy.Type, copy.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=copy))
        pdf.pages[0].Contents = pdf.make_stream(b"/I Do")
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def transplant(obj: Any, pdf: pikepdf.Pdf) -> Any:
    """An object of one PDF for use in another."""
    if isinstance(obj, pikepdf.Object) and obj.is_indirect:
        return pdf.copy_foreign(obj)
    if isinstance(obj, pikepdf.Array):
        return pikepdf.Array([transplant(each, pdf) for each in obj])
    if isinstance(obj, pikepdf.Dictionary):
        return pikepdf.Dictionary({key: transplant(value, pdf) for key, value in obj.items()})
    return obj


def _check(image: Any, components: int) -> None:
    """PDFium paints what is missing black; what is missing is refused here."""
    filters = filters_of(image)
    if set(filters) <= _PLAIN:
        bits = 1 if image.get("/ImageMask", False) else int(image.get("/BitsPerComponent", 8))
        row = -(-int(image.Width) * components * bits // 8)
        data = stream_bytes(image, max(2 * row * int(image.Height), 1 << 20))
        if len(data) < row * int(image.Height):
            raise OfdError("unsupported_image", "An image holds fewer pixels than it says.")
    elif len(filters) == 1 and filters[0] in _PILLOW:
        try:
            Image.open(io.BytesIO(image.read_raw_bytes())).load()
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError) as error:
            raise OfdError("unsupported_image", f"An image is damaged: {error}.") from error
