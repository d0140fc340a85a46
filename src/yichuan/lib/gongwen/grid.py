"""The page of GB/T 9704-2012 in numbers (5.2): A4, a text block of 156 × 225 mm, 28 characters × 22 lines."""

from __future__ import annotations

from dataclasses import dataclass

MM = 72 / 25.4  # points in a millimetre

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
LEFT_MM, TOP_MM = 28.0, 37.0
WIDTH_MM, HEIGHT_MM = 156.0, 225.0
COLUMNS, ROWS = 28, 22

SIZE_3 = 16.0  # 3号, points
SIZE_4 = 14.0  # 4号
SIZE_2 = 22.0  # 2号

WIDTH = WIDTH_MM * MM
HEIGHT = HEIGHT_MM * MM
CELL = WIDTH / COLUMNS  # points from one character to the next
PITCH = (HEIGHT - SIZE_3) / (ROWS - 1)  # points from one line to the next: 22 lines fill the block


@dataclass(frozen=True)
class Frame:
    """A text block: its place on the page as it is read and its size, points, and what it holds."""

    left: float
    top: float
    width: float
    height: float
    columns: int
    rows: int


PORTRAIT = Frame(LEFT_MM * MM, TOP_MM * MM, WIDTH, HEIGHT, COLUMNS, ROWS)
# A page on its side (8) is read with the binding edge of odd pages above, the page's foot at the left.
LANDSCAPE = Frame(
    left=(PAGE_HEIGHT_MM - TOP_MM - HEIGHT_MM) * MM,
    top=LEFT_MM * MM,
    width=HEIGHT,
    height=WIDTH,
    columns=int(HEIGHT // CELL),
    rows=int((WIDTH - SIZE_3) // PITCH) + 1,
)


def row_top(row: float) -> float:
    """Points from the text block's top to the top of a row, counted from 0."""
    return row * PITCH
