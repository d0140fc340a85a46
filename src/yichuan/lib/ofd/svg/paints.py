"""Paints as SVG: attributes for plain colours, definitions for gradients, patterns and meshes."""

import math
from collections.abc import Callable
from itertools import product

from ..geometry import IDENTITY, Bounds, Matrix, number, numbers
from ..scene.model import Axial, Item, Mesh, Paint, Pen, Radial, Rgb, Solid, Stop, Tiling
from .marks import rectangle, transform
from .mesh import Circle, discs, flat_triangles
from .sheet import Sheet

Box = Callable[[], Bounds]
Draw = Callable[[tuple[Item, ...]], str]


def hex_of(rgb: Rgb) -> str:
    """A colour such as #e60012."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


class Paints:
    """The paints of one sheet; `draw` writes the items of a pattern's cell."""

    def __init__(self, sheet: Sheet, draw: Draw) -> None:
        self._sheet = sheet
        self._draw = draw

    def filling(self, paint: Paint | None, box: Box) -> str:
        """The fill attributes of something that covers `box`."""
        return ' fill="none"' if paint is None else self._attributes("fill", paint, box)

    def stroking(self, pen: Pen | None, box: Box, scale: float = 1.0) -> str:
        """The stroke attributes; lengths are divided by `scale`."""
        if pen is None:
            return ""
        text = f'{self._attributes("stroke", pen.paint, box)} stroke-width="{number(pen.width / scale)}"'
        if pen.cap != "butt":
            text += f' stroke-linecap="{pen.cap}"'
        if pen.join != "miter":
            text += f' stroke-linejoin="{pen.join}"'
        else:
            text += f' stroke-miterlimit="{number(pen.miter)}"'
        if pen.dashes:
            dashes = numbers(dash / scale for dash in pen.dashes)
            text += f' stroke-dasharray="{dashes}" stroke-dashoffset="{number(pen.offset / scale)}"'
        return text

    def _attributes(self, kind: str, paint: Paint, box: Box) -> str:
        opacity = f' {kind}-opacity="{number(paint.alpha)}"' if paint.alpha < 1 else ""
        match paint:
            case Solid(rgb):
                return f' {kind}="{hex_of(rgb)}"{opacity}'
            case Axial():
                name = self._axial(paint)
            case Radial():
                name = self._radial(paint, box())
            case Mesh():
                name = self._mesh(paint, box())
            case Tiling():
                name = self._tiling(paint)
        return f' {kind}="url(#{name})"{opacity}'

    def _axial(self, paint: Axial) -> str:
        (x1, y1), (x2, y2) = paint.start, paint.end
        line = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        return self._gradient("linearGradient", line, IDENTITY, _stops(paint.stops, paint.before, paint.after))

    def _radial(self, paint: Radial, box: Bounds) -> str:
        """SVG goes from a circle outwards to one around it; inwards the stops are turned round. Circles side by side,
        which browsers and printers draw each in their own way, become a pattern of many discs."""
        turn = math.radians(paint.angle)
        cos, sin = math.cos(turn), math.sin(turn)
        ellipse: Matrix = (cos, sin, -sin * paint.squash, cos * paint.squash, *paint.start)
        dx, dy = paint.end[0] - paint.start[0], paint.end[1] - paint.start[1]
        first: Circle = (0.0, 0.0, paint.start_radius)
        last: Circle = (cos * dx + sin * dy, (cos * dy - sin * dx) / paint.squash, paint.end_radius)
        if math.dist(first[:2], last[:2]) > abs(last[2] - first[2]):
            body = "".join(
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{hex_of(rgb)}"/>'
                for x, y, radius, rgb in discs(paint, first, last, math.dist(box[:2], box[2:]))
            )
            return self._picture(box, f"<g{transform(ellipse)}>{body}</g>")
        stops, ends = paint.stops, (paint.before, paint.after)
        if first[2] > last[2]:
            first, last, ends = last, first, (ends[1], ends[0])
            stops = tuple(Stop(1 - stop.offset, stop.rgb) for stop in reversed(stops))
        (fx, fy, fr), (cx, cy, r) = first, last
        circles = (
            f'cx="{number(cx)}" cy="{number(cy)}" r="{number(r)}" fx="{number(fx)}" fy="{number(fy)}" fr="{number(fr)}"'
        )
        return self._gradient("radialGradient", circles, ellipse, _stops(stops, *ends))

    def _gradient(self, kind: str, shape: str, matrix: Matrix, stops: str) -> str:
        moved = transform(matrix, "gradientTransform")
        return self._sheet.define(
            "p", lambda name: f'<{kind} id="{name}" gradientUnits="userSpaceOnUse" {shape}{moved}>{stops}</{kind}>'
        )

    def _picture(self, box: Bounds, body: str) -> str:
        """A pattern of one tile as large as what it fills, in the same coordinates."""
        left, top, right, bottom = box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1
        place = rectangle((left, top, right, bottom))
        view = f'viewBox="{numbers((left, top, right - left, bottom - top))}"'
        return self._sheet.define(
            "p", lambda name: f'<pattern id="{name}" patternUnits="userSpaceOnUse" {place} {view}>{body}</pattern>'
        )

    def _mesh(self, mesh: Mesh, box: Bounds) -> str:
        wide = (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
        ground = f'<rect {rectangle(wide)} fill="{hex_of(mesh.background)}"/>' if mesh.background is not None else ""
        # Each triangle with a fine pen of its own colour, or the paper would shine through between them.
        parts = [
            f'<path d="M{numbers(a)}L{numbers(b)}L{numbers(c)}Z" fill="{hex_of(rgb)}" stroke="{hex_of(rgb)}"/>'
            for a, b, c, rgb in flat_triangles(mesh)
        ]
        return self._picture(box, f'{ground}<g shape-rendering="crispEdges" stroke-width="0.1">{"".join(parts)}</g>')

    def _tiling(self, tiling: Tiling) -> str:
        left, top, right, bottom = tiling.box
        columns = 2 if tiling.mirror in ("row", "both") else 1
        rows = 2 if tiling.mirror in ("column", "both") else 1
        body = self._draw(tiling.cell)
        if rows * columns > 1:
            once = self._sheet.define("t", lambda name: f'<g id="{name}">{body}</g>')
            body = f'<use href="#{once}"/>'
        clip = self._sheet.clip(f"<rect {rectangle(tiling.box)}/>")
        cells = []
        for column, row in product(range(columns), range(rows)):
            across, down = (-1.0 if column else 1.0), (-1.0 if row else 1.0)
            shift_x = column * tiling.steps[0] + (left + right if column else 0.0)
            shift_y = row * tiling.steps[1] + (top + bottom if row else 0.0)
            cells.append(
                f'<g{transform((across, 0.0, 0.0, down, shift_x, shift_y))} clip-path="url(#{clip})">{body}</g>'
            )
        wide, high = number(columns * tiling.steps[0]), number(rows * tiling.steps[1])
        moved = transform(tiling.matrix, "patternTransform")
        return self._sheet.define(
            "p",
            lambda name: (
                f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{wide}" height="{high}"{moved}>'
                f"{''.join(cells)}</pattern>"
            ),
        )


def _stops(stops: tuple[Stop, ...], before: bool, after: bool) -> str:
    """The stops; where a gradient does not go on beyond its ends, unseen ones stand outside."""
    parts = [f'<stop offset="{number(stop.offset)}" stop-color="{hex_of(stop.rgb)}"/>' for stop in stops]
    if not before:
        first = f'<stop offset="0" stop-color="{hex_of(stops[0].rgb)}"'
        parts[:0] = [f'{first} stop-opacity="0"/>', f"{first}/>"]
    if not after:
        last = f'<stop offset="1" stop-color="{hex_of(stops[-1].rgb)}"'
        parts += [f"{last}/>", f'{last} stop-opacity="0"/>']
    return "".join(parts)
