"""Measures that several rules share: the type area and what kind of row a row is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.checker.findings import Place
from yichuan.lib.gongwen.reading.patterns import COPY_LINE, PRINTED
from yichuan.lib.gongwen.sheets import Row, Sheet

LEFT, TOP = grid.LEFT_MM, grid.TOP_MM
RIGHT, BOTTOM = LEFT + grid.WIDTH_MM, TOP + grid.HEIGHT_MM
EM = grid.SIZE_3 / grid.MM  # mm of a 3号 character
_MOST_IMPRINT_ROWS = 12
_LONG = 100.0  # mm of a row of running text; those of tables have gaps
_TITLE_PT = 18.0


def is_upright(sheet: Sheet) -> bool:
    return sheet.width < sheet.height


def body_size(sheets: Sequence[Sheet]) -> float:
    """The commonest size of characters, points: of rows of running text, where there are any."""
    rows = [row for sheet in [s for s in sheets if is_upright(s)] or sheets for row in _without_imprint_block(sheet)]
    rows = [row for row in rows if row.right - row.left > _LONG and "　" not in row.text] or rows
    sizes = Counter(round(glyph.size_pt * 2) / 2 for row in rows for glyph in row.glyphs)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_imprint_block(sheet: Sheet) -> list[Row]:
    rows = list(sheet.text_rows)
    begins = [index for index, row in enumerate(rows) if COPY_LINE.fullmatch(row.text) or PRINTED.fullmatch(row.text)]
    return rows[: begins[0]] if begins and len(rows) - begins[0] <= _MOST_IMPRINT_ROWS else rows


def is_title(row: Row, body: float) -> bool:
    """Larger than the text, as titles are."""
    return row.size_pt >= max(_TITLE_PT, body + 2)


def printed_row(sheets: Sequence[Sheet]) -> tuple[int, Row] | None:
    """印发机关 and 印发日期, the last row of 版记, and its page."""
    for index in range(len(sheets) - 1, -1, -1):
        for row in reversed(sheets[index].rows):
            if PRINTED.fullmatch(row.text):
                return index, row
    return None


def at(page: int, row: Row) -> Place:
    return Place(page=page, box=row.box)


def mm(value: float) -> str:
    return f"{value:.1f}"
