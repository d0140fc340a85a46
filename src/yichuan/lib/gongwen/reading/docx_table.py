"""A table of a word processor as rows that cover every place once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from yichuan.lib.gongwen.reading.docx_styles import value, w
from yichuan.lib.gongwen.reading.lines import Grid, GridCell
from yichuan.lib.gongwen.reading.result import ReadingError

_WIDEST = 63  # columns a word processor's table can have
_LONGEST = 2_000  # rows the content model takes
_ALIGNED = {"center": "center", "right": "right", "end": "right"}
CellText = Callable[[etree._Element], tuple[str, str | None]]


def read_table(table: etree._Element, where: str, text_of: CellText) -> Grid:
    """The table; ``text_of`` gives a cell's text and alignment.

    :raises ReadingError: ``too_large`` beyond 63 columns or 2,000 rows.
    """
    rows = list(_inside(table, "tr"))
    if len(rows) > _LONGEST:
        raise ReadingError(
            "too_large", f"a table has {len(rows)} rows, at most {_LONGEST} are set; attach it as a file"
        )
    placed: list[dict[int, tuple[GridCell, bool]]] = [_row(row, text_of) for row in rows]
    width = max((x + cell.colspan for row in placed for x, (cell, _) in row.items()), default=0)
    _span_rows(placed)
    return Grid(where, _columns(table, width), tuple(_covered(placed, width)), _header_rows(rows))


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows or cells, also those inside content controls and revisions."""
    for each in parent:
        if each.tag == w(name):
            yield each
        elif each.tag in (w("sdt"), w("sdtContent"), w("customXml"), w("ins")):
            yield from _inside(each, name)


def _row(row: etree._Element, text_of: CellText) -> dict[int, tuple[GridCell, bool]]:
    """Cells by their column, and whether each goes on from the row above."""
    before = value(row.find(w("trPr")), "gridBefore") or "0"
    x = min(int(before), _WIDEST) if before.isdecimal() else 0
    cells: dict[int, tuple[GridCell, bool]] = {}
    for each in _inside(row, "tc"):
        properties = each.find(w("tcPr"))
        asked = value(properties, "gridSpan") or "1"
        colspan = max(1, int(asked)) if asked.isdecimal() else 1
        merge = properties.find(w("vMerge")) if properties is not None else None
        goes_on = merge is not None and merge.get(w("val"), "continue") == "continue"
        if x + colspan > _WIDEST:
            raise ReadingError("too_large", f"a table has more than {_WIDEST} columns; attach it as a file")
        text, align = text_of(each)
        cells[x] = (GridCell(text, colspan, 1, _ALIGNED.get(align or "", "left")), goes_on)
        x += colspan
    return cells


def _span_rows(rows: list[dict[int, tuple[GridCell, bool]]]) -> None:
    """Give cells that go on in the rows below their height; what went on is taken out, its text kept above."""
    for y in range(len(rows) - 1, 0, -1):
        for x in [x for x, (_, goes_on) in rows[y].items() if goes_on]:
            cell, _ = rows[y][x]
            above = rows[y - 1].get(x)
            if above is None or above[0].colspan != cell.colspan:
                rows[y][x] = (cell, False)
                continue
            text = "\n".join(part for part in (above[0].text, cell.text) if part.strip())
            rows[y - 1][x] = (replace(above[0], text=text, rowspan=cell.rowspan + 1), above[1])
            del rows[y][x]


def _covered(rows: list[dict[int, tuple[GridCell, bool]]], width: int) -> Iterator[tuple[GridCell, ...]]:
    """Rows in which places that no cell covers hold an empty one."""
    busy = [0] * width  # for each column, how many rows below are still covered from above
    for row in rows:
        cells = []
        x = 0
        while x < width:
            cell = row[x][0] if x in row else None
            if cell is None and not busy[x]:
                cell = GridCell("")
            if cell is None:
                busy[x] -= 1
                x += 1
                continue
            cells.append(cell)
            busy[x : x + cell.colspan] = [cell.rowspan - 1] * cell.colspan
            x += cell.colspan
        yield tuple(cells)


def _columns(table: etree._Element, width: int) -> tuple[float, ...]:
    """Relative widths from the table's grid; equal ones where it does not fit the cells."""
    grid = table.find(w("tblGrid"))
    asked = [str(each.get(w("w"), "0")) for each in grid] if grid is not None else []
    widths = [float(each) if each.isdecimal() else 0.0 for each in asked]
    if len(widths) != width or not all(widths):
        return (1.0,) * width
    total = sum(widths)
    return tuple(max(0.1, round(100 * each / total, 1)) for each in widths)


def _header_rows(rows: list[etree._Element]) -> int:
    count = 0
    for row in rows:
        properties = row.find(w("trPr"))
        if properties is None or properties.find(w("tblHeader")) is None:
            break
        count += 1
    return count
