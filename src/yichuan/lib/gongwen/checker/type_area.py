"""Edges and grid of the pages (GB/T 9704-2012 5.2): where the text stands, its size, rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.checker.findings import Finding, Place, finding
from yichuan.lib.gongwen.checker.measures import BOTTOM, EM, LEFT, RIGHT, TOP, at, body_size, is_upright, mm
from yichuan.lib.gongwen.sheets import Row, Sheet

_EDGE = 1.5
_SHIFT = 2.0  # on the back of a sheet the binding edge is at the right: 28 mm there leave 26 mm at the left
_HANGING = EM + 1  # a mark at a line's end may hang over
_MARKS = "，。、；：！？）》”’,.;:!?)"
_SIZE = 0.7  # points
_LONG = 130.0  # mm
_FEWEST_ROWS = 8  # of text, from which the grid can be told
_FANGSONG = ("仿宋", "fang")
_KNOWN_OTHERS = ("宋", "sun", "黑", "楷", "song", "hei", "kai", "serif", "sans", "yahei", "雅黑")


def check_type_area(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Left and upper edge, rows outside the type area, size, face and pitch of the text."""
    size = body_size(sheets)
    if abs(size - grid.SIZE_3) > _SIZE:
        yield finding("page_text_size", Place(), shown=f"{size:g}")
    upright = [(index, sheet) for index, sheet in enumerate(sheets) if is_upright(sheet)]
    text = [(index, row) for index, sheet in upright for row in sheet.text_rows if abs(row.size_pt - size) <= _SIZE]
    if len(text) < _FEWEST_ROWS:
        return
    yield from _face(text)
    yield from _edges(upright, text, size)
    yield from _grid([row for _, row in text])


def _face(text: list[tuple[int, Row]]) -> Iterator[Finding]:
    name = Counter(row.font for _, row in text).most_common(1)[0][0]
    folded = name.casefold()
    # Names such as ABCDEF+Font1 say nothing, and nothing is said of them.
    if any(word in folded for word in _KNOWN_OTHERS) and not any(word in folded for word in _FANGSONG):
        yield finding("page_text_face", Place(), shown=name)


def _edges(upright: list[tuple[int, Sheet]], text: list[tuple[int, Row]], size: float) -> Iterator[Finding]:
    fronts = [row.left for index, row in text if index % 2 == 0]
    if fronts and abs(min(fronts) - LEFT) > _EDGE:
        yield finding("page_left", Place(), shown=mm(min(fronts)))
    full = [rows for _, sheet in upright[1:] if len(rows := sheet.text_rows) >= _FEWEST_ROWS]
    tops = [rows[0].top for rows in full if abs(rows[0].size_pt - size) <= _SIZE]
    if tops and abs(min(tops) - TOP) > _EDGE:
        yield finding("page_top", Place(), shown=mm(min(tops)))
    for index, sheet in upright:
        outside = [(row, side) for row in sheet.text_rows if (side := _outside(row, _SHIFT if index % 2 else 0.0))]
        if outside:  # one finding a page: the first row says enough
            row, side = outside[0]
            yield finding("page_outside", at(index, row), shown=row.text, other=side)


def _outside(row: Row, shift: float) -> str:
    if row.left < LEFT - shift - _EDGE - 0.5:
        return "左边"
    if row.right > RIGHT + (_HANGING if row.text[-1] in _MARKS else _EDGE):
        return "右边"
    if row.bottom > BOTTOM + _EDGE + 0.5:
        return "下边"
    return "上边" if row.top < TOP - _EDGE - 1 else ""


def _grid(rows: list[Row]) -> Iterator[Finding]:
    long = [row for row in rows if row.right - row.left > _LONG]  # those of tables and lists have steps of their own
    steps = Counter(round(below.y - above.y, 1) for above, below in pairwise(long) if 5 < below.y - above.y < 16)
    if steps:
        pitch = _about(steps)
        count = round((grid.HEIGHT_MM - EM) / pitch) + 1
        if count != grid.ROWS:
            yield finding("page_rows", Place(), shown=mm(pitch), count=count)
    advances = Counter(
        round(right.x - left.x, 2)
        for row in rows
        for left, right in pairwise(row.glyphs)
        if not left.text.isascii() and 0.8 * EM < right.x - left.x < 1.3 * EM
    )
    if advances:
        advance = _about(advances)
        count = round(grid.WIDTH_MM / advance)
        if count != grid.COLUMNS:
            yield finding("page_columns", Place(), shown=f"{advance:.2f}", count=count)


def _about(values: Counter[float]) -> float:
    """The mean of the commonest value and its neighbours: places are rounded by whoever wrote the file."""
    common = values.most_common(1)[0][0]
    near = {value: count for value, count in values.items() if abs(value - common) <= 0.15}
    return sum(value * count for value, count in near.items()) / sum(near.values())
