"""PDF to OFD: text stays text with its embedded fonts, lines stay lines, images stay images.

What OFD cannot carry as it looks (shadings, patterns, soft masks, blend modes, Type 3 fonts, ...) is refused
by name; a page is never changed unseen.
"""

import io
from typing import Any

import pikepdf

from ..errors import OfdError
from ..geometry import Matrix
from ..model import DocumentInfo
from .canvas import Canvas, Resources
from .content import Interpreter
from .state import State
from .writer import WrittenPage, write_document

__all__ = ["pdf_to_ofd"]

_PDF_ERRORS = (
    pikepdf.PdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
_MM_PER_POINT = 25.4 / 72


def pdf_to_ofd(pdf: bytes, *, info: DocumentInfo) -> bytes:
    """The OFD package (GB/T 33190-2016) of a PDF; the same input always gives the same bytes.

    `info` gives title, author, date and DocID (32 hexadecimal digits; drawn from the PDF when empty).
    Raises OfdError: `pdf_invalid`, `pdf_encrypted`, `font_not_embedded`, `font_damaged`, and `unsupported_*`
    with the page's number and the thing that OFD cannot carry.
    """
    try:
        source = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError as error:
        raise OfdError("pdf_encrypted", "The PDF wants a password; save it without.") from error
    except pikepdf.PdfError as error:
        raise OfdError("pdf_invalid", f"The PDF cannot be read: {error}.") from error
    with source:
        resources = Resources()
        pages: list[WrittenPage] = []
        for index, page in enumerate(source.pages):
            try:
                pages.append(_page(page, resources))
            except OfdError as error:
                raise OfdError(error.code, f"Page {index + 1}: {error.message}") from error
            except _PDF_ERRORS as error:
                raise OfdError("pdf_invalid", f"Page {index + 1} cannot be read: {error!r}.") from error
        if not pages:
            raise OfdError("pdf_invalid", "The PDF has no page.")
        return write_document(info, pages, resources, pdf)


def _page(page: Any, resources: Resources) -> WrittenPage:
    if "/Annots" in page and any(_visible(annotation) for annotation in page.Annots):
        raise OfdError("unsupported_annotation", "The page has annotations that are drawn; flatten them first.")
    left, bottom, right, top = (float(each) for each in page.cropbox)
    unit = float(page.get("/UserUnit", 1)) * _MM_PER_POINT
    width, height = (right - left) * unit, (top - bottom) * unit
    base: Matrix
    match int(page.get("/Rotate", 0)) % 360:
        case 0:
            base = (unit, 0.0, 0.0, -unit, -left * unit, top * unit)
        case 90:
            base = (0.0, unit, unit, 0.0, -bottom * unit, -left * unit)
            width, height = height, width
        case 180:
            base = (-unit, 0.0, 0.0, unit, right * unit, -bottom * unit)
        case _:
            base = (0.0, -unit, -unit, 0.0, top * unit, right * unit)
            width, height = height, width
    canvas = Canvas(resources, base)
    Interpreter(canvas, page.resources, State()).run(page)
    return WrittenPage(width, height, canvas.objects)


def _visible(annotation: Any) -> bool:
    """Links draw nothing; whatever has an appearance does."""
    return annotation.get("/Subtype") != pikepdf.Name.Link and "/AP" in annotation
