"""The first page of a letter (GB/T 9704-2012 10.1): red double rules, marks below the first, no page number.

The text block of this page ends above the second rule, lower than on other pages. All pages are set alike and this one
is moved down as a whole when the PDF is finished (``turning``); places here are counted so that they come out right.
"""

from __future__ import annotations

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.flag import RED, single_flag
from yichuan.lib.gongwen.flow import Item, one_line, text_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.head import finished_head, marks, row_below
from yichuan.lib.gongwen.model import Gongwen

_THICK, _THIN, _BETWEEN = 2.0, 0.75, 1.25  # points; the standard only says which rule is the thick one
_DOUBLE = _THICK + _BETWEEN + _THIN
_CLEAR = grid.SIZE_3 * 7 / 8  # between a double rule and the text beside it
_RULE_MM = 170.0
_SECOND_RULE = (grid.PAGE_HEIGHT_MM - 20) * grid.MM  # lower edge, from the page's top
_LAST_LINE = _SECOND_RULE - _DOUBLE - _CLEAR  # lower edge of the page's last line of text

FIRST_PAGE_SHIFT = _LAST_LINE - (grid.TOP_MM + grid.HEIGHT_MM) * grid.MM  # points by which the first page moves down
_PAGE_TOP = -grid.TOP_MM * grid.MM - FIRST_PAGE_SHIFT  # the page's top edge in the coordinates of its text block


def letter_head_item(doc: Gongwen, fonts: FontSet) -> Item:
    """发文机关标志 30 mm below the page's edge, the double rules, marks at the left, 发文字号 at the right, title.

    :raises GongwenError: as ``head.head_item``.
    """
    flag = single_flag(doc.issuer_mark.strip(), _PAGE_TOP + 30 * grid.MM, fonts)
    first_rule = flag.bottom + 4 * grid.MM
    below = first_rule + _DOUBLE + _CLEAR
    number = one_line(doc.doc_no, fonts, path="$.doc_no")
    left = marks(doc, fonts, below)
    items = [
        *flag.items,
        *_double(first_rule, _THICK, _THIN),
        *_double(_PAGE_TOP + _SECOND_RULE - _DOUBLE, _THIN, _THICK),
        *left,
        *text_items(number.shifted(grid.COLUMNS - number.width), cell=grid.CELL, size=grid.SIZE_3, y=below),
    ]
    count = max(sum(bool(text) for text in (doc.copy_no, doc.secrecy, doc.urgency)), 1 if doc.doc_no else 0)
    last = below + max(count - 1, 0) * grid.PITCH + (grid.SIZE_3 if count else -_CLEAR)
    return finished_head(doc, items, row_below(last, 2), fonts)


def _double(y: float, upper: float, lower: float) -> list[Item]:
    """Two red rules whose upper edge is at ``y``; typst centres a rule on its place."""
    width = _RULE_MM * grid.MM
    x = (grid.PAGE_WIDTH_MM - _RULE_MM) / 2 * grid.MM - grid.LEFT_MM * grid.MM
    return [
        {"rule": upper, "x": x, "y": y + upper / 2, "width": width, "colour": RED},
        {"rule": lower, "x": x, "y": y + upper + _BETWEEN + lower / 2, "width": width, "colour": RED},
    ]
