"""Shadings of a PDF that are made of patches (ISO 32000-1, 8.7.4.5, types 1 and 4 to 7), cut into triangles."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from ..errors import OfdError
from ..geometry import Matrix, Point, apply
from .functions import read_function
from .spaces import Space
from .state import Colour
from .streams import stream_bytes

Corner = tuple[Point, Colour]
Triangle = tuple[Corner, Corner, Corner]
Values = tuple[float, ...]
Vertex = tuple[Point, Values]
Paint = Callable[[Values], Colour]

_MOST_TRIANGLES = 20_000
_GRID = 24
"""Cells a side into which a function or a single patch is cut."""
_FINEST_SPLIT = 3
_BEND = 3 / 255


def triangles(shading: Any, space: Space) -> list[Triangle]:
    """The triangles of the shading in its own space. Raises OfdError `unsupported_shading`."""
    kind = int(shading.ShadingType)
    function = read_function(shading.Function) if "/Function" in shading else None

    def paint(values: Values) -> Colour:
        return space.colour(tuple(function(values)) if function else values)

    match kind:
        case 1:
            faces = _function_based(shading)
        case 4:
            faces = _free_form(shading, (function is None and space.count) or 1)
        case 5:
            faces = _lattice(shading, (function is None and space.count) or 1)
        case 6 | 7:
            faces = _patches(shading, (function is None and space.count) or 1, 12 if kind == 6 else 16)
        case _:
            raise OfdError("unsupported_shading", f"A shading is of kind {kind}, which is not known.")
    found: list[Triangle] = []
    for face in faces:
        found += _painted(face, paint, 0 if kind in (4, 5) else _FINEST_SPLIT)
        if len(found) > _MOST_TRIANGLES:
            raise OfdError("unsupported_shading", f"A shading has more than {_MOST_TRIANGLES} triangles.")
    return found


def _painted(face: tuple[Vertex, Vertex, Vertex], paint: Paint, depth: int) -> list[Triangle]:
    """The face in colours, cut in four while its middle is not the mean of its corners."""
    colours = [paint(values) for _, values in face]
    middle = paint(tuple(sum(each) / 3 for each in zip(*(values for _, values in face), strict=True)))
    means = [sum(each) / 3 for each in zip(*(colour.parts for colour in colours), strict=True)]
    if depth >= _FINEST_SPLIT or all(abs(a - b) <= _BEND for a, b in zip(means, middle.parts, strict=True)):
        (a, _), (b, _), (c, _) = face
        return [((a, colours[0]), (b, colours[1]), (c, colours[2]))]
    one, two, three = face
    sides = _between(one, two), _between(two, three), _between(three, one)
    parts = ((one, sides[0], sides[2]), (sides[0], two, sides[1]), (sides[2], sides[1], three), sides)
    return [each for part in parts for each in _painted(part, paint, depth + 1)]


def _between(one: Vertex, other: Vertex) -> Vertex:
    point = ((one[0][0] + other[0][0]) / 2, (one[0][1] + other[0][1]) / 2)
    return point, tuple((a + b) / 2 for a, b in zip(one[1], other[1], strict=True))


def _function_based(shading: Any) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    left, right, bottom, top = (float(each) for each in shading.get("/Domain", [0, 1, 0, 1]))
    a, b, c, d, e, f = (float(each) for each in shading.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    matrix: Matrix = (a, b, c, d, e, f)

    def vertex(column: int, row: int) -> Vertex:
        at = (left + (right - left) * column / _GRID, bottom + (top - bottom) * row / _GRID)
        return apply(matrix, at), at

    return _cells([[vertex(column, row) for column in range(_GRID + 1)] for row in range(_GRID + 1)])


def _cells(rows: list[list[Vertex]]) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    for above, below in pairwise(rows):
        for index in range(len(above) - 1):
            yield above[index], above[index + 1], below[index]
            yield above[index + 1], below[index + 1], below[index]


class _Bits:
    """The numbers of a mesh's stream, most significant bit first."""

    def __init__(self, shading: Any, components: int) -> None:
        self.data = stream_bytes(shading)
        self.place = 0
        self.flag_bits = int(shading.get("/BitsPerFlag", 0))
        self.coordinate_bits = int(shading.BitsPerCoordinate)
        self.component_bits = int(shading.BitsPerComponent)
        if not 0 <= self.flag_bits <= 8 or not 1 <= self.coordinate_bits <= 32 or not 1 <= self.component_bits <= 16:
            raise OfdError("pdf_invalid", "A shading's numbers have sizes that are not allowed.")
        decode = [float(each) for each in shading.Decode]
        self.pairs = list(zip(decode[::2], decode[1::2], strict=True))
        self.components = components
        if len(self.pairs) < 2 + components:
            raise OfdError("pdf_invalid", "A shading's Decode array is too short.")

    def more(self) -> bool:
        return self.place + self.flag_bits + 2 * self.coordinate_bits <= len(self.data) * 8

    def _take(self, bits: int) -> int:
        first, last = self.place, self.place + bits
        self.place = last
        value = int.from_bytes(self.data[first // 8 : -(-last // 8)], "big")
        return value >> (-last % 8) & (1 << bits) - 1

    def _decoded(self, bits: int, pair: tuple[float, float]) -> float:
        return pair[0] + self._take(bits) * (pair[1] - pair[0]) / ((1 << bits) - 1)

    def flag(self) -> int:
        return self._take(self.flag_bits) & 3

    def point(self) -> Point:
        x = self._decoded(self.coordinate_bits, self.pairs[0])
        return x, self._decoded(self.coordinate_bits, self.pairs[1])

    def colour(self) -> Values:
        return tuple(self._decoded(self.component_bits, self.pairs[2 + index]) for index in range(self.components))

    def align(self) -> None:
        self.place = -(-self.place // 8) * 8


def _free_form(shading: Any, components: int) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    bits = _Bits(shading, components)
    face: list[Vertex] = []
    while bits.more():
        flag = bits.flag()
        vertex = (bits.point(), bits.colour())
        bits.align()
        if flag == 0 or len(face) < 3:
            face = [vertex] if len(face) >= 3 else [*face, vertex]
        else:
            face = [face[1 if flag == 1 else 0], face[2], vertex]
        if len(face) == 3:
            yield face[0], face[1], face[2]


def _lattice(shading: Any, components: int) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    bits, width = _Bits(shading, components), int(shading.VerticesPerRow)
    if width < 2:
        raise OfdError("pdf_invalid", "A shading's rows have fewer than two corners.")
    bits.flag_bits = 0
    rows: list[list[Vertex]] = [[]]
    while bits.more():
        if len(rows[-1]) == width:
            rows.append([])
        rows[-1].append((bits.point(), bits.colour()))
        bits.align()
    return _cells([row for row in rows if len(row) == width])


_ORDER = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 3), (3, 2), (3, 1), (3, 0), (2, 0), (1, 0))
_INNER = ((1, 1), (1, 2), (2, 2), (2, 1))
_CARRIED = {1: (3, 4, 5, 6), 2: (6, 7, 8, 9), 3: (9, 10, 11, 0)}


def _patches(shading: Any, components: int, count: int) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    """Coons (12 points) and tensor (16 points) patches; a later patch may share a side with the one before."""
    bits = _Bits(shading, components)
    found: list[tuple[list[Point], list[Values]]] = []
    while bits.more():
        flag = bits.flag()
        points: list[Point] = []
        colours: list[Values] = []
        if flag and found:
            before, shades = found[-1]
            points = [before[index] for index in _CARRIED[flag]]
            colours = [shades[flag], shades[(flag + 1) % 4]]
        points += [bits.point() for _ in range(count - len(points))]
        colours += [bits.colour() for _ in range(4 - len(colours))]
        bits.align()
        found.append((points, colours))
        if len(found) > _MOST_TRIANGLES // 32:
            raise OfdError("unsupported_shading", "A shading has too many patches.")
    grid = max(4, min(_GRID, math.isqrt(_MOST_TRIANGLES // 2 // max(1, len(found)))))
    for points, colours in found:
        yield from _cells(_patch_rows(points, colours, grid))


def _patch_rows(points: list[Point], colours: list[Values], grid: int) -> list[list[Vertex]]:
    net = dict(zip(_ORDER, points, strict=False))
    if len(points) == 16:
        net |= dict(zip(_INNER, points[12:], strict=True))
    else:
        net |= {
            (1, 1): _inner(net, 0, 0),
            (1, 2): _inner(net, 0, 3),
            (2, 1): _inner(net, 3, 0),
            (2, 2): _inner(net, 3, 3),
        }
    weights = [_bernstein(step / grid) for step in range(grid + 1)]
    rows: list[list[Vertex]] = []
    for u, across in enumerate(weights):
        row: list[Vertex] = []
        for v, along in enumerate(weights):
            x = sum(across[i] * along[j] * net[i, j][0] for i in range(4) for j in range(4))
            y = sum(across[i] * along[j] * net[i, j][1] for i in range(4) for j in range(4))
            s, t = u / grid, v / grid
            shares = ((1 - s) * (1 - t), (1 - s) * t, s * t, s * (1 - t))
            values = tuple(sum(w * c for w, c in zip(shares, each, strict=True)) for each in zip(*colours, strict=True))
            row.append(((x, y), values))
        rows.append(row)
    return rows


def _inner(net: dict[tuple[int, int], Point], i: int, j: int) -> Point:
    """An inner point of a Coons patch as a tensor patch, nearest to corner i, j (ISO 32000-1, 8.7.4.5.8)."""
    far_i, far_j, near_i, near_j = 3 - i, 3 - j, 1 if i == 0 else 2, 1 if j == 0 else 2

    def at(axis: int) -> float:
        return (
            -4 * net[i, j][axis]
            + 6 * (net[i, near_j][axis] + net[near_i, j][axis])
            - 2 * (net[i, far_j][axis] + net[far_i, j][axis])
            + 3 * (net[far_i, near_j][axis] + net[near_i, far_j][axis])
            - net[far_i, far_j][axis]
        ) / 9

    return at(0), at(1)


def _bernstein(t: float) -> Values:
    rest = 1 - t
    return rest**3, 3 * t * rest**2, 3 * t**2 * rest, t**3
