"""版记 (GB/T 9704-2012 7.4): on the last, even page, its last rule on the type area's bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yichuan.lib.gongwen.checker.findings import Finding, Place, finding
from yichuan.lib.gongwen.checker.measures import BOTTOM, at, is_upright, mm, printed_row
from yichuan.lib.gongwen.sheets import Sheet

_WIDE = 145.0  # mm from which a rule is as wide as the type area
_FOUR, _SIZE = 14.0, 1.1
_PLACE = 2.5


def check_imprint_block(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Nothing is said of a document without 印发机关 (letters and orders may have none)."""
    found = printed_row(sheets)
    if found is None:
        return
    index, row = found
    if index != len(sheets) - 1:
        yield finding("page_imprint_last", at(index, row))
    elif index % 2 == 0:
        yield finding("page_imprint_odd", at(index, row), count=index + 1)
    if abs(row.size_pt - _FOUR) > _SIZE:
        yield finding("page_imprint_size", at(index, row), shown=f"{row.size_pt:g}")
    wide = sorted(rule.y for rule in sheets[index].rules if rule.width > _WIDE)
    under = [y for y in wide if row.y < y < row.y + 15]
    if not under or not [y for y in wide if y < row.y]:
        yield finding("page_imprint_rules", at(index, row))
    elif is_upright(sheets[index]) and abs(under[0] - BOTTOM) > _PLACE:
        yield finding("page_imprint_place", Place(page=index), shown=mm(abs(under[0] - BOTTOM)))
