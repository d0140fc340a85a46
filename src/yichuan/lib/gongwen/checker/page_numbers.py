"""Page numbers (GB/T 9704-2012 7.5, 10.1): form, order and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yichuan.lib.gongwen.checker.findings import Finding, Place, finding
from yichuan.lib.gongwen.checker.measures import BOTTOM, LEFT, RIGHT, at, is_upright, mm
from yichuan.lib.gongwen.sheets import Row, Sheet

_FOUR = 14.0  # 4号, points
_SIZE = 1.1
_SIDE, _HEIGHT = 5.0, 3.0  # mm of room for its place
_DASH_BELOW = 7.0
_DASHES = set("—–-－―─一")
_LETTER_TOP = 50.0  # a mark above this is a letter's (10.1)


def check_page_numbers(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Each page has its number; a letter's first page, a blank page and the 版记 page behind it need none."""
    numbers = [sheet.number for sheet in sheets]
    for index, (sheet, number) in enumerate(zip(sheets, numbers, strict=True)):
        if number is None:
            # On a page that lies on its side the number stands at its short edge, turned (8): it is not looked for.
            if sheet.rows and is_upright(sheet) and not _may_lack(sheets, index):
                yield finding("page_number_missing", Place(page=index))
            continue
        row, value = number
        if value != index + 1:
            yield finding("page_number_order", at(index, row), count=index + 1, shown=value)
        if is_upright(sheet):
            yield from _form(index, sheet, row)


def _may_lack(sheets: Sequence[Sheet], index: int) -> bool:
    if index == 0:
        rows = sheets[0].text_rows
        return bool(rows) and rows[0].is_red and rows[0].top < _LETTER_TOP
    return index == len(sheets) - 1 and not sheets[index - 1].text_rows


def _form(index: int, sheet: Sheet, row: Row) -> Iterator[Finding]:
    drawn = [
        rule
        for rule in sheet.rules
        if rule.width < 10 and abs(rule.y - row.y) < 3 and row.left - 10 < rule.left and rule.right < row.right + 10
    ]
    if not set(row.text) & _DASHES and len(drawn) < 2:
        yield finding("page_number_form", at(index, row), shown=row.text)
    if abs(row.size_pt - _FOUR) > _SIZE:
        yield finding("page_number_size", at(index, row), shown=f"{row.size_pt:g}")
    left = min([row.left, *(rule.left for rule in drawn)])
    right = max([row.right, *(rule.right for rule in drawn)])
    em = _FOUR / 72 * 25.4
    if index % 2 == 0 and abs(right - (RIGHT - em)) > _SIDE:
        yield finding("page_number_side", at(index, row), shown="单页码没有居右空一字")
    if index % 2 == 1 and abs(left - (LEFT + em)) > _SIDE:
        yield finding("page_number_side", at(index, row), shown="双页码没有居左空一字")
    # A dash runs through the middle of the digits, a third of their size above the baseline.
    dash = drawn[0].y if drawn else row.y - row.size_pt / 72 * 25.4 / 3
    below = dash - BOTTOM
    if abs(below - _DASH_BELOW) > _HEIGHT:
        yield finding("page_number_height", at(index, row), shown=mm(below))
