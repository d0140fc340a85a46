"""Breaking text into lines on a grid of square cells.

A full-width character fills one cell; half-width text keeps its own widths and is never broken inside a word or a
number (GB/T 9704-2012 7.3.3: 数字、年份不能回行). Punctuation neither hangs into the margin nor is squeezed: a mark
that may not begin a line takes its character along, and the line is spread to the right edge.
All widths are in cells; a cell is one em of the text's size, give or take the grid's tracking.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yichuan.lib.gongwen.fonts import FontSet

NOT_AT_START = frozenset("，。、；：？！）》”’】〕〉」』］｝％‰℃…—·～々,;:.!?)]}%")
NOT_AT_END = frozenset("（《“‘【〔〈「『［｛([{￥$№")
_PUNCTUATION = NOT_AT_START | NOT_AT_END
_MAX_SPREAD = 0.25  # cells between two characters; a line that would need more stays ragged


@dataclass(frozen=True)
class Unit:
    """What is never broken: one full-width character, one half-width word, or one blank."""

    text: str
    role: str
    width: float
    full: bool

    @property
    def blank(self) -> bool:
        return self.text == " "


@dataclass(frozen=True)
class Run:
    """Characters of one role set together: ``x`` and ``width`` in cells from the line's left edge, ``gap`` is the
    extra space, in cells, after each character."""

    x: float
    text: str
    role: str
    width: float
    gap: float
    full: bool


@dataclass(frozen=True)
class Line:
    runs: tuple[Run, ...]
    width: float

    def shifted(self, by: float) -> Line:
        return replace(self, runs=tuple(replace(run, x=run.x + by) for run in self.runs))


def split_units(spans: Iterable[tuple[str, str]], fonts: FontSet) -> list[Unit]:
    """Cut (role, text) spans into units."""
    units: list[Unit] = []
    for role, text in spans:
        word = ""
        for char in text:
            advance = fonts.advance(role, char)
            full = _is_full(char, advance)
            if not full and char != " ":
                word += char
                continue
            if word:
                units.append(_word(word, role, fonts))
                word = ""
            units.append(Unit(char, role, 1.0 if full else advance, full))
        if word:
            units.append(_word(word, role, fonts))
    return units


def _is_full(char: str, advance: float) -> bool:
    width = unicodedata.east_asian_width(char)
    return width in "WF" or (width == "A" and advance > 0.999)


def _word(text: str, role: str, fonts: FontSet) -> Unit:
    return Unit(text, role, sum(fonts.advance(role, char) for char in text), False)


def text_width(role: str, text: str, fonts: FontSet) -> float:
    """Width of a text on one line, in cells."""
    return sum(unit.width for unit in split_units([(role, text)], fonts))


def break_lines(
    spans: Sequence[tuple[str, str]],
    fonts: FontSet,
    *,
    width: float,
    first: float = 0.0,
    hang: float = 0.0,
    justify: bool = True,
) -> list[Line]:
    """Set spans of (role, text) into lines of ``width`` cells, the first indented by ``first``, others by ``hang``."""
    units = _fit(split_units(spans, fonts), fonts, width - max(first, hang))
    lines: list[Line] = []
    begin = 0
    while begin < len(units):
        while begin < len(units) and units[begin].blank and lines:
            begin += 1
        indent = hang if lines else first
        end = _line_end(units, begin, width - indent)
        if end > begin:
            lines.append(_set(units[begin:end], indent, width, spread=justify and end < len(units)))
        begin = end
    return lines


def _fit(units: list[Unit], fonts: FontSet, width: float) -> list[Unit]:
    """Words wider than a line are cut into characters, since they must break somewhere."""
    result: list[Unit] = []
    for unit in units:
        if unit.width > width:
            result += [_word(char, unit.role, fonts) for char in unit.text]
        else:
            result.append(unit)
    return result


def _may_break(before: Unit, after: Unit) -> bool:
    last, first = before.text[-1], after.text[0]
    if after.blank or before.blank:
        return True
    if first in NOT_AT_START or last in NOT_AT_END:
        return False
    return not (last.isascii() and last.isdigit() and first == "年")


def _line_end(units: list[Unit], begin: int, width: float) -> int:
    """Index after the last unit of the line that begins at ``begin``."""
    used = 0.0
    allowed = begin
    for index in range(begin, len(units)):
        unit = units[index]
        if index > begin and _may_break(units[index - 1], unit):
            allowed = index
        used += unit.width
        if used > width + 1e-6 and not unit.blank:
            return allowed if allowed > begin else max(index, begin + 1)
    return len(units)


def _set(units: list[Unit], indent: float, width: float, *, spread: bool) -> Line:
    while units and units[-1].blank:
        units = units[:-1]
    natural = sum(unit.width for unit in units)
    gap = 0.0
    if spread and len(units) > 1:
        gap = max(0.0, (width - indent - natural) / (len(units) - 1))
        if gap > _MAX_SPREAD:
            gap = 0.0
    runs: list[Run] = []
    x = indent
    for unit in units:
        previous = runs[-1] if runs else None
        if previous is not None and _joins(previous, unit):
            runs[-1] = replace(previous, text=previous.text + unit.text, width=previous.width + gap + unit.width)
        elif not unit.blank:
            runs.append(Run(x, unit.text, unit.role, unit.width, gap if unit.full else 0.0, unit.full))
        x += unit.width + gap
    return Line(tuple(runs), x - gap if units else indent)


def _joins(run: Run, unit: Unit) -> bool:
    """Full-width neighbours share a run; two marks do not, or the typesetter would squeeze them together."""
    if not (run.full and unit.full and run.role == unit.role):
        return False
    return not (run.text[-1] in _PUNCTUATION and unit.text in _PUNCTUATION)
