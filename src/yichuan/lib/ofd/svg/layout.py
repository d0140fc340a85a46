"""Where each glyph of a TextObject stands (GB/T 33190-2016 clause 11)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from ..xmlread import children, raw_text

_MOST_CELLS = 100_000


@dataclass(frozen=True)
class Cell:
    """One glyph: the text it stands for ("" when the glyph before it stands for both), its number when the
    document names one, and its origin in mm in the object's own space."""

    text: str
    glyph: int | None
    x: float
    y: float


def text_cells(
    element: etree._Element, advance: Callable[[str], float], note: Callable[[str, str], None]
) -> list[Cell]:
    """The cells of a TextObject; `advance` gives a character's natural width in mm, for text without DeltaX."""
    chars: list[str] = []
    points: list[tuple[float, float]] = []
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = raw_text(code)
        if "\n" in text:
            text = text.strip("\r\n\t ")
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        steps_x, steps_y = (deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY"))
        natural = not steps_x and not steps_y and len(text) > 1
        if natural:
            note("text_without_deltas", "Text without DeltaX is set with the natural widths of its font.")
        at_x, at_y = x, y
        for index, char in enumerate(text):
            chars.append(char)
            points.append((at_x, at_y))
            if index < len(steps_x):
                at_x += steps_x[index]
            elif natural or (steps_x and not steps_y):
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
            count = int(_number(tokens[position + 1], 0.0))
            steps += [_number(tokens[position + 2], 0.0)] * max(0, min(count, most))
            position += 3
        else:
            steps.append(_number(tokens[position], 0.0))
            position += 1
    return steps


def _with_transforms(element: etree._Element, chars: list[str], points: list[tuple[float, float]]) -> list[Cell]:
    """Apply the CGTransforms: some characters are shown by glyphs that the document numbers."""
    cells: dict[int, list[Cell]] = {}
    covered: set[int] = set()
    for transform in children(element, "CGTransform"):
        start = int(_number(transform.get("CodePosition"), 0.0))
        count = max(1, int(_number(transform.get("CodeCount"), 1.0)))
        glyphs = _glyph_numbers(transform)
        stop = min(start + count, len(chars))
        if not glyphs or not 0 <= start < stop:
            continue
        covered.update(range(start, stop))
        if len(glyphs) == stop - start:
            for place, glyph in zip(range(start, stop), glyphs, strict=True):
                cells[place] = [Cell(chars[place], glyph, *points[place])]
            continue
        cells[start] = [
            Cell("".join(chars[start:stop]) if order == 0 else "", glyph, *points[min(start + order, stop - 1)])
            for order, glyph in enumerate(glyphs)
        ]
    found: list[Cell] = []
    for place, char in enumerate(chars):
        if place in cells:
            found += cells[place]
        elif place not in covered:
            found.append(Cell(char, None, *points[place]))
    return found


def _glyph_numbers(transform: etree._Element) -> list[int]:
    numbers: list[int] = []
    for element in children(transform, "Glyphs"):
        numbers += [int(_number(token, 0.0)) for token in raw_text(element).split()[:_MOST_CELLS]]
    return numbers


def _number(value: str | None, default: float) -> float:
    try:
        parsed = float(value) if value is not None else default
    except ValueError:
        return default
    return parsed if math.isfinite(parsed) and abs(parsed) < 1e7 else default
