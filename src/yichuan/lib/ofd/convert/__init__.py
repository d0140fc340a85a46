"""PDF to OFD: text stays text with its embedded fonts, lines stay lines, images stay images.

What OFD cannot carry as it looks (soft masks, blending over other marks, fonts that are not embedded, ...) is refused
by name; a page is never changed unseen.
"""

import io
from typing import Any

import pikepdf

from ..errors import Note, OfdError
from ..model import DocumentInfo
from .contents import check_whole
from .fonts import FontFinder
from .interpreter import draw_cell
from .layers import Layers
from .resources import Bounds, Resources
from .sheets import convert_page
from .writer import WrittenPage, write_document

__all__ = ["Bounds", "FontFinder", "pdf_to_ofd"]

_PDF_ERRORS = (
    pikepdf.PdfError,
    pikepdf.ForeignObjectError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UserWarning,
    ValueError,
)
_MOST_PAGES = 10_000


def pdf_to_ofd(
    pdf: bytes,
    *,
    info: DocumentInfo,
    fonts: FontFinder = lambda name: None,
    bounds: Bounds | None = None,
    notes: list[Note] | None = None,
) -> bytes:
    """The OFD package (GB/T 33190-2016) of a PDF; the same input always gives the same bytes.

    `info` gives title, author, date and DocID (32 hexadecimal digits; drawn from the PDF when empty). `fonts` may find
    a TrueType or OpenType file for a font that is not embedded, by its PostScript name; one whose widths are not those
    of the PDF is not used. `notes` receives what the OFD does not hold as the PDF does: `signature_not_carried`,
    `colour_converted`.

    Raises OfdError: `pdf_invalid`, `pdf_encrypted`, `pdf_too_large`, `font_not_embedded`, `font_damaged`, and
    `unsupported_*` (annotation, blend, colour, font, form, function, group, image, mask, operator, pattern, shading,
    transfer) with the page's number, the thing that OFD cannot carry and the remedy.
    """
    try:
        source = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError as error:
        raise OfdError("pdf_encrypted", "The PDF wants a password; save it without.") from error
    except _PDF_ERRORS as error:
        raise OfdError("pdf_invalid", f"The PDF cannot be read: {error}.") from error
    with source:
        try:
            resources = Resources(fonts, Layers(source.Root), draw_cell, bounds or Bounds())
            pages = list(source.pages)
            missing = int(source.Root.Pages.get("/Count", 0)) - len(pages)
            form: Any = source.Root.get("/AcroForm", {})
            signed = _signed(form.get("/Fields", []))
        except _PDF_ERRORS as error:
            raise OfdError("pdf_invalid", f"The PDF cannot be read: {error!r}.") from error
        if not 0 < len(pages) <= _MOST_PAGES:
            raise OfdError("pdf_invalid", f"The PDF has {len(pages)} pages; 1 to {_MOST_PAGES} are carried.")
        if missing > 0:
            raise OfdError("pdf_invalid", f"The PDF lacks {missing} of its pages; save or send it again.")
        source.get_warnings()  # of opening it: a damaged table of objects is made anew without loss
        if signed:
            resources.note("signature_not_carried", "The PDF is signed; its signatures hold for the PDF alone.")
        written = [_carried(source, page, index, resources) for index, page in enumerate(pages)]
        result = write_document(info, written, resources, pdf)
    if notes is not None:
        notes += resources.notes
    return result


def _carried(source: pikepdf.Pdf, page: Any, index: int, resources: Resources) -> WrittenPage:
    try:
        written = convert_page(page, resources)
        check_whole(source)
        return written
    except OfdError as error:
        raise OfdError(error.code, f"Page {index + 1}: {error.message}") from error
    except _PDF_ERRORS as error:
        raise OfdError("pdf_invalid", f"Page {index + 1} cannot be read: {error!r}.") from error


def _signed(fields: Any, depth: int = 0) -> bool:
    """Whether a form field holds a signature."""
    return depth < 16 and any(
        (str(field.get("/FT")) == "/Sig" and "/V" in field) or _signed(field.get("/Kids", []), depth + 1)
        for field in fields
        if isinstance(field, pikepdf.Dictionary)
    )
