"""Meshes of shaded triangles as many small plain ones, for SVG has no others."""

from collections.abc import Iterator

from ..geometry import Point
from ..scene.model import Mesh, Rgb

_NEAR = 10
"""A step of colour that is not seen, of 255."""
_DEEPEST = 5
_MOST = 40_000
_Vertex = tuple[Point, Rgb]


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
