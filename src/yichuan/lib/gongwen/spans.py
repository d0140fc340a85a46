"""Cells that span rows, where a page ends inside them: each page shows the cell's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TableCell = dict[str, Any]


def split_spans(rows: list[list[TableCell]], pages: Mapping[int, int]) -> list[list[TableCell]]:
    """The rows with every row-spanning cell cut where its rows lie on different pages, its text repeated.

    ``pages`` gives each row's page; a row without one (it has no cell of its own) counts to the page of the row above.
    """
    starts: list[list[tuple[int, TableCell]]] = [[] for _ in rows]
    covered: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (x, y) in covered:
                x += 1
            covered |= {(x + i, y + j) for i in range(cell["colspan"]) for j in range(cell["rowspan"])}
            for begin, length in _pieces(y, cell["rowspan"], pages):
                starts[begin].append((x, cell | {"rowspan": length}))
    return [[cell for _, cell in sorted(row, key=lambda place: place[0])] for row in starts]


def _pieces(first: int, length: int, pages: Mapping[int, int]) -> list[tuple[int, int]]:
    """(row, number of rows) for each page that a span touches."""
    pieces = [(first, 1)]
    page = pages.get(first)
    for row in range(first + 1, first + length):
        here = pages.get(row, page)
        if here == page:
            begin, count = pieces[-1]
            pieces[-1] = begin, count + 1
        else:
            pieces.append((row, 1))
        page = here
    return pieces
