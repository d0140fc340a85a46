"""A page's marks in millimetres from its top left corner, font sizes in points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TypeVar

from yichuan.lib.gongwen.grid import MM

Rgb = tuple[int, int, int]
_T = TypeVar("_T")
_SAME_ROW = 0.9  # mm between baselines of one row
_FOOT = 37.0  # mm of the page's foot in which its number stands: 35 below the type area, and a little room
_NUMBER = re.compile(r"[-—–－―─一\s]*(\d{1,4})[-—–－―─一\s]*")
_FARTHEST = 1e5  # mm
_ASCENT = 0.86  # of an em above the baseline that a Chinese character fills


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character; ``x`` and ``y`` are its origin on the baseline."""

    text: str
    x: float
    y: float
    size_pt: float
    font: str
    rgb: Rgb

    @property
    def width(self) -> float:
        """Its usual width: an em, half of it for what stands in half-width."""
        return self.size_pt / MM * (0.5 if self.text.isascii() else 1.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight horizontal line."""

    left: float
    right: float
    y: float
    thickness: float
    rgb: Rgb

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Row:
    """The characters of one baseline, from left to right."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def text(self) -> str:
        """Its text; where more than a character's room is free, a blank."""
        parts = [self.glyphs[0].text]
        for before, glyph in zip(self.glyphs, self.glyphs[1:], strict=False):
            free = glyph.x - before.x - before.width
            parts.append(("　" if free > 0.7 * before.size_pt / MM else "") + glyph.text)
        return "".join(parts)

    @cached_property
    def y(self) -> float:
        return median(glyph.y for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].x

    @property
    def right(self) -> float:
        last = self.glyphs[-1]
        # Characters that were made narrow stand closer than their size.
        step = last.x - self.glyphs[-2].x if len(self.glyphs) > 1 else last.width
        return last.x + (min(last.width, step) if step > last.width / 2 else last.width)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @cached_property
    def size_pt(self) -> float:
        return _commonest(self.glyphs, lambda glyph: round(glyph.size_pt, 1))

    @cached_property
    def font(self) -> str:
        return _commonest(self.glyphs, lambda glyph: glyph.font)

    @property
    def top(self) -> float:
        return self.y - _ASCENT * self.size_pt / MM

    @property
    def bottom(self) -> float:
        return self.y + (1 - _ASCENT) * self.size_pt / MM

    @cached_property
    def is_red(self) -> bool:
        return is_red(_commonest(self.glyphs, lambda glyph: glyph.rgb))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width, height."""
        return (
            round(self.left, 1),
            round(self.top, 1),
            round(self.right - self.left, 1),
            round(self.bottom - self.top, 1),
        )


@dataclass(frozen=True)
class Sheet:
    """A page; ``seals`` are the boxes (x, y, width, height) of whole seals on it, parts of seam seals left out."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    seals: tuple[tuple[float, float, float, float], ...] = ()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows from top to bottom; blanks are left out."""
        rows: list[list[Glyph]] = []
        for glyph in sorted((g for g in self.glyphs if g.text.strip()), key=lambda g: (g.y, g.x)):
            if rows and glyph.y - rows[-1][0].y <= _SAME_ROW:
                rows[-1].append(glyph)
            else:
                rows.append([glyph])
        return tuple(Row(tuple(sorted(row, key=lambda g: g.x))) for row in rows)

    @cached_property
    def number(self) -> tuple[Row, int] | None:
        """The page number: a row of nothing but digits and dashes below the type area."""
        for row in reversed(self.rows):
            found = _NUMBER.fullmatch(row.text)
            if found and row.y > self.height - _FOOT:
                return row, int(found[1])
        return None

    @property
    def text_rows(self) -> tuple[Row, ...]:
        """The rows without the page number."""
        return tuple(row for row in self.rows if self.number is None or row is not self.number[0])


def sane(*values: float) -> bool:
    """Whether places and sizes are numbers that a sheet of paper can have; files from strangers hold others."""
    return all(abs(value) < _FARTHEST for value in values)


def is_red(rgb: Rgb) -> bool:
    """Red as it is printed (7.2.4, 7.2.7), also what a conversion from CMYK makes of it."""
    red, green, blue = rgb
    return red > 150 and green < 100 and blue < 100


def _commonest(glyphs: tuple[Glyph, ...], of: Callable[[Glyph], _T]) -> _T:
    return Counter(of(glyph) for glyph in glyphs).most_common(1)[0][0]
