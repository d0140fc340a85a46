"""What is painted with: plain colours, shadings, meshes, tilings (ISO 32000-1 clauses 8.6 to 8.7)."""

import math
import struct
from collections.abc import Callable
from itertools import pairwise

from pikepdf import Array, Dictionary, Name, Object

from ..geometry import IDENTITY, Bounds, Matrix, apply, bounds_of, inverse, multiply, number
from ..scene.model import Axial, Clip, Group, Item, Mesh, Paint, Radial, Rgb, Shape, Solid, Stop, Tiling
from .canvas import Canvas, Shelf, box_array
from .paths import box_path, decimals

_MOST_TILES = 250_000
_COORDINATE = 2**24 - 1
_SAME = 1e-6
Cover = Callable[[], Bounds | None]
Draw = Callable[[Canvas, tuple[Item, ...], Matrix, Bounds], None]
"""Draws items into a canvas: the matrix takes them into its space, the bounds are what can be seen there."""


def colour_operator(rgb: Rgb, *, stroke: bool) -> str:
    """Set a plain colour."""
    return f"{decimals((part / 255 for part in rgb), 4)} {'RG' if stroke else 'rg'}"


def set_paint(canvas: Canvas, paint: Paint, matrix: Matrix, cover: Cover, draw: Draw, *, stroke: bool) -> None:
    """Make `paint` the colour of what is filled or stroked next; its opacity is set apart from this.

    `matrix` takes the item's space into the canvas's; `cover` says what the item covers in its own space.
    """
    paint = _simplest(canvas.shelf, paint, cover)
    if isinstance(paint, Solid):
        canvas.write(colour_operator(paint.rgb, stroke=stroke))
        return
    if isinstance(paint, Tiling):
        pattern = _tiling(canvas.shelf, paint, matrix, draw)
    else:
        pattern = _shaded(canvas.shelf, paint, matrix)
    space, colour = ("CS", "SCN") if stroke else ("cs", "scn")
    canvas.write(f"/Pattern {space} {canvas.name('Pattern', pattern)} {colour}")


def _simplest(shelf: Shelf, paint: Paint, cover: Cover) -> Paint:
    """A plain colour where that is all there is to see, or all that can be drawn."""
    if isinstance(paint, Axial) and paint.start == paint.end:
        return Solid(paint.stops[-1].rgb, paint.alpha)
    if isinstance(paint, Tiling):
        width, height = abs(paint.steps[0]), abs(paint.steps[1])
        back = inverse(paint.matrix)
        if back is None or not width or not height:
            shelf.note("pattern_flat", "A pattern's cell has no size; grey is shown.")
            return Solid((128, 128, 128), paint.alpha)
        left, top, right, bottom = cover() or paint.box
        area = bounds_of(apply(back, corner) for corner in ((left, top), (right, top), (right, bottom), (left, bottom)))
        if (area[2] - area[0]) / width * ((area[3] - area[1]) / height) > _MOST_TILES:
            shelf.note("pattern_too_fine", "A pattern repeats too often to be drawn; grey is shown.")
            return Solid((128, 128, 128), paint.alpha)
    return paint


def _shaded(shelf: Shelf, paint: Axial | Radial | Mesh, matrix: Matrix) -> Object:
    coordinates: tuple[float, ...]
    if isinstance(paint, Mesh):
        shading = _mesh(shelf, paint)
    else:
        if isinstance(paint, Radial):
            own, coordinates = _circles(paint)
            matrix = multiply(own, matrix)
        else:
            coordinates = (*paint.start, *paint.end)
        shading = Dictionary(
            ShadingType=2 if isinstance(paint, Axial) else 3,
            ColorSpace=Name.DeviceRGB,
            Coords=_array(coordinates),
            Function=_function(paint.stops),
            Extend=Array([paint.before, paint.after]),
        )
    return shelf.pdf.make_indirect(
        Dictionary(Type=Name.Pattern, PatternType=2, Matrix=_array(matrix), Shading=shelf.pdf.make_indirect(shading))
    )


def _circles(paint: Radial) -> tuple[Matrix, tuple[float, ...]]:
    """The matrix in which the ellipses are circles around 0, 0 at the start, and the circles."""
    turn, squash = math.radians(paint.angle), paint.squash if abs(paint.squash) > _SAME else _SAME
    cosine, sine = math.cos(turn), math.sin(turn)
    own: Matrix = (cosine, sine, -sine * squash, cosine * squash, *paint.start)
    end = apply(inverse(own) or IDENTITY, paint.end)
    return own, (0.0, 0.0, paint.start_radius, *end, paint.end_radius)


