"""署名, 成文日期 and the seal's place (GB/T 9704-2012 7.3.5), and 附注 below them.

The seal is not drawn here: it comes with the signature. Its place is computed: centred on 署名 and 成文日期, both of
them a little below its centre, its top within one line of the text, nothing of it outside the text block.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.flow import Item, set_lines, text_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line
from yichuan.lib.gongwen.model import Gongwen

_SINK = 4.05 * grid.MM  # how far the middle of 署名 and 成文日期 lies below the seal's centre
_APART = 2 * grid.MM  # between the seals of a joint document, which neither cross nor touch


@dataclass(frozen=True)
class SealSpot:
    """A seal's centre in points from the text block's left edge and from the top of the signature block."""

    x: float
    y: float
    diameter: float
    issuer: str


def chinese_date(day: date) -> str:
    """成文日期 in Arabic numerals, without leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def signature_item(doc: Gongwen, fonts: FontSet) -> tuple[Item, tuple[SealSpot, ...]]:
    """The block that follows the last line of text, and the places of the seals in it."""
    if doc.seal_diameter_mm is None:
        items, last_row, spots = _without_seal(doc, fonts)
    elif len(doc.issuers) == 1:
        items, last_row, spots = _single(doc, fonts, doc.seal_diameter_mm * grid.MM)
    else:
        items, last_row, spots = _joint(doc, fonts, doc.seal_diameter_mm * grid.MM)
    row = last_row
    if doc.note:
        for line in set_lines([("fangsong", f"（{doc.note}）")], fonts, first=2.0, hang=0.0):
            row += 1
            items += text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))
    lowest = max((spot.y + spot.diameter / 2 for spot in spots), default=0.0)
    rows = max(row + 1, math.ceil((lowest - grid.SIZE_3) / grid.PITCH - 1e-6) + 1)
    return {"kind": "fixed", "rows": rows, "items": items, "mark": "signature", "sticky": False}, spots


def _line(text: str, fonts: FontSet) -> Line:
    return (set_lines([("fangsong", text)], fonts, justify=False) or [Line((), 0.0)])[0]


def _centred_at(line: Line, x: float, row: float) -> list[Item]:
    left = min(max(x - line.width * grid.CELL / 2, 0.0), max(grid.WIDTH - line.width * grid.CELL, 0.0))
    return text_items(line, cell=grid.CELL, size=grid.SIZE_3, x=left, y=grid.row_top(row))


def _seal_centre(top_of_names: float, rows: int, diameter: float) -> float:
    """y of the centre: the names' middle lies a little lower; the top stays within one line below the text."""
    middle = top_of_names + ((rows - 1) * grid.PITCH + grid.SIZE_3) / 2
    # The text above ends at its own row's bottom, which is PITCH - SIZE_3 above this block's first row.
    text_bottom = grid.SIZE_3 - grid.PITCH
    highest, lowest = text_bottom + diameter / 2, text_bottom + grid.PITCH + diameter / 2
    return min(max(middle - _SINK, highest + 1.0), lowest - 1.0)


def _single(doc: Gongwen, fonts: FontSet, diameter: float) -> tuple[list[Item], int, tuple[SealSpot, ...]]:
    """成文日期 ends four characters from the right; 署名 is centred above it, and the seal on both."""
    day, name = _line(chinese_date(doc.date), fonts), _line(doc.issuers[0], fonts)
    x = grid.WIDTH - (4 + day.width / 2) * grid.CELL
    # A long name moves date and seal to the left rather than leave the text block.
    x = min(x, grid.WIDTH - name.width * grid.CELL / 2, grid.WIDTH - diameter / 2)
    row = 2
    items = _centred_at(name, x, row) + _centred_at(day, x, row + 1)
    spot = SealSpot(x, _seal_centre(grid.row_top(row), 2, diameter), diameter, doc.issuers[0])
    return items, row + 1, (spot,)


def _joint(doc: Gongwen, fonts: FontSet, diameter: float) -> tuple[list[Item], int, tuple[SealSpot, ...]]:
    """One seal on each issuer, as many in a row as fit; the last one on 成文日期 as well."""
    across = max(1, int((grid.WIDTH + _APART) // (diameter + _APART)))
    names = [_line(name, fonts) for name in doc.issuers]
    while across > 1 and max(line.width for line in names) * grid.CELL > grid.WIDTH / across:
        across -= 1
    rows_apart = math.ceil((diameter + _APART) / grid.PITCH)
    items: list[Item] = []
    spots: list[SealSpot] = []
    first_centre = _seal_centre(grid.row_top(2), 2, diameter)
    for index, line in enumerate(names):
        level, column = divmod(index, across)
        here = min(across, len(names) - level * across)
        slot = grid.WIDTH / here
        x = (column + 0.5) * slot
        items += _centred_at(line, x, 2 + level * rows_apart)
        centre = first_centre + level * rows_apart * grid.PITCH
        spots.append(SealSpot(x, centre, diameter, doc.issuers[index]))
    last_row = 2 + (len(names) - 1) // across * rows_apart
    items += _centred_at(_line(chinese_date(doc.date), fonts), spots[-1].x, last_row + 1)
    return items, last_row + 1, tuple(spots)


def _without_seal(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], int, tuple[SealSpot, ...]]:
    """7.3.5.2: 署名 two characters from the right below one empty line, 成文日期 two characters further in under it."""
    day = _line(chinese_date(doc.date), fonts)
    items: list[Item] = []
    row = 0
    start = 0.0
    for name in doc.issuers:
        row += 1
        line = _line(name, fonts)
        start = max(0.0, min(grid.COLUMNS - 2 - line.width, grid.COLUMNS - 2 - day.width - 2))
        items += text_items(line.shifted(start), cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))
    day_start = min(start + 2, grid.COLUMNS - 2 - day.width)
    items += text_items(day.shifted(day_start), cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row + 1))
    return items, row + 1, ()
