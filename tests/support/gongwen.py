"""Help for tests of typesetting: documents to set, and where each character of the PDF stands on the grid."""

from __future__ import annotations

import ctypes
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import Typeset, typeset

_ASCENT = 0.88 * grid.SIZE_3  # from a row's top to its baseline
SENTENCE = "各单位要加强组织领导，明确责任分工，确保各项工作落到实处。"


def font_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yichuan" / "fonts"


@cache
def font_set() -> FontSet:
    return FontSet.find(None, font_cache())


def paragraph(text: str = SENTENCE) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


def document(**changes: Any) -> dict[str, Any]:
    """A short valid document; a change to None takes the field away."""
    obj: dict[str, Any] = {
        "issuer_mark": "江门市人民政府办公室文件",
        "doc_no": "江府办〔2008〕45号",
        "title": "关于做好电子公文交换工作的通知",
        "recipients": "各市、区人民政府，市直各单位",
        "body": [paragraph()],
        "issuers": ["江门市人民政府办公室"],
        "date": "2008-05-23",
        "copy_recipients": "市委有关部委办，市人大办，市政协办，市纪委办，市中级法院，市检察院",
        "printer": "江门市人民政府办公室",
        "print_date": "2008-05-26",
    }
    return {name: value for name, value in (obj | changes).items() if value is not None}


def founding_document() -> Gongwen:
    return Gongwen.from_json(json.loads(files("yichuan.demo").joinpath("data/44.json").read_text("utf-8")))


def set_document(**changes: Any) -> Typeset:
    return typeset(Gongwen.from_json(document(**changes)), font_set())


@dataclass(frozen=True)
class PrintedLine:
    """Characters of one baseline: ``row`` and each ``x`` in cells of the grid, from the text block's top left."""

    page: int
    row: float
    chars: tuple[tuple[float, str], ...]

    @property
    def text(self) -> str:
        return "".join(char for _, char in self.chars)


def printed_lines(pdf: bytes) -> list[PrintedLine]:
    """Every baseline of the PDF, page by page from top to bottom, its characters from left to right."""
    lines = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document):
            height = page.get_height()
            rows: dict[float, list[tuple[float, str]]] = defaultdict(list)
            for x, y, char in _characters(page):
                row = (height - y - grid.TOP_MM * grid.MM - _ASCENT) / grid.PITCH
                rows[round(row, 2)].append((round((x - grid.LEFT_MM * grid.MM) / grid.CELL, 3), char))
            lines += [PrintedLine(number, row, tuple(sorted(chars))) for row, chars in sorted(rows.items())]
    finally:
        document.close()
    return lines


def _characters(page: pypdfium2.PdfPage) -> list[tuple[float, float, str]]:
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
        char = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
        if char not in "\r\n" and not pdfium.FPDFText_IsGenerated(text.raw, index):
            found.append((x.value, y.value, char))
    text.close()
    return found


def line_with(pdf: bytes, text: str) -> PrintedLine:
    """The one line of the PDF that holds the text."""
    (line,) = [line for line in printed_lines(pdf) if text in line.text]
    return line


def page_text(pdf: bytes, page: int) -> str:
    return "\n".join(line.text for line in printed_lines(pdf) if line.page == page)