def _function(stops: tuple[Stop, ...]) -> Dictionary:
    """From 0 to 1 through the stops; the colours of the first and the last go on to the ends."""
    marks = sorted(stops, key=lambda stop: stop.offset) or [Stop(0.0, (0, 0, 0))]
    marks = [Stop(0.0, marks[0].rgb), *marks, Stop(1.0, marks[-1].rgb)]
    ways = [(one, two) for one, two in pairwise(marks) if two.offset - one.offset > _SAME]
    parts = [
        Dictionary(FunctionType=2, Domain=_array((0, 1)), N=1, C0=_colour(one.rgb), C1=_colour(two.rgb))
        for one, two in ways
    ]
    if len(parts) == 1:
        return parts[0]
    return Dictionary(
        FunctionType=3,
        Domain=_array((0, 1)),
        Functions=Array(parts),
        Bounds=_array([one.offset for one, _ in ways[1:]]),
        Encode=_array((0, 1) * len(parts)),
    )


def _mesh(shelf: Shelf, mesh: Mesh) -> Object:
    """Free triangles (type 4), every corner given for each."""
    corners = [corner for triangle in mesh.triangles for corner in triangle]
    left, top, right, bottom = bounds_of([point for point, _ in corners] or [(0.0, 0.0)])
    wide, high = max(right - left, _SAME), max(bottom - top, _SAME)
    data = bytearray()
    for (x, y), rgb in corners:
        across, down = round((x - left) / wide * _COORDINATE), round((y - top) / high * _COORDINATE)
        data += b"\0" + across.to_bytes(3, "big") + down.to_bytes(3, "big") + struct.pack("3B", *rgb)
    entries = {
        "/ShadingType": 4,
        "/ColorSpace": Name.DeviceRGB,
        "/BitsPerCoordinate": 24,
        "/BitsPerComponent": 8,
        "/BitsPerFlag": 8,
        "/Decode": _array((left, left + wide, top, top + high, 0, 1, 0, 1, 0, 1)),
    }
    if mesh.background is not None:
        entries["/Background"] = _colour(mesh.background)
    return shelf.stream(bytes(data), entries)


def _tiling(shelf: Shelf, tiling: Tiling, matrix: Matrix, draw: Draw) -> Object:
    """A cell, or a block of cells with its mirrored neighbours, to be repeated."""
    left, top, right, bottom = tiling.box
    step_x, step_y = abs(tiling.steps[0]), abs(tiling.steps[1])
    across = 2 if tiling.mirror in ("row", "both") else 1
    down = 2 if tiling.mirror in ("column", "both") else 1
    frame = Clip(((IDENTITY, Shape(box_path(tiling.box), None, None)),))
    cell = tiling.cell if across == down == 1 else (Group(tiling.cell, clips=(frame,)),)
    canvas = Canvas(shelf)
    for row in range(down):
        for column in range(across):
            place: Matrix = (1.0, 0.0, 0.0, 1.0, column * step_x, row * step_y)
            if column:
                place = multiply((-1.0, 0.0, 0.0, 1.0, left + right, 0.0), place)
            if row:
                place = multiply((1.0, 0.0, 0.0, -1.0, 0.0, top + bottom), place)
            draw(canvas, cell, place, tiling.box)
    box = (left, top, right + (across - 1) * step_x, bottom + (down - 1) * step_y)
    entries = {
        "/Type": Name.Pattern,
        "/PatternType": 1,
        "/PaintType": 1,
        "/TilingType": 1,
        "/BBox": box_array(box),
        "/XStep": across * step_x,
        "/YStep": down * step_y,
        "/Matrix": _array(multiply(tiling.matrix, matrix)),
        "/Resources": canvas.resources,
    }
    return shelf.pdf.make_indirect(shelf.stream(canvas.content, entries))


def _array(values: "tuple[float, ...] | list[float]") -> Array:
    return Array([Object.parse(number(value, 7).encode()) for value in values])


def _colour(rgb: Rgb) -> Array:
    return _array([part / 255 for part in rgb])
