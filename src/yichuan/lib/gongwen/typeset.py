"""Typeset an official document: content in, PDF/A and the seals' places out (GB/T 9704-2012)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import typst

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item
from yichuan.lib.gongwen.fonts import BOLD_ROLES, ROLES, FontSet
from yichuan.lib.gongwen.model import Gongwen, iter_text
from yichuan.lib.gongwen.pictures import as_svg
from yichuan.lib.gongwen.sheet import Sheet, lay_out
from yichuan.lib.gongwen.signature import SealSpot
from yichuan.lib.gongwen.spans import split_spans
from yichuan.lib.gongwen.turning import finish_pages

Standard = Literal["a-2b", "a-3b", "a-4"]
_TEMPLATE = Path(__file__).with_name("gongwen.typ")
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class SealPosition:
    """Where a seal or, of ``kind`` "signature", a 签名章 belongs: page counted from 0, centre in mm from the page's top
    left, size in mm; ``issuer`` is the issuer's or the person's name.
    """

    page_index: int
    centre_x_mm: float
    centre_y_mm: float
    width_mm: float
    height_mm: float
    issuer: str
    kind: Literal["seal", "signature"] = "seal"

    @property
    def diameter_mm(self) -> float:
        """Of a seal, which is round."""
        return self.width_mm


@dataclass(frozen=True)
class Typeset:
    """A typeset document; ``seal_positions`` has one entry for each issuer or 签名章, in their order, none when nothing
    is to be sealed."""

    pdf: bytes
    pages: int
    seal_positions: tuple[SealPosition, ...]


def typeset(doc: Gongwen, fonts: FontSet, *, standard: Standard = "a-2b") -> Typeset:
    """Set the document on the grid of 28 characters × 22 lines and write it as PDF/A.

    Twice the same document gives the same bytes: its dates come from 成文日期. Safe to call from many threads.

    :raises GongwenError: ``missing_glyph`` when no font has a character; ``too_long``, ``head_too_high`` or
        ``imprint_block_too_long`` for what has no room; ``unset`` when the typesetter gives up.
    """
    _check_glyphs(doc, fonts)
    sheet = lay_out(doc, fonts)
    inputs = _inputs(doc, fonts, sheet)
    # A compiler of its own for each call: typst's caches are shared between them, their inputs are not.
    try:
        compiler, marks = _measure(inputs, fonts)
        if _cut_spans(sheet.flow, marks):
            inputs = _inputs(doc, fonts, sheet)
            compiler, marks = _measure(inputs, fonts)
        places = {mark["name"]: mark for mark in marks}
        end = places["end"]
        height = sheet.imprint_block["height"] if sheet.imprint_block else None
        room = 0.0 if end["landscape"] else grid.HEIGHT - end["y"]
        plan, pages = _plan(end["page"], room, height)
        pdf = compiler.compile(
            sys_inputs=inputs | {"plan": plan, "body_end": str(end["page"])},
            format="pdf",
            pdf_standards=standard,
            timestamp=datetime(doc.date.year, doc.date.month, doc.date.day, tzinfo=_CHINA),
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise GongwenError("unset", "$", f"the typesetter gave up: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise GongwenError("unset", "$", "the typesetter wrote no PDF")
    pdf = finish_pages(pdf, landscape=_landscape_pages(marks), first_page_shift=sheet.first_page_shift)
    return Typeset(pdf, pages, _positions(sheet, places))


def _measure(inputs: dict[str, str], fonts: FontSet) -> tuple[typst.Compiler, list[dict[str, Any]]]:
    """The first pass: where the marks of the template come to lie."""
    compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts.typst_fonts, sys_inputs=inputs)
    return compiler, json.loads(compiler.query("<mark>", field="value"))


def _cut_spans(flow: list[Item], marks: list[dict[str, Any]]) -> bool:
    """Cut the cells whose rows came to lie on different pages; say whether there were any."""
    pages: dict[int, dict[int, int]] = defaultdict(dict)
    for mark in marks:
        if mark["name"] == "row":
            pages[mark["item"]][mark["row"]] = mark["page"]
    changed = False
    for index, rows in pages.items():
        cut = split_spans(flow[index]["rows"], rows)
        changed = changed or cut != flow[index]["rows"]
        flow[index]["rows"] = cut
    return changed


def _landscape_pages(marks: list[dict[str, Any]]) -> list[int]:
    """Pages, from 0, between the marks at the beginning and the end of each landscape run."""
    first, last = ([mark["page"] for mark in marks if mark["name"] == name] for name in ("landscape", "landscape-end"))
    return [page - 1 for begin, end in zip(first, last, strict=True) for page in range(begin, end + 1)]


def _check_glyphs(doc: Gongwen, fonts: FontSet) -> None:
    seen = {"\n"}
    for path, text in iter_text(doc.to_json()):
        for char in set(text) - seen:
            if fonts.face_for("fangsong", char) is None:
                raise GongwenError(
                    "missing_glyph",
                    path,
                    f"no font has {char} (U+{ord(char):04X}); write it otherwise or add a font that has it",
                )
            seen.add(char)


def _inputs(doc: Gongwen, fonts: FontSet, sheet: Sheet) -> dict[str, str]:
    flow, pictures = _without_pictures(sheet.flow)
    data = {
        "title": doc.one_line_title,
        "author": "、".join(doc.issuers),
        "date": [doc.date.year, doc.date.month, doc.date.day],
        "bold_roles": BOLD_ROLES,
        "fonts": {role: fonts.families(role) for role in ROLES},
        "grid": {"pitch": grid.PITCH, "size": grid.SIZE_3},
        "frames": {"portrait": vars(grid.PORTRAIT), "landscape": vars(grid.LANDSCAPE)},
        "flow": flow,
        "imprint_block": sheet.imprint_block,
        "first_page_numbered": sheet.first_page_numbered,
    }
    return {"data": json.dumps(data, ensure_ascii=False), "pictures": json.dumps(pictures)}


def _without_pictures(flow: list[Item]) -> tuple[list[Item], list[str]]:
    """The flow with pictures named by their place in a list of drawings."""
    files: list[str] = []
    result = []
    for item in flow:
        placed = []
        for part in item.get("items", ()):
            if "picture" in part:
                files.append(as_svg(part["picture"]))
                placed.append(part | {"picture": len(files) - 1})
            else:
                placed.append(part)
        result.append(item | {"items": placed} if placed else item)
    return result, files


def _plan(last_page: int, room: float, height: float | None) -> tuple[str, int]:
    """Where 版记 goes, which is the foot of the last even page (7.4.1), and how many pages there are then.

    ``room`` and ``height`` are points: what the text leaves on its last page, and what 版记 needs.
    """
    if height is None:
        return "none", last_page
    if last_page % 2 == 1:
        return "next", last_page + 1
    if room >= height + grid.PITCH - grid.SIZE_3:
        return "same", last_page
    return "blank", last_page + 2


def _positions(sheet: Sheet, places: dict[str, dict[str, Any]]) -> tuple[SealPosition, ...]:
    return tuple(_position(spot, places[spot.mark], sheet.first_page_shift) for spot in sheet.spots)


def _position(spot: SealSpot, mark: dict[str, Any], first_page_shift: float) -> SealPosition:
    y = mark["y"] + spot.y + (first_page_shift if mark["page"] == 1 else 0.0)
    return SealPosition(
        page_index=mark["page"] - 1,
        centre_x_mm=round(grid.LEFT_MM + spot.x / grid.MM, 3),
        centre_y_mm=round(grid.TOP_MM + y / grid.MM, 3),
        width_mm=round(spot.width / grid.MM, 3),
        height_mm=round(spot.height / grid.MM, 3),
        issuer=spot.owner,
        kind=spot.kind,
    )
