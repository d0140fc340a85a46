"""Sheets of a PDF, as PDFium finds its text and lines."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from yichuan.lib.gongwen.grid import MM
from yichuan.lib.gongwen.reading.result import ReadingError
from yichuan.lib.gongwen.sheets.model import Glyph, Rule, Sheet, sane
from yichuan.lib.ofd.pdfium import PDFIUM

_THICKEST = 2.0
_SHORTEST = 2.0
_MOST_PAGES = 1_000
_MOST_GLYPHS = 1_000_000


def sheets_of_pdf(data: bytes) -> tuple[Sheet, ...]:
    """Every page of the document; signature fields with a face count as seals.

    :raises ReadingError: ``pdf_unreadable`` (damaged, or with a password), ``too_large``.
    """
    with PDFIUM:
        return _sheets(data)


def _sheets(data: bytes) -> tuple[Sheet, ...]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ReadingError("pdf_unreadable", f"the PDF is damaged or has a password: {error}") from error
    try:
        if len(document) > _MOST_PAGES:
            raise ReadingError("too_large", f"the PDF has {len(document)} pages, at most {_MOST_PAGES} are checked")
        sheets = []
        left = _MOST_GLYPHS
        for page in document:
            sheet = _sheet(page, left)
            left -= len(sheet.glyphs)
            sheets.append(sheet)
        return tuple(sheets)
    except pypdfium2.PdfiumError as error:
        raise ReadingError("pdf_unreadable", f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def _sheet(page: pypdfium2.PdfPage, most: int) -> Sheet:
    width, height = page.get_size()
    left, _, _, top = page.get_cropbox()
    text = page.get_textpage()
    if text.count_chars() > most:
        raise ReadingError("too_large", f"the PDF has more than {_MOST_GLYPHS} characters")
    glyphs = tuple(_glyphs(text, left, top))
    rules = tuple(rule for each in page.get_objects(max_depth=4) if (rule := _rule(each, left, top)))
    return Sheet(width / MM, height / MM, glyphs, rules, tuple(_seals(page, left, top)))


def _glyphs(text: pypdfium2.PdfTextPage, left: float, top: float) -> Iterator[Glyph]:
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    colours = [ctypes.c_uint() for _ in range(4)]
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        if pdfium.FPDFText_IsGenerated(text.raw, index) or not code or not chr(code).strip():
            continue
        pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
        pdfium.FPDFText_GetMatrix(text.raw, index, matrix)
        pdfium.FPDFText_GetFontInfo(text.raw, index, name, len(name), flags)
        pdfium.FPDFText_GetFillColor(text.raw, index, *colours)
        size = pdfium.FPDFText_GetFontSize(text.raw, index) * math.hypot(matrix.c, matrix.d)
        if not sane(x.value, y.value, size):
            continue
        red, green, blue = (each.value for each in colours[:3])
        font = name.value.decode("utf-8", "replace").rpartition("+")[2]
        yield Glyph(chr(code), (x.value - left) / MM, (top - y.value) / MM, size, font, (red, green, blue))


def _rule(item: pypdfium2.PdfObject, left: float, top: float) -> Rule | None:
    if item.type != pdfium.FPDF_PAGEOBJ_PATH:
        return None
    x0, y0, x1, y1 = item.get_bounds()
    if not sane(x0, y0, x1, y1) or (y1 - y0) / MM > _THICKEST or (x1 - x0) / MM < _SHORTEST:
        return None
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, fill, stroke)
    colours = [ctypes.c_uint() for _ in range(4)]
    get = pdfium.FPDFPageObj_GetStrokeColor if stroke.value else pdfium.FPDFPageObj_GetFillColor
    get(item.raw, *colours)
    red, green, blue = (each.value for each in colours[:3])
    return Rule((x0 - left) / MM, (x1 - left) / MM, (top - (y0 + y1) / 2) / MM, (y1 - y0) / MM, (red, green, blue))


def _seals(page: pypdfium2.PdfPage, left: float, top: float) -> Iterator[tuple[float, float, float, float]]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        try:
            box = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(annotation, box)
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            signature = pdfium.FPDFAnnot_GetFormFieldType(None, annotation) == pdfium.FPDF_FORMFIELD_SIGNATURE
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
        width, height = (box.right - box.left) / MM, (box.top - box.bottom) / MM
        if (signature or kind == pdfium.FPDF_ANNOT_STAMP) and width > 1 and height > 1:
            yield ((box.left - left) / MM, (top - box.top) / MM, width, height)
