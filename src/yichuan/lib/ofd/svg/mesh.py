"""Shadings that SVG has not, as many small plain shapes: meshes of triangles, and circles that move aside."""

import math
from collections.abc import Iterator

from ..geometry import Point
from ..scene.model import Mesh, Radial, Rgb

_NEAR = 10
"""A step of colour that is not seen, of 255."""
_DEEPEST = 5
_MOST = 40_000
_DISCS = 128
_Vertex = tuple[Point, Rgb]

Circle = tuple[float, float, float]
"""x, y, radius."""


def flat_triangles(mesh: Mesh) -> Iterator[tuple[Point, Point, Point, Rgb]]:
    """Triangles of one colour each, cut until neighbours differ little or there are too many of them."""
    deepest = _DEEPEST
    while deepest and len(mesh.triangles) * 4**deepest > _MOST:
        deepest -= 1
    for a, b, c in mesh.triangles:
        yield from _cut(a, b, c, deepest)


def _cut(a: _Vertex, b: _Vertex, c: _Vertex, deepest: int) -> Iterator[tuple[Point, Point, Point, Rgb]]:
    colours = a[1], b[1], c[1]
    if deepest == 0 or all(max(parts) - min(parts) <= _NEAR for parts in zip(*colours, strict=True)):
        red, green, blue = (round(sum(parts) / 3) for parts in zip(*colours, strict=True))
        yield a[0], b[0], c[0], (red, green, blue)
        return
    ab, bc, ca = _middle(a, b), _middle(b, c), _middle(c, a)
    for triangle in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)):
        yield from _cut(*triangle, deepest - 1)


def _middle(one: _Vertex, two: _Vertex) -> _Vertex:
    (x, y), (u, v) = one[0], two[0]
    red, green, blue = (round((p + q) / 2) for p, q in zip(one[1], two[1], strict=True))
    return ((x + u) / 2, (y + v) / 2), (red, green, blue)


def _between(start: Point, end: Point, part: float) -> Point:
    """The point a part of the way along a line; beyond its ends below 0 and over 1."""
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _circle_at(first: Circle, last: Circle, part: float) -> Circle:
    """The circle a part of the way from one to another."""
    return (*_between(first[:2], last[:2], part), max(0.0, first[2] + (last[2] - first[2]) * part))


def discs(paint: Radial, first: Circle, last: Circle, reach: float) -> Iterator[tuple[float, float, float, Rgb]]:
    """The discs of a radial shading from its start on, each over the one before; with Extend as far as `reach` mm."""
    longer = reach / math.dist(first[:2], last[:2]) / _DISCS
    before = [-longer * step for step in range(_DISCS, 0, -1)] if paint.before else []
    after = [1 + longer * step for step in range(1, _DISCS + 1)] if paint.after else []
    for part in (*before, *(step / _DISCS for step in range(_DISCS + 1)), *after):
        yield *_circle_at(first, last, part), _colour_at(paint, part)


def _colour_at(paint: Radial, part: float) -> Rgb:
    before = [stop for stop in paint.stops if stop.offset <= part] or [paint.stops[0]]
    after = [stop for stop in paint.stops if stop.offset > part] or [paint.stops[-1]]
    one, two = before[-1], after[0]
    way = (part - one.offset) / (two.offset - one.offset) if two.offset > one.offset and part > one.offset else 0.0
    red, green, blue = (round(p + (q - p) * min(way, 1.0)) for p, q in zip(one.rgb, two.rgb, strict=True))
    return red, green, blue
