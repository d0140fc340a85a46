"""Where each glyph of a TextObject stands (GB/T 33190-2016 clauses 11.3 and 11.4)."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from lxml import etree

from ..geometry import Point
from ..xmlread import children, raw_text
from .values import to_float

_MOST_CELLS = 100_000
_WAYS = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
"""The way of text without displacements, by ReadDirection."""


class Place(NamedTuple):
    """A glyph to come: the text it stands for, its number when the document names one, its origin in mm."""

    text: str
    glyph: int | None
    x: float
    y: float


class _Unit(NamedTuple):
    """A glyph without a place: its text, its number, and which of the characters it belongs to."""

    text: str
    glyph: int | None
    char: int


def text_places(
    element: etree._Element, advance: Callable[[str], float], note: Callable[[str, str], None]
) -> list[Place]:
    """The places of a TextObject's glyphs in the object's own space.

    `advance` gives a character's natural width in mm, for text without DeltaX and DeltaY, which strictly would lie in a
    heap. What they give are shifts of the origin whatever ReadDirection says; it only leads text that has none.
    They count glyphs, as in the standard's own examples (11.4), unless there are just as many as characters want.
    """
    transforms = _transforms(element)
    way = _WAYS.get(round(to_float(element.get("ReadDirection"), 0.0)) % 360, (1.0, 0.0))
    places: list[Place] = []
    read = 0
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = raw_text(code)
        if "\n" in text:
            text = text.strip("\r\n\t ")
        x, y = to_float(code.get("X"), x), to_float(code.get("Y"), y)
        units = _units(text, read, transforms) if transforms else None
        read += len(text)
        shown: Sequence[str] = text if units is None else [unit.text for unit in units]
        steps_x, steps_y = (deltas(code.get(name), max(len(text), len(shown))) for name in ("DeltaX", "DeltaY"))
        if not steps_x and not steps_y and len(shown) > 1:
            note("text_without_deltas", "Text without DeltaX is set with the natural widths of its font.")
        if units is None:
            points = _points(text, (x, y), steps_x, steps_y, advance, way)
            places += [Place(char, None, *point) for char, point in zip(text, points, strict=True)]
        else:
            by_character = len(units) != len(text) and len(text) - 1 == max(len(steps_x), len(steps_y))
            points = _points(text if by_character else shown, (x, y), steps_x, steps_y, advance, way)
            places += [
                Place(unit.text, unit.glyph, *points[unit.char if by_character else order])
                for order, unit in enumerate(units)
            ]
        if len(places) > _MOST_CELLS:
            note("text_too_long", f"A text of more than {_MOST_CELLS} characters is cut there.")
            break
    return places


def _points(
    shown: Sequence[str],
    start: Point,
    steps_x: list[float],
    steps_y: list[float],
    advance: Callable[[str], float],
    way: Point,
) -> list[Point]:
    """Where each glyph stands. Where a list of displacements ends early, its last one goes on, as makers mean it
    ("3.175" for a whole line; "g 13 3.175 1.59" for 13 characters and any number of digits)."""
    if not steps_x and not steps_y:
        widths = [sum(map(advance, text)) for text in shown]
        steps_x, steps_y = [way[0] * width for width in widths], [way[1] * width for width in widths]
    else:
        steps_x, steps_y = (
            [*steps, *[steps[-1]] * (len(shown) - len(steps))] if steps else steps for steps in (steps_x, steps_y)
        )
    return list(zip(_sums(start[0], steps_x, len(shown)), _sums(start[1], steps_y, len(shown)), strict=True))


def _sums(start: float, steps: list[float], count: int) -> list[float]:
    """`count` sums, the first without any step; steps that are missing are 0."""
    sums = list(accumulate(steps[: max(0, count - 1)], initial=start))
    return (sums + sums[-1:] * (count - len(sums)))[:count]


def deltas(value: str | None, most: int) -> list[float]:
    """A DeltaX or DeltaY list; "g count value" stands for a repeated value. No more than `most` steps are read:
    what stands behind the last character moves nothing."""
    tokens = (value or "").replace(",", " ").split()
    steps: list[float] = []
    position = 0
    while position < len(tokens) and len(steps) < most:
        if tokens[position] == "g" and position + 2 < len(tokens):
            count = int(to_float(tokens[position + 1], 0.0))
            steps += [to_float(tokens[position + 2], 0.0)] * max(0, min(count, most))
            position += 3
        else:
            steps.append(to_float(tokens[position], 0.0))
            position += 1
    return steps


def _transforms(element: etree._Element) -> dict[int, tuple[int, list[int]]]:
    """The CGTransforms by the character they start at: how many characters are shown by which glyphs."""
    found: dict[int, tuple[int, list[int]]] = {}
    for transform in children(element, "CGTransform"):
        start = int(to_float(transform.get("CodePosition"), 0.0))
        count = max(1, int(to_float(transform.get("CodeCount"), 1.0)))
        if glyphs := _glyph_numbers(transform):
            found[start] = (count, glyphs)
    return found


def _units(text: str, start: int, transforms: dict[int, tuple[int, list[int]]]) -> list[_Unit]:
    """The glyphs of a text whose first character is number `start` of its object."""
    units: list[_Unit] = []
    position = 0
    while position < len(text):
        count, glyphs = transforms.get(start + position, (1, []))
        stop = min(position + count, len(text))
        if not glyphs:
            units.append(_Unit(text[position], None, position))
        elif len(glyphs) == stop - position:
            units += [_Unit(text[position + order], glyph, position + order) for order, glyph in enumerate(glyphs)]
        else:
            whole = text[position:stop]
            units += [
                _Unit(whole if order == 0 else "", glyph, min(position + order, stop - 1))
                for order, glyph in enumerate(glyphs)
            ]
        position = stop
    return units


def _glyph_numbers(transform: etree._Element) -> list[int]:
    numbers: list[int] = []
    for element in children(transform, "Glyphs"):
        numbers += [int(to_float(token, 0.0)) for token in raw_text(element).split()[:_MOST_CELLS]]
    return numbers
