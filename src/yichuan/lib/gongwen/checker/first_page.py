"""版头, title and text on the first page (GB/T 9704-2012 7.2, 7.3.1, 7.3.3), also of letters and orders (10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yichuan.lib.gongwen.checker.findings import Finding, Place, finding
from yichuan.lib.gongwen.checker.measures import LEFT, RIGHT, TOP, at, body_size, is_title, mm
from yichuan.lib.gongwen.reading.patterns import DOC_NO
from yichuan.lib.gongwen.sheets import Row, Rule, Sheet
from yichuan.lib.gongwen.sheets.model import is_red

_MIDDLE = (LEFT + RIGHT) / 2
_MARK_PT = 26.0  # 发文机关标志 is larger than any title
_MARK_PLACES = (TOP + 35, TOP + 20, 30.0)  # its upper edge: document and minutes, order, letter
_UNTITLED = ("令", "纪要")  # orders and minutes need no title (10.2, 10.3)
_UPPER_PART = 160.0
_CENTRE, _PLACE = 3.0, 4.0
_RULE_WIDTH = (150.0, 175.0)  # what can be the red rule; a letter's is 170 mm
_RULE_BELOW = 4.0
_TITLE_SIZE = (20.0, 24.0)
_OTHER_FACES = ("仿宋", "fangsong", "楷", "kai", "黑体", "heiti", "simhei", "yahei", "雅黑")


def check_first_page(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """The mark, the red rule, the title, and that there is text."""
    sheet = sheets[0]
    rows = sheet.text_rows
    marks = _marks(rows)
    if not marks:
        yield finding("page_mark_missing", Place(page=0))
    else:
        yield from _mark(marks)
    rule = _red_rule(sheet)
    if rule is not None:
        yield from _rule(rule, rows)
    elif not (marks and marks[-1].text.endswith("令")):  # an order has none (10.2)
        yield finding("page_rule_missing", Place(page=0))
    below = max([row.y for row in marks] + ([rule.y] if rule and rule.y < _UPPER_PART else []), default=0.0)
    untitled = bool(marks) and marks[-1].text.endswith(_UNTITLED)
    yield from _title([row for row in rows if row.y > below], body_size(sheets), untitled=untitled)


def _marks(rows: Sequence[Row]) -> list[Row]:
    """The rows of 发文机关标志: very large ones, else red ones, in the upper part."""
    upper = [row for row in rows if row.y < _UPPER_PART]
    return [row for row in upper if row.size_pt >= _MARK_PT] or [row for row in upper if row.is_red]


def _mark(marks: list[Row]) -> Iterator[Finding]:
    first = marks[0]
    if not any(row.is_red for row in marks):
        yield finding("page_mark_colour", at(0, first), shown=first.text)
    if min(abs(first.top - place) for place in _MARK_PLACES) > _PLACE:
        yield finding("page_mark_place", at(0, first), shown=mm(first.top - TOP))
    middle = (min(row.left for row in marks) + max(row.right for row in marks)) / 2
    if abs(middle - _MIDDLE) > _CENTRE:
        yield finding("page_mark_centre", at(0, first), shown=mm(abs(middle - _MIDDLE)))


def _red_rule(sheet: Sheet) -> Rule | None:
    red = [rule for rule in sheet.rules if is_red(rule.rgb) and rule.width >= 100]
    return min(red, key=lambda rule: rule.y, default=None)


def _rule(rule: Rule, rows: Sequence[Row]) -> Iterator[Finding]:
    place = Place(page=0, box=(round(rule.left, 1), round(rule.y, 1), round(rule.width, 1), round(rule.thickness, 1)))
    if not _RULE_WIDTH[0] <= rule.width <= _RULE_WIDTH[1]:
        yield finding("page_rule_width", place, shown=mm(rule.width))
    numbers = [row for row in rows if row.y < rule.y and DOC_NO.fullmatch(row.text)]
    if numbers and abs(rule.y - numbers[-1].bottom - _RULE_BELOW) > 2.0:
        yield finding("page_rule_place", place, shown=mm(rule.y - numbers[-1].bottom))


def _title(rows: Sequence[Row], body: float, *, untitled: bool) -> Iterator[Finding]:
    titles = []
    for row in rows:
        if is_title(row, body) and not row.is_red:
            titles.append(row)
        elif titles:
            break
    if not titles:
        if not untitled:
            yield finding("page_title_missing", Place(page=0))
        return
    size = titles[0].size_pt
    if not _TITLE_SIZE[0] <= size <= _TITLE_SIZE[1]:
        yield finding("page_title_size", at(0, titles[0]), shown=f"{size:g}")
    if any(word in titles[0].font.casefold() for word in _OTHER_FACES):
        yield finding("page_title_face", at(0, titles[0]), shown=titles[0].font)
    for row in titles:
        if abs(row.middle - _MIDDLE) > _CENTRE:
            yield finding("page_title_centre", at(0, row), shown=row.text, other=mm(abs(row.middle - _MIDDLE)))
    if not any(row.y > titles[-1].y and not is_title(row, body) for row in rows):
        yield finding("page_body_missing", Place(page=0))
