"""Pages of an OFD as PNG, through their PDF and PDFium."""

import io

import pypdfium2

from ..errors import OfdError
from ..package import Package
from ..pdfium import PDFIUM
from ..scene.fonts import FontResolver
from .pages import ofd_to_pdf

_MOST_PIXELS = 80_000_000
_COMPRESSION = 3  # a third of the time of the usual 6, a tenth more bytes
_FEWEST_DPI, _MOST_DPI = 10, 1200


def page_to_png(
    package: Package,
    page_index: int,
    *,
    dpi: float = 150,
    fonts: FontResolver | None = None,
    stamps: bool = True,
) -> bytes:
    """A page (from 0) as a PNG on white, RGB, `dpi` pixels to the inch (10 to 1200) rounded up to whole pixels.

    `fonts` and `stamps` as in `ofd_to_pdf`. Raises OfdError: `dpi_invalid`, `picture_too_large` over 80 million
    pixels, and what `ofd_to_pdf` raises.
    """
    if not _FEWEST_DPI <= dpi <= _MOST_DPI:
        raise OfdError("dpi_invalid", f"A picture of {dpi} dpi is not made; ask for {_FEWEST_DPI} to {_MOST_DPI}.")
    return pdf_page_to_png(ofd_to_pdf(package, pages=[page_index], fonts=fonts, stamps=stamps), 0, dpi=dpi)


def pdf_page_to_png(pdf: bytes, page_index: int, *, dpi: float = 150) -> bytes:
    """The same of a page of a PDF. Raises OfdError `picture_too_large` or `pdf_invalid`."""
    out = io.BytesIO()
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise OfdError("pdf_invalid", f"The PDF cannot be read ({error}).") from error
        try:
            page = document[page_index]
            width, height = (side * dpi / 72 for side in page.get_size())
            if width * height > _MOST_PIXELS:
                raise OfdError("picture_too_large", f"The page has {width:.0f} x {height:.0f} pixels at {dpi} dpi.")
            bitmap = page.render(scale=dpi / 72)
            bitmap.to_pil().convert("RGB").save(out, "PNG", compress_level=_COMPRESSION, dpi=(dpi, dpi))
        finally:
            document.close()
    return out.getvalue()
