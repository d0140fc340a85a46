"""Typeset an official document: content in, PDF/A and the seals' places out (GB/T 9704-2012)."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import typst

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import (
    Item,
    attachment_items,
    body_items,
    gap_item,
    join_gaps,
    keep_with_next,
    line_item,
    section_items,
    set_lines,
)
from yichuan.lib.gongwen.fonts import ROLES, FontSet
from yichuan.lib.gongwen.head import head_item
from yichuan.lib.gongwen.imprint_block import imprint_block_item
from yichuan.lib.gongwen.model import Gongwen, iter_text
from yichuan.lib.gongwen.signature import SealSpot, signature_item
from yichuan.lib.gongwen.spans import split_spans

Standard = Literal["a-2b", "a-3b", "a-4"]
_TEMPLATE = Path(__file__).with_name("gongwen.typ")
_CHINA = timezone(timedelta(hours=8))
_KEPT_LINES = 2  # lines of text that go with 署名 to its page
_LONG_LIST = 8  # lines of 附件说明 beyond which it may be torn
_BODY_LINES = 2  # lines of text the first page must show (7.3.3), or 主送机关 moves to 版记


@dataclass(frozen=True)
class SealPosition:
    """Where a seal belongs: page counted from 0, centre in mm from the page's top left, diameter in mm."""

    page_index: int
    centre_x_mm: float
    centre_y_mm: float
    diameter_mm: float
    issuer: str


@dataclass(frozen=True)
class Typeset:
    """A typeset document; ``seal_positions`` has one entry for each issuer, none when it is not to be sealed."""

    pdf: bytes
    pages: int
    seal_positions: tuple[SealPosition, ...]


def typeset(doc: Gongwen, fonts: FontSet, *, standard: Standard = "a-2b") -> Typeset:
    """Set the document on the grid of 28 characters × 22 lines and write it as PDF/A.

    Twice the same document gives the same bytes: its dates come from 成文日期. Safe to call from many threads.

    :raises GongwenError: ``missing_glyph`` when no font has a character, ``unset`` when the typesetter gives up.
    """
    _check_glyphs(doc, fonts)
    flow, imprint_block, spots = _flow(doc, fonts)
    inputs = _inputs(doc, fonts, flow, imprint_block)
    # A compiler of its own for each call: typst's caches are shared between them, their inputs are not.
    try:
        compiler, marks = _measure(inputs, fonts)
        if _cut_spans(flow, marks):
            compiler, marks = _measure(inputs, fonts)
        places = {mark["name"]: mark for mark in marks}
        end = places["end"]
        height = imprint_block["height"] if imprint_block else None
        plan, pages = _plan(end["page"], grid.HEIGHT - end["y"], height)
        pdf = compiler.compile(
            sys_inputs={"data": json.dumps(inputs, ensure_ascii=False), "plan": plan, "body_end": str(end["page"])},
            format="pdf",
            pdf_standards=standard,
            timestamp=datetime(doc.date.year, doc.date.month, doc.date.day, tzinfo=_CHINA),
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise GongwenError("unset", "$", f"the typesetter gave up: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise GongwenError("unset", "$", "the typesetter wrote no PDF")
    return Typeset(pdf, pages, _positions(spots, places.get("signature")))


def _measure(inputs: dict[str, Any], fonts: FontSet) -> tuple[typst.Compiler, list[dict[str, Any]]]:
    """The first pass: where the marks of the template come to lie."""
    data = {"data": json.dumps(inputs, ensure_ascii=False)}
    compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts.typst_fonts, sys_inputs=data)
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


def _flow(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], Item | None, tuple[SealSpot, ...]]:
    head = head_item(doc, fonts)
    recipients = set_lines([("fangsong", doc.recipients.rstrip("：:") + "：")], fonts) if doc.recipients else []
    imprint_block = imprint_block_item(doc, fonts, with_recipients=False)
    moved = False
    if recipients and imprint_block and head["rows"] + 1 + len(recipients) + _BODY_LINES > grid.ROWS:
        # A list that 版记 cannot hold either stays where it was.
        with suppress(GongwenError):
            imprint_block = imprint_block_item(doc, fonts, with_recipients=True)
            moved = True
    flow: list[Item] = [head, gap_item()]
    if not moved:
        flow += [line_item(line) for line in recipients]
    body = body_items(doc.body, fonts)
    attachments = attachment_items(doc.attachments, fonts)
    flow += body + attachments
    keep_with_next(flow, _kept_lines(body, attachments))
    signature, spots = signature_item(doc, fonts)
    flow.append(signature)
    for section in doc.enclosures:
        flow += section_items(section, "", fonts)
    for number, section in enumerate(doc.annexes, 1):
        flow += section_items(section, f"附件{number}" if len(doc.annexes) > 1 else "附件", fonts)
    return join_gaps(flow), imprint_block, spots


def _kept_lines(body: list[Item], attachments: list[Item]) -> int:
    """How many lines go along with 署名: a short 附件说明 whole, and lines of text, but never the first page's last."""
    text, listed = (len([item for item in items if item["kind"] == "line"]) for items in (body, attachments))
    if listed > _LONG_LIST:
        return _KEPT_LINES
    return listed + min(_KEPT_LINES, max(text - 1, 0 if listed else 1))


def _inputs(doc: Gongwen, fonts: FontSet, flow: list[Item], imprint_block: Item | None) -> dict[str, Any]:
    return {
        "title": doc.one_line_title,
        "author": "、".join(doc.issuers),
        "date": [doc.date.year, doc.date.month, doc.date.day],
        "fonts": {role: fonts.families(role) for role in ROLES},
        "grid": {
            "pitch": grid.PITCH,
            "rows": grid.ROWS,
            "size": grid.SIZE_3,
            "top": grid.TOP_MM * grid.MM,
            "left": grid.LEFT_MM * grid.MM,
            "width": grid.WIDTH,
        },
        "flow": flow,
        "imprint_block": imprint_block,
    }


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


def _positions(spots: tuple[SealSpot, ...], mark: dict[str, Any] | None) -> tuple[SealPosition, ...]:
    if mark is None:
        return ()
    return tuple(
        SealPosition(
            page_index=mark["page"] - 1,
            centre_x_mm=round(grid.LEFT_MM + spot.x / grid.MM, 3),
            centre_y_mm=round(grid.TOP_MM + (mark["y"] + spot.y) / grid.MM, 3),
            diameter_mm=round(spot.diameter / grid.MM, 3),
            issuer=spot.issuer,
        )
        for spot in spots
    )
