"""版记 (GB/T 9704-2012 7.4): 抄送机关, 印发机关 and 印发日期 between rules, the last one on the text block's bottom."""

from __future__ import annotations

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item, text_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, break_lines
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.signature import chinese_date

THICK, THIN = 0.35 * grid.MM, 0.25 * grid.MM
_CELLS = grid.WIDTH / grid.SIZE_4
_LINE = 21.0  # points from one line to the next
_PAD = 5.0  # points between a rule and the text


def imprint_block_item(doc: Gongwen, fonts: FontSet, *, with_recipients: bool) -> Item | None:
    """The block as one placed item of known height, or None when the document names no 印发机关.

    ``with_recipients`` moves 主送机关 here, for a document whose first page they would fill (7.3.2).

    :raises GongwenError: ``imprint_block_too_long`` when it would not fit on a page.
    """
    if not doc.printer:
        return None
    items: list[Item] = [_rule(0.0, THICK)]
    y = 0.0
    listed = [("主送：", doc.recipients)] if with_recipients else []
    listed += [("抄送：", doc.copy_recipients)] if doc.copy_recipients else []
    if listed:
        y += _PAD
        for label, text in listed:
            full = label + text.rstrip("。") + "。"
            # A long name list keeps one character free on both sides and hangs under its first name.
            for line in break_lines([("fangsong", full)], fonts, width=_CELLS - 1, first=1.0, hang=1.0 + len(label)):
                items += text_items(line, cell=grid.SIZE_4, size=grid.SIZE_4, y=y)
                y += _LINE
        y += grid.SIZE_4 - _LINE + _PAD
        items.append(_rule(y, THIN))
    y += _PAD
    items += _print_line(doc, fonts, y)
    y += grid.SIZE_4 + _PAD
    items.append(_rule(y, THICK))
    if y > grid.HEIGHT:
        raise GongwenError(
            "imprint_block_too_long", "$.copy_recipients", "版记 would not fit on a page; list the units in an annex"
        )
    return {"items": items, "height": y}


def _print_line(doc: Gongwen, fonts: FontSet, y: float) -> list[Item]:
    day = chinese_date(doc.print_date or doc.date) + "印发"
    left, right = (
        (break_lines([("fangsong", text)], fonts, width=_CELLS, justify=False) or [Line((), 0.0)])[0]
        for text in (doc.printer, day)
    )
    return [
        *text_items(left.shifted(1.0), cell=grid.SIZE_4, size=grid.SIZE_4, y=y),
        *text_items(right.shifted(_CELLS - 1.0 - right.width), cell=grid.SIZE_4, size=grid.SIZE_4, y=y),
    ]


def _rule(y: float, width: float) -> Item:
    return {"rule": width, "x": 0.0, "y": y, "width": grid.WIDTH, "colour": "black"}
