"""版记 (GB/T 9704-2012 7.4): 抄送机关, 印发机关 and 印发日期 between rules, the last one on the text block's bottom."""

from __future__ import annotations

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item, chinese_date, text_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, break_lines
from yichuan.lib.gongwen.model import Gongwen

THICK, THIN = 0.35 * grid.MM, 0.25 * grid.MM
_CELLS = grid.WIDTH / grid.SIZE_4
_LINE = 21.0  # points from one line to the next
_PAD = 5.0  # points between a rule and the text


def imprint_block_item(doc: Gongwen, fonts: FontSet, *, with_recipients: bool) -> Item | None:
    """The block as one placed item of known height, or None when the document has nothing to put there.

    ``with_recipients`` moves 主送机关 here, for a document whose first page they would fill (7.3.2). A letter's block
    has no rules (10.1).

    :raises GongwenError: ``imprint_block_too_long`` when it would not fit on a page.
    """
    parts = []
    if doc.copy_recipients or with_recipients:
        listed = [("主送：", doc.recipients)] if with_recipients else []
        listed += [("抄送：", doc.copy_recipients)] if doc.copy_recipients else []
        parts.append([line for label, text in listed for line in _listed(label, text, fonts)])
    if doc.printer:
        parts.append(_print_lines(doc, fonts))
    if not parts:
        return None
    items, height = _ruled(parts) if doc.form != "letter" else _texts(parts[0], 0.0)
    if height > grid.HEIGHT:
        raise GongwenError(
            "imprint_block_too_long", "$.copy_recipients", "版记 would not fit on a page; list the units in an annex"
        )
    return {"items": items, "height": height}


def _listed(label: str, text: str, fonts: FontSet) -> list[Line]:
    """Names with one character free on both sides, hanging under the first (7.4.2)."""
    full = label + text.rstrip("。") + "。"
    return break_lines([("fangsong", full)], fonts, width=_CELLS - 1, first=1.0, hang=1.0 + len(label))


def _print_lines(doc: Gongwen, fonts: FontSet) -> list[Line]:
    """印发机关 at the left, over several lines if need be, 印发日期 at the right of the last (7.4.3)."""
    (day,) = break_lines(
        [("fangsong", chinese_date(doc.print_date or doc.date) + "印发")], fonts, width=_CELLS, justify=False
    )
    room = _CELLS - 2 - day.width
    *first, last = break_lines([("fangsong", doc.printer)], fonts, width=room, first=1.0, hang=1.0, justify=False)
    return [*first, Line((*last.runs, *day.shifted(_CELLS - 1 - day.width).runs), _CELLS)]


def _ruled(parts: list[list[Line]]) -> tuple[list[Item], float]:
    """Parts between rules, and the height of it all: a thick rule first and last, thin ones between (7.4.1)."""
    items: list[Item] = [_rule(0.0, THICK)]
    y = 0.0
    for index, lines in enumerate(parts):
        texts, y = _texts(lines, y + _PAD)
        y += _PAD
        items += [*texts, _rule(y, THICK if index == len(parts) - 1 else THIN)]
    return items, y


def _texts(lines: list[Line], top: float) -> tuple[list[Item], float]:
    """Lines from ``top`` on, and the lower edge of the last."""
    items: list[Item] = []
    for row, line in enumerate(lines):
        items += text_items(line, cell=grid.SIZE_4, size=grid.SIZE_4, y=top + row * _LINE)
    return items, top + (len(lines) - 1) * _LINE + grid.SIZE_4


def _rule(y: float, width: float) -> Item:
    return {"rule": width, "x": 0.0, "y": y, "width": grid.WIDTH, "colour": "black"}
