"""Where each glyph of a TextObject stands (GB/T 33190-2016 clauses 11.3 and 11.4)."""

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

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


def text_places(
    element: etree._Element, advance: Callable[[str], float], note: Callable[[str, str], None]
) -> list[Place]:
    """The places of a TextObject's glyphs in the object's own space.

    `advance` gives a character's natural width in mm, for text without DeltaX and DeltaY, which strictly would lie in a
    heap. What they give are shifts of the origin whatever ReadDirection says; it only leads text that has none.
    """
    chars: list[str] = []
    points: list[tuple[float, float]] = []
    way = _WAYS.get(round(to_float(element.get("ReadDirection"), 0.0)) % 360, (1.0, 0.0))
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = raw_text(code)
        if "\n" in text:
            text = text.strip("\r\n\t ")
        x, y = to_float(code.get("X"), x), to_float(code.get("Y"), y)
        steps_x, steps_y = (deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY"))
        natural = not steps_x and not steps_y and len(text) > 1
        if natural:
            note("text_without_deltas", "Text without DeltaX is set with the natural widths of its font.")
        at_x, at_y = x, y
        for index, char in enumerate(text):
            chars.append(char)
            points.append((at_x, at_y))
            if natural:
                width = advance(char)
                at_x, at_y = at_x + way[0] * width, at_y + way[1] * width
                continue
            if index < len(steps_x):
                at_x += steps_x[index]
            elif steps_x and not steps_y:
                at_x += advance(char)
            if index < len(steps_y):
                at_y += steps_y[index]
        if len(chars) > _MOST_CELLS:
            note("text_too_long", f"A text of more than {_MOST_CELLS} characters is cut there.")
            break
    return _with_transforms(element, chars, points)


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


def _with_transforms(element: etree._Element, chars: list[str], points: list[tuple[float, float]]) -> list[Place]:
    """Apply the CGTransforms: some characters are shown by glyphs that the document numbers."""
    places: dict[int, list[Place]] = {}
    covered: set[int] = set()
    for transform in children(element, "CGTransform"):
        start = int(to_float(transform.get("CodePosition"), 0.0))
        count = max(1, int(to_float(transform.get("CodeCount"), 1.0)))
        glyphs = _glyph_numbers(transform)
        stop = min(start + count, len(chars))
        if not glyphs or not 0 <= start < stop:
            continue
        covered.update(range(start, stop))
        if len(glyphs) == stop - start:
            for index, glyph in zip(range(start, stop), glyphs, strict=True):
                places[index] = [Place(chars[index], glyph, *points[index])]
            continue
        places[start] = [
            Place("".join(chars[start:stop]) if order == 0 else "", glyph, *points[min(start + order, stop - 1)])
            for order, glyph in enumerate(glyphs)
        ]
    found: list[Place] = []
    for index, char in enumerate(chars):
        if index in places:
            found += places[index]
        elif index not in covered:
            found.append(Place(char, None, *points[index]))
    return found


def _glyph_numbers(transform: etree._Element) -> list[int]:
    numbers: list[int] = []
    for element in children(transform, "Glyphs"):
        numbers += [int(to_float(token, 0.0)) for token in raw_text(element).split()[:_MOST_CELLS]]
    return numbers
