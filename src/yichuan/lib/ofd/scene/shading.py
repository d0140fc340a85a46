"""Shadings (GB/T 33190-2016 clause 8.3.4): their points are in the space of the path or text they fill."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from ..geometry import Bounds, Point
from ..xmlread import child, children
from .colour import Note, Spaces
from .model import Axial, Mesh, Radial, Rgb, Solid, Stop
from .values import to_float, to_floats

_MOST_STOPS = 1024
_MOST_TRIANGLES = 20_000
_Vertex = tuple[Point, Rgb]


@dataclass(frozen=True)
class ShadingReader:
    """Reads the shadings of one painted thing; `reach` is the box it fills, for shadings that go on without end;
    `spend` counts what it takes."""

    spaces: Spaces
    note: Note
    reach: Callable[[], Bounds]
    spend: Callable[[int], None]

    def axial(self, element: etree._Element, alpha: float) -> Axial | Solid:
        """An AxialShd: MapUnit is the length of one repetition, by default the whole way."""
        start, end = _point(element, "StartPoint"), _point(element, "EndPoint")
        length = math.dist(start, end)
        stops = self._stops(element)
        if length == 0 or len(stops) < 2:
            return _plain(stops, alpha)
        before, after = _extend(element)
        low, high = 0.0, 1.0
        if _repeats(element):
            along = [_along(start, end, corner) for corner in _corners(self.reach())]
            low, high = min(0.0, *along) if before else 0.0, max(1.0, *along) if after else 1.0
        low, high, stops = self._repeated(element, stops, length, (low, high))
        return Axial(_between(start, end, low), _between(start, end, high), stops, before, after, alpha)

    def radial(self, element: etree._Element, alpha: float) -> Radial | Solid:
        """A RadialShd: Eccentricity and Angle make its circles ellipses about their own centres."""
        start, end = _point(element, "StartPoint"), _point(element, "EndPoint")
        first, last = (max(0.0, to_float(element.get(name), 0.0)) for name in ("StartRadius", "EndRadius"))
        stops = self._stops(element)
        if len(stops) < 2 or (start == end and first == last):
            return _plain(stops, alpha)
        before, after = _extend(element)
        low, high = 0.0, 1.0
        length = math.dist(start, end) or abs(last - first)
        if _repeats(element):
            far = max(math.dist(start, corner) for corner in _corners(self.reach())) + length
            grows = last - first
            ends = sorted((-first / grows, (far - first) / grows)) if grows else [-far / length, far / length]
            low, high = min(0.0, ends[0]) if before else 0.0, max(1.0, ends[1]) if after else 1.0
        low, high, stops = self._repeated(element, stops, length, (low, high))
        eccentricity = max(0.0, min(to_float(element.get("Eccentricity"), 0.0), 0.9999))
        return Radial(
            _between(start, end, low),
            max(0.0, first + (last - first) * low),
            _between(start, end, high),
            max(0.0, first + (last - first) * high),
            stops,
            before,
            after,
            to_float(element.get("Angle"), 0.0) % 360,
            math.sqrt(1 - eccentricity**2),
            alpha,
        )

    def gouraud(self, element: etree._Element, alpha: float) -> Mesh:
        """A GouraudShd: EdgeFlag says which two corners of the triangle before a point goes on from."""
        triangles: list[tuple[_Vertex, _Vertex, _Vertex]] = []
        fresh: list[_Vertex] = []
        for point in children(element, "Point"):
            vertex = self._vertex(point)
            flag = (point.get("EdgeFlag") or "0").strip()
            if fresh or not triangles or flag not in ("1", "2"):
                fresh.append(vertex)
                if len(fresh) == 3:
                    triangles.append((fresh[0], fresh[1], fresh[2]))
                    fresh = []
            else:
                a, b, c = triangles[-1]
                triangles.append((b, c, vertex) if flag == "1" else (a, c, vertex))
            if len(triangles) >= _MOST_TRIANGLES:
                break
        return self._mesh(element, triangles, alpha)

    def lattice(self, element: etree._Element, alpha: float) -> Mesh:
        """An LaGouraudShd: rows of points, every four neighbours two triangles."""
        width = int(to_float(element.get("VerticesPerRow"), 0.0))
        points = [self._vertex(point) for point in children(element, "Point")][:_MOST_TRIANGLES]
        triangles: list[tuple[_Vertex, _Vertex, _Vertex]] = []
        for row in range(0, len(points) - 2 * width + 1, width) if width > 1 else ():
            for left in range(row, row + width - 1):
                a, b, c, d = points[left], points[left + 1], points[left + width], points[left + width + 1]
                triangles += [(a, b, c), (b, d, c)]
        return self._mesh(element, triangles, alpha)

    def _mesh(self, element: etree._Element, triangles: list[tuple[_Vertex, _Vertex, _Vertex]], alpha: float) -> Mesh:
        self.spend(len(triangles))
        if not triangles:
            self.note("shading_empty", "A mesh shading has no triangle; it paints nothing.")
        ground = child(element, "BackColor")
        return Mesh(tuple(triangles), self.spaces.solid(ground, self.note).rgb if ground is not None else None, alpha)

    def _vertex(self, point: etree._Element) -> _Vertex:
        place = (to_float(point.get("X"), 0.0), to_float(point.get("Y"), 0.0))
        colour = child(point, "Color")
        return place, self.spaces.solid(colour, self.note).rgb if colour is not None else (0, 0, 0)

    def _stops(self, element: etree._Element) -> tuple[Stop, ...]:
        """The Segments; those without a Position stand evenly, the first at 0 and the last at 1."""
        segments = list(children(element, "Segment"))[:_MOST_STOPS]
        stops: list[Stop] = []
        offset = 0.0
        for index, segment in enumerate(segments):
            even = index / max(1, len(segments) - 1)
            offset = max(offset, min(to_float(segment.get("Position"), even), 1.0))
            colour = child(segment, "Color")
            if colour is not None:
                solid = self.spaces.solid(colour, self.note)
                if solid.alpha < 1:
                    self.note("shading_alpha", "The opacity of single colours in a shading is not shown.")
                stops.append(Stop(offset, solid.rgb))
        self.spend(len(stops))
        return tuple(stops)

    def _repeated(
        self, element: etree._Element, stops: tuple[Stop, ...], length: float, way: tuple[float, float]
    ) -> tuple[float, float, tuple[Stop, ...]]:
        """The stops over a longer way (in parts of the whole), as often as MapType and MapUnit let them return."""
        if not _repeats(element):
            return 0.0, 1.0, stops
        unit = min(1.0, (to_float(element.get("MapUnit"), 0.0) or length) / length)
        first, last = (math.floor(way[0] / unit + 1e-9), math.ceil(way[1] / unit - 1e-9)) if unit > 0 else (0, 0)
        if not 0 < (last - first) * len(stops) <= _MOST_STOPS:
            self.note("shading_simplified", "A shading repeats too often; it is shown once.")
            return 0.0, 1.0, stops
        mirrored = element.get("MapType") == "Reflect"
        low, high = max(way[0], first * unit), min(way[1], last * unit)
        ramp = list(_ramp(stops, range(first, last), unit, mirrored=mirrored))
        return low, high, tuple(_cut(ramp, low, high))


def _ramp(stops: tuple[Stop, ...], turns: range, unit: float, *, mirrored: bool) -> Iterator[Stop]:
    first, last = Stop(0.0, stops[0].rgb), Stop(1.0, stops[-1].rgb)
    whole = (*([first] if stops[0].offset > 0 else []), *stops, *([last] if stops[-1].offset < 1 else []))
    for turn in turns:
        backward = mirrored and turn % 2 == 1
        for stop in reversed(whole) if backward else whole:
            yield Stop((turn + (1 - stop.offset if backward else stop.offset)) * unit, stop.rgb)


def _cut(ramp: list[Stop], low: float, high: float) -> Iterator[Stop]:
    """The part of a ramp between two offsets, as offsets from 0 to 1."""
    for place, stop in enumerate(ramp):
        after = ramp[place + 1] if place + 1 < len(ramp) else stop
        if low <= stop.offset <= high:
            yield Stop((stop.offset - low) / (high - low), stop.rgb)
        for edge in (low, high):
            if stop.offset < edge < after.offset:
                part = (edge - stop.offset) / (after.offset - stop.offset)
                mixed = [round(a + (b - a) * part) for a, b in zip(stop.rgb, after.rgb, strict=True)]
                yield Stop((edge - low) / (high - low), (mixed[0], mixed[1], mixed[2]))


def _plain(stops: tuple[Stop, ...], alpha: float) -> Solid:
    """A shading without a way is its last colour."""
    return Solid(stops[-1].rgb if stops else (0, 0, 0), alpha)


def _repeats(element: etree._Element) -> bool:
    return element.get("MapType") in ("Repeat", "Reflect")


def _extend(element: etree._Element) -> tuple[bool, bool]:
    """Extend: 1 goes on before the start, 2 after the end, 3 both."""
    value = (element.get("Extend") or "0").strip()
    return value in ("1", "3"), value in ("2", "3")


def _point(element: etree._Element, name: str) -> Point:
    parts = to_floats(element.get(name))
    return (parts[0], parts[1]) if len(parts) == 2 else (0.0, 0.0)


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _along(start: Point, end: Point, point: Point) -> float:
    """How far a point lies along a line, in parts of it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (dx * dx + dy * dy)


def _corners(box: Bounds) -> Iterable[Point]:
    left, top, right, bottom = box
    return (left, top), (right, top), (left, bottom), (right, bottom)
