"""The parts of a document in their order on the sheet, one flow for the template to stack."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item, body_items, gap_item, join_gaps, keep_with_next, line_item, set_lines
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.head import head_item
from yichuan.lib.gongwen.imprint_block import imprint_block_item
from yichuan.lib.gongwen.letter import FIRST_PAGE_SHIFT, letter_head_item
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.sections import attachment_items, section_items
from yichuan.lib.gongwen.signature import SealSpot, signature_items

_KEPT_LINES = 2  # lines of text that go with 署名 to its page
_LONG_LIST = 8  # lines of 附件说明 beyond which it may be torn
_BODY_LINES = 2  # lines of text the first page must show (7.3.3), or 主送机关 moves to 版记
_ATTENDANCE = (("出席", "present"), ("请假", "absent"), ("列席", "observers"))


@dataclass(frozen=True)
class Sheet:
    """``flow`` as ``flow`` describes it; ``imprint_block`` is 版记; ``first_page_shift`` is points downwards."""

    flow: list[Item]
    imprint_block: Item | None
    spots: tuple[SealSpot, ...]
    first_page_shift: float
    first_page_numbered: bool


def lay_out(doc: Gongwen, fonts: FontSet) -> Sheet:
    """Break and place everything.

    :raises GongwenError: ``too_long``, ``head_too_high`` or ``imprint_block_too_long`` for what cannot be placed.
    """
    letter = doc.form == "letter"
    head = letter_head_item(doc, fonts) if letter else head_item(doc, fonts)
    recipients = set_lines([("fangsong", doc.recipients.rstrip("：:") + "：")], fonts) if doc.recipients else []
    imprint_block = imprint_block_item(doc, fonts, with_recipients=False)
    moved = False
    if recipients and head["rows"] + 1 + len(recipients) + _BODY_LINES > grid.ROWS:
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
    closing, spots = (_attendance(doc, fonts), ()) if doc.form == "minutes" else signature_items(doc, fonts)
    keep_with_next(flow, _kept_lines(body, attachments), grid.ROWS - (closing[0].get("rows", 1) if closing else 0))
    flow += closing
    for section in doc.enclosures:
        flow += section_items(section, "", fonts)
    for label, section in zip(_labels(doc), doc.annexes, strict=True):
        flow += section_items(section, label, fonts)
    return Sheet(
        flow=join_gaps([*flow, {"kind": "end"}]),
        imprint_block=imprint_block,
        spots=spots,
        first_page_shift=FIRST_PAGE_SHIFT if letter else 0.0,
        first_page_numbered=not letter,
    )


def _kept_lines(body: list[Item], attachments: list[Item]) -> int:
    """How many lines go along with 署名: a short 附件说明 whole, and lines of text, but never the first page's last."""
    text, listed = (len([item for item in items if item["kind"] == "line"]) for items in (body, attachments))
    if listed > _LONG_LIST:
        return _KEPT_LINES
    return listed + min(_KEPT_LINES, max(text - 1, 0 if listed else 1))


def _labels(doc: Gongwen) -> list[str]:
    """附件 or, where there are several, 附件1 and on, numbered as 附件说明 numbers them (7.3.7)."""
    if max(len(doc.attachments), len(doc.annexes)) < 2:
        return ["附件"] * len(doc.annexes)
    titles = [section.title.replace("\n", "") for section in doc.annexes]
    return [
        f"附件{(doc.attachments.index(title) if title in doc.attachments else index) + 1}"
        for index, title in enumerate(titles)
    ]


def _attendance(doc: Gongwen, fonts: FontSet) -> list[Item]:
    """出席, 请假, 列席 of minutes below one empty line, names hanging under their first (10.3), and 附注."""
    items: list[Item] = []
    for label, name in _ATTENDANCE:
        if text := getattr(doc, name):
            spans = [("heiti", label), ("fangsong", f"：{text}")]
            items += [line_item(line) for line in set_lines(spans, fonts, first=2.0, hang=2.0 + len(label) + 1)]
    if items:
        items.insert(0, gap_item())
        items[1]["sticky"] = True
    if doc.note:
        items += [line_item(line) for line in set_lines([("fangsong", f"（{doc.note}）")], fonts, first=2.0)]
    return items
