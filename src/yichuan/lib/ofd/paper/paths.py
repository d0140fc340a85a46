"""Paths as PDF operators (ISO 32000-1 clause 8.5): arcs and quadratic curves become cubic ones."""

import math
from collections.abc import Iterable, Iterator

from ..geometry import IDENTITY, Bounds, Matrix, Point, apply, bounds_of, multiply, number
from ..scene.model import Path

_PLACES = 5
_MATRIX_PLACES = 9


def decimal(value: float) -> str:
    """A length as it stands in a content stream."""
    return number(value, _PLACES)


def decimals(values: Iterable[float], places: int = _PLACES) -> str:
    """Numbers divided by spaces."""
    return " ".join([number(value, places) for value in values])


def matrix_operands(matrix: Matrix) -> str:
    """A matrix's six numbers."""
    return decimals(matrix, _MATRIX_PLACES)


def path_operators(path: Path, matrix: Matrix = IDENTITY) -> str:
    """The operators that build the path, its points taken through `matrix`."""
    parts: list[str] = []
    position = 0
    as_it_is = matrix == IDENTITY
    while position < len(path):
        if as_it_is and (box := _rectangle(path[position : position + 6])) is not None:
            left, top, right, bottom = box
            parts.append(f"{decimals((left, top, right - left, bottom - top))} re")
            position += 5
            continue
        stop = position + 1
        while stop < len(path) and path[stop][0] != "M":
            stop += 1
        for letter, points in plain(path[position:stop]):
            moved = points if as_it_is else tuple(apply(matrix, point) for point in points)
            parts.append(" ".join([*(f"{decimal(x)} {decimal(y)}" for x, y in moved), letter]))
        position = stop
    return "\n".join(parts)


def path_bounds(path: Path, matrix: Matrix = IDENTITY) -> Bounds | None:
    """A box that holds the path (its control points), None for an empty one."""
    points = [apply(matrix, point) for _, points in plain(path) for point in points]
    return bounds_of(points) if points else None


def box_path(bounds: Bounds) -> Path:
    """A rectangle's outline."""
    left, top, right, bottom = bounds
    corners = ((right, top), (right, bottom), (left, bottom))
    return (("M", (left, top)), *(("L", corner) for corner in corners), ("Z", ()))


def plain(path: Path) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """The path in the four operators of a PDF: m, l, c, h. What comes before the first move starts at 0, 0."""
    here: Point = (0.0, 0.0)
    start, begun = here, False
    for letter, values in path:
        if letter != "M" and not begun:
            yield "m", (here,)
            begun, start = True, here
        match letter:
            case "M":
                here = start = (values[0], values[1])
                begun = True
                yield "m", (here,)
            case "L":
                here = (values[0], values[1])
                yield "l", (here,)
            case "Q":
                control, end = (values[0], values[1]), (values[2], values[3])
                yield "c", (_third(here, control), _third(end, control), end)
                here = end
            case "C":
                here = (values[4], values[5])
                yield "c", ((values[0], values[1]), (values[2], values[3]), here)
            case "A":
                end = (values[5], values[6])
                yield from _arc(here, values, end)
                here = end
            case "Z":
                yield "h", ()
                here = start


def _rectangle(path: Path) -> Bounds | None:
    """The sides of an upright rectangle drawn the way `re` draws one (its second corner beside the first), if the path
    begins with it and nothing but another move follows."""
    match path:
        case (("M", (x, y)), ("L", (right, y1)), ("L", (x2, bottom)), ("L", (x3, y3)), ("Z", _), *after):
            if y1 == y and x2 == right and x3 == x and y3 == bottom and (not after or after[0][0] == "M"):
                return x, y, right, bottom
    return None


def _third(end: Point, control: Point) -> Point:
    return end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3


def _arc(start: Point, values: tuple[float, ...], end: Point) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """An elliptical arc by its ends (SVG 1.1 F.6.5), cut into cubic curves of a quarter at most."""
    rx, ry, angle = abs(values[0]), abs(values[1]), math.radians(values[2] % 360)
    large, sweep = values[3] != 0, values[4] != 0
    if start == end:
        return
    if rx < 1e-9 or ry < 1e-9:
        yield "l", (end,)
        return
    cosine, sine = math.cos(angle), math.sin(angle)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cosine * half_x + sine * half_y, cosine * half_y - sine * half_x
    grow = (x / rx) ** 2 + (y / ry) ** 2
    if grow > 1:
        rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
    squared = (rx * ry) ** 2 / ((rx * y) ** 2 + (ry * x) ** 2) - 1
    factor = math.sqrt(max(0.0, squared)) * (-1 if large == sweep else 1)
    middle = (factor * rx * y / ry, -factor * ry * x / rx)
    first = math.atan2((y - middle[1]) / ry, (x - middle[0]) / rx)
    last = math.atan2((-y - middle[1]) / ry, (-x - middle[0]) / rx)
    span = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    centre = (
        cosine * middle[0] - sine * middle[1] + (start[0] + end[0]) / 2,
        sine * middle[0] + cosine * middle[1] + (start[1] + end[1]) / 2,
    )
    ellipse = multiply((rx, 0.0, 0.0, ry, 0.0, 0.0), (cosine, sine, -sine, cosine, *centre))
    pieces = max(1, math.ceil(abs(span) / (math.pi / 2) - 1e-9))
    step = span / pieces
    reach = 4 / 3 * math.tan(step / 4)
    for piece in range(pieces):
        one, two = first + piece * step, first + (piece + 1) * step
        controls = (
            (math.cos(one) - reach * math.sin(one), math.sin(one) + reach * math.cos(one)),
            (math.cos(two) + reach * math.sin(two), math.sin(two) - reach * math.cos(two)),
        )
        arrival = end if piece == pieces - 1 else apply(ellipse, (math.cos(two), math.sin(two)))
        yield "c", (apply(ellipse, controls[0]), apply(ellipse, controls[1]), arrival)
