"""Sheets of every form of official document, and rulers: where ink and rules lie on the page, in millimetres."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from support.gongwen import SENTENCE, document, font_set, paragraph
from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import Typeset, typeset

MM = grid.MM
LINE = grid.PITCH / MM  # from one line to the next, mm
HEIGHT_3 = grid.SIZE_3 / MM  # a character of 3号, mm
RIGHT_MM = grid.LEFT_MM + grid.WIDTH_MM


@dataclass(frozen=True)
class Ink:
    """A box on a page (from 0), mm from its top left; ``text`` is one character or, for a rule, empty."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def characters(pdf: bytes) -> list[Ink]:
    """Every visible character's ink, in the order of the content."""
    found = []
    for number, page in _pages(pdf):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
            if char.isspace() or pdfium.FPDFText_IsGenerated(text.raw, index):
                continue
            box = [ctypes.c_double() for _ in range(4)]
            pdfium.FPDFText_GetCharBox(text.raw, index, *box)
            left, right, bottom, top = (value.value for value in box)
            found.append(_ink(number, page.get_height(), (left, bottom, right, top), char))
        text.close()
    return found


def rules(pdf: bytes, page: int = 0) -> list[Ink]:
    """Horizontal rules of a page from top to bottom, as thick as they are drawn (pdfium doubles a line's width)."""
    found = []
    for number, sheet in _pages(pdf):
        if number == page:
            for thing in sheet.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,)):
                box = thing.get_bounds()
                half = (box[3] - box[1]) / 4
                if half < 2 and box[2] - box[0] > 100 * MM:
                    exact = (box[0] + 2 * half, box[1] + half, box[2] - 2 * half, box[3] - half)
                    found.append(_ink(number, sheet.get_height(), exact, ""))
    return sorted(found, key=lambda rule: rule.top)


def painted(pdf: bytes, page: int, left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    """Left, top, right and bottom of what is painted within a box on the page, measured at 600 dpi."""
    scale = 600 / 25.4
    for number, sheet in _pages(pdf):
        if number == page:
            picture = sheet.render(scale=600 / 72).to_pil().convert("L")
            window = picture.crop(tuple(round(edge * scale) for edge in (left, top, right, bottom)))
            box = window.point(lambda value: 255 if value < 200 else 0).getbbox()
            assert box is not None, "nothing is painted there"
            return tuple(edge / scale + start for edge, start in zip(box, (left, top, left, top), strict=True))
    raise AssertionError(f"there is no page {page}")


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    return [(round(page.get_width() / MM, 1), round(page.get_height() / MM, 1)) for _, page in _pages(pdf)]


def words(pdf: bytes, text: str, page: int = 0) -> list[Ink]:
    """The ink of the first place on a page where the characters of ``text`` follow each other."""
    here = [ink for ink in characters(pdf) if ink.page == page]
    shown = "".join(ink.text for ink in here)
    start = shown.index(text)
    return here[start : start + len(text)]


def _pages(pdf: bytes) -> Iterator[tuple[int, pypdfium2.PdfPage]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield from enumerate(document)
    finally:
        document.close()


def _ink(page: int, height: float, box: tuple[float, float, float, float], text: str) -> Ink:
    left, bottom, right, top = box
    return Ink(page, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM, text)


def sample(name: str) -> dict[str, Any]:
    """A whole document of one form, as an office would write it: upward, letter, order, minutes."""
    obj: dict[str, Any] = json.loads((Path(__file__).parent / "sheets_of_forms" / f"{name}.json").read_text("utf-8"))
    return obj


def letter(**changes: Any) -> dict[str, Any]:
    obj = document(
        form="letter",
        issuer_mark="江门市人民政府办公室",
        doc_no="江府办函〔2008〕12号",
        title="关于同意调整试点单位的复函",
        recipients="市信息产业局",
        printer=None,
        print_date=None,
    )
    return _changed(obj, changes)


def order(**changes: Any) -> dict[str, Any]:
    obj = {
        "form": "order",
        "issuer_mark": "江门市人民政府令",
        "serial": "第3号",
        "body": [paragraph("现公布《江门市电子公文交换管理办法》，自2008年7月1日起施行。")],
        "issuers": ["江门市人民政府"],
        "date": "2008-05-23",
        "signatures": [{"post": "市长", "name": "张三"}],
    }
    return _changed(obj, changes)


def minutes(**changes: Any) -> dict[str, Any]:
    obj = {
        "form": "minutes",
        "issuer_mark": "江门市人民政府常务会议纪要",
        "serial": "第5期",
        "title": "关于研究电子公文交换工作的会议纪要",
        "body": [paragraph(SENTENCE)],
        "issuers": ["江门市人民政府办公室"],
        "date": "2008-05-23",
        "present": "张三、李四（市府办），王小五（市财政局），赵六（市信息产业局），钱七（市审计局）",
        "absent": "孙八（市保密局）",
        "observers": "周九（市档案馆）",
        "printer": "江门市人民政府办公室",
    }
    return _changed(obj, changes)


def make(obj: dict[str, Any]) -> Typeset:
    """Read and set."""
    return typeset(Gongwen.from_json(obj), font_set())


def _changed(obj: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A change to None takes the field away."""
    return {name: value for name, value in (obj | changes).items() if value is not None}
