"""Shadings of a PDF (ISO 32000-1, 8.7.4.5) as those of an OFD (GB/T 33190-2016 clause 8.3.4).

Axial and radial ones are the same on both sides; every other kind becomes triangles with a colour in each corner.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from ..errors import OfdError
from ..geometry import Matrix, Point, apply, inverse, is_similarity, number, numbers, scale_of
from .colour import colour_xml
from .functions import breaks, read_function
from .meshes import Triangle, triangles
from .spaces import Space
from .state import Colour

_FINEST = 7
_MOST_STOPS = 512
_BEND = 0.7 / 255
"""How far a colour may lie from the straight line between two stops."""
_JUMP = 1e-6

Stop = tuple[float, Colour]


def shading_xml(shading: Any, space: Space, to_object: Matrix) -> str:
    """AxialShd, RadialShd or GouraudShd; `to_object` leads from the shading's space to the object's.

    Empty when the shading paints nothing. Raises OfdError `unsupported_shading`.
    """
    match int(shading.ShadingType):
        case 2:
            return _axial(shading, space, to_object)
        case 3:
            return _radial(shading, space, to_object)
        case _:
            return _mesh(triangles(shading, space), to_object)


def wants_own_space(shading: Any, to_page: Matrix) -> bool:
    """Whether circles of the shading would be none on the page."""
    return int(shading.ShadingType) == 3 and not is_similarity(to_page)


def _axial(shading: Any, space: Space, to_object: Matrix) -> str:
    x0, y0, x1, y1 = (float(each) for each in shading.Coords)
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    undo = inverse(to_object)
    if length == 0 or undo is None:
        return ""
    # What runs along the axis is a linear function of the place; its gradient after the matrix is the new axis.
    along, across = (x1 - x0) / length, (y1 - y0) / length
    gradient = (along * undo[0] + across * undo[1], along * undo[2] + across * undo[3])
    steep = gradient[0] ** 2 + gradient[1] ** 2
    start = apply(to_object, (x0, y0))
    end = (start[0] + gradient[0] / steep, start[1] + gradient[1] / steep)
    head = f'StartPoint="{numbers(start)}" EndPoint="{numbers(end)}"'
    return f"<ofd:AxialShd{_extend(shading)} {head}>{_segments(shading, space)}</ofd:AxialShd>"


def _radial(shading: Any, space: Space, to_object: Matrix) -> str:
    x0, y0, r0, x1, y1, r1 = (float(each) for each in shading.Coords)
    factor = scale_of(to_object)
    start, end = apply(to_object, (x0, y0)), apply(to_object, (x1, y1))
    head = (
        f'StartPoint="{numbers(start)}" StartRadius="{number(r0 * factor)}"'
        f' EndPoint="{numbers(end)}" EndRadius="{number(r1 * factor)}"'
    )
    return f"<ofd:RadialShd{_extend(shading)} {head}>{_segments(shading, space)}</ofd:RadialShd>"


def _extend(shading: Any) -> str:
    before, after = (bool(each) for each in shading.get("/Extend", [False, False]))
    value = (1 if before else 0) + (2 if after else 0)
    return f' Extend="{value}"' if value else ""


def _segments(shading: Any, space: Space) -> str:
    return "".join(
        f'<ofd:Segment Position="{number(offset, 6)}">{colour_xml("Color", colour)}</ofd:Segment>'
        for offset, colour in _stops(shading, space)
    )


def _stops(shading: Any, space: Space) -> list[Stop]:
    """Stops between which the colour runs straight, as near as a colour value can tell."""
    low, high = (float(each) for each in shading.get("/Domain", [0, 1]))
    width = high - low
    function = read_function(shading.Function)

    def colour(value: float) -> Colour:
        return space.colour(function((value,)))

    if width <= 0:
        return [(0.0, colour(low)), (1.0, colour(low))]
    edges = [low, *(each for each in breaks(shading.Function) if low < each < high), high]
    found: list[Stop] = []
    for left, right in pairwise(edges):
        last = right - width * _JUMP if right < high else right
        for value, each in _refined(colour, (left, colour(left)), (last, colour(last)), 0):
            found.append(((value - low) / width, each))
        if len(found) > _MOST_STOPS:
            raise OfdError("unsupported_shading", f"A shading has more than {_MOST_STOPS} colours.")
    return found


def _refined(colour: Callable[[float], Colour], start: Stop, end: Stop, depth: int) -> list[Stop]:
    if depth >= _FINEST:
        return [start, end]
    probes = [start[0] + (end[0] - start[0]) * share for share in (0.25, 0.5, 0.75)]
    if depth and all(_straight(start, end, (probe, colour(probe))) for probe in probes):
        return [start, end]
    if not depth and all(_straight(start, end, (p, colour(p))) for p in [*probes, *_odd(start[0], end[0])]):
        return [start, end]
    middle = (probes[1], colour(probes[1]))
    return _refined(colour, start, middle, depth + 1)[:-1] + _refined(colour, middle, end, depth + 1)


def _odd(low: float, high: float) -> Iterable[float]:
    """Places that no even sampling would hit."""
    return (low + (high - low) * share for share in (0.07, 0.171, 0.333, 0.618, 0.843, 0.957))


def _straight(start: Stop, end: Stop, between: Stop) -> bool:
    share = (between[0] - start[0]) / (end[0] - start[0]) if end[0] != start[0] else 0.0
    return all(
        abs(a + (b - a) * share - c) <= _BEND
        for a, b, c in zip(start[1].parts, end[1].parts, between[1].parts, strict=True)
    )


def _mesh(parts: list[Triangle], to_object: Matrix) -> str:
    def point(at: Point, colour: Colour) -> str:
        x, y = apply(to_object, at)
        return f'<ofd:Point X="{number(x)}" Y="{number(y)}" EdgeFlag="0">{colour_xml("Color", colour)}</ofd:Point>'

    points = "".join(point(at, colour) for triangle in parts for at, colour in triangle)
    return f"<ofd:GouraudShd>{points}</ofd:GouraudShd>" if points else ""
