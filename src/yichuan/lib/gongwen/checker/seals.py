"""Seals on the page (GB/T 9704-2012 7.3.5.1): over 署名 and 成文日期, close under the text, apart from each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from yichuan.lib.gongwen.checker.findings import Finding, Place, finding
from yichuan.lib.gongwen.checker.measures import mm
from yichuan.lib.gongwen.reading.patterns import DATE
from yichuan.lib.gongwen.sheets import Row, Sheet

_SMALLEST, _LARGEST = 30.0, 62.0  # mm: unit seals; smaller ones are name seals and small chops
_LINE = 10.5  # mm of one line
_ROOM = 2.0
_TABLE = 8.0  # below the last row of a table, whose cells have gaps between them
Box = tuple[float, float, float, float]


def check_seals(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """Every whole unit seal of the document."""
    for index, sheet in enumerate(sheets):
        seals = [seal for seal in sheet.seals if _is_round(seal)]
        rows = sheet.text_rows
        for number, seal in enumerate(seals):
            place = Place(page=index, box=seal)
            if not rows:
                yield finding("page_seal_blank", place)
                continue
            yield from _over_signature(seal, rows, place)
            if any(_touch(seal, other) for other in seals[:number]):
                yield finding("page_seals_touch", place)


def _is_round(seal: Box) -> bool:
    """A unit's seal; 签名章 are wider than high."""
    return _SMALLEST <= seal[2] <= _LARGEST and abs(seal[2] - seal[3]) < 0.1 * seal[2]


def _over_signature(seal: Box, rows: Sequence[Row], place: Place) -> Iterator[Finding]:
    x, y, width, height = seal
    pressed = [row for row in rows if y < row.y < y + height and row.left < x + width and x < row.right]
    short = [row for row in pressed if not row.text.endswith(("。", "："))]
    date = next((row for row in pressed if DATE.fullmatch(row.text)), None)
    if not short or (date is None and not any(row.y > y + height / 2 for row in short)):
        yield finding("page_seal_off", place)
        return
    above = [row for row in rows if row.bottom <= y + _ROOM]
    if above and y - above[-1].bottom > _LINE + (_TABLE if "　" in above[-1].text else _ROOM):
        yield finding("page_seal_high", place, shown=mm(y - above[-1].bottom))


def _touch(one: Box, other: Box) -> bool:
    """Round seals touch when their centres are no further apart than their radii together."""
    apart = math.hypot(one[0] + one[2] / 2 - other[0] - other[2] / 2, one[1] + one[3] / 2 - other[1] - other[3] / 2)
    return apart <= (one[2] + other[2]) / 2
