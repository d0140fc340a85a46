"""Sheets of an OFD, from its scenes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from yichuan.lib.gongwen.grid import MM
from yichuan.lib.gongwen.sheets.model import Glyph, Rule, Sheet, sane
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.geometry import Matrix, apply, bounds_of, multiply, scale_of
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.scene import SceneReader
from yichuan.lib.ofd.scene.model import Group, Item, Paint, Scene, Shape, Solid, Text
from yichuan.lib.ofd.signatures import read_records, read_signature_file

_THICKEST = 2.0  # mm of what still counts as a line
_SHORTEST = 2.0
_MOST_OBJECTS = 1_000_000
Box = tuple[float, float, float, float]


def sheets_of_ofd(source: bytes | Package, *, most: int | None = None) -> tuple[Sheet, ...]:
    """Every page of the document, or the first ``most``. Raises OfdError as reading and drawing it does."""
    package = source if isinstance(source, Package) else Package.open(source)
    reader = SceneReader(package, most_objects=_MOST_OBJECTS)
    seals = _seals(package)
    return tuple(
        _sheet(reader.scene(page.index, stamps=False, resolve=False), seals.get(page.id, ()))
        for page in reader.document.pages[:most]
    )


def _sheet(scene: Scene, seals: tuple[Box, ...]) -> Sheet:
    x, y, width, height = scene.box
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    for item, matrix in _flat(scene.items, (1.0, 0.0, 0.0, 1.0, -x, -y)):
        if isinstance(item, Text):
            glyphs += _glyphs(item, matrix)
        elif isinstance(item, Shape) and (rule := _rule(item, matrix)):
            rules.append(rule)
    return Sheet(width, height, tuple(glyphs), tuple(rules), seals)


def _flat(items: tuple[Item, ...], matrix: Matrix) -> Iterator[tuple[Item, Matrix]]:
    for item in items:
        if isinstance(item, Group):
            yield from _flat(item.items, multiply(item.matrix, matrix))
        else:
            yield item, matrix


def _glyphs(text: Text, matrix: Matrix) -> Iterator[Glyph]:
    if text.fill is None and text.pen is None:
        return
    name = text.face.resource.name or text.face.resource.family if text.face.resource else ""
    rgb = _rgb(text.fill if text.fill is not None else text.pen.paint if text.pen else None)
    size = text.size * math.hypot(matrix[2], matrix[3]) * MM
    for cell in text.cells:
        if cell.text:
            x, y = apply(matrix, (cell.x, cell.y))
            if not sane(x, y, size):
                continue
            yield Glyph(cell.text, x, y, size, name, rgb)


def _rule(shape: Shape, matrix: Matrix) -> Rule | None:
    """A line drawn with a pen, or filled as a thin box."""
    points = [
        apply(matrix, (values[index], values[index + 1]))
        for letter, values in shape.path
        for index in ((len(values) - 2,) if letter == "A" else range(0, len(values) - 1, 2))
        if values
    ]
    if not points:
        return None
    left, top, right, bottom = bounds_of(points)
    if not sane(left, top, right, bottom) or bottom - top > _THICKEST or right - left < _SHORTEST:
        return None
    if shape.pen is not None and shape.fill is None:
        return Rule(left, right, (top + bottom) / 2, shape.pen.width * scale_of(matrix), _rgb(shape.pen.paint))
    if shape.fill is not None:
        return Rule(left, right, (top + bottom) / 2, bottom - top, _rgb(shape.fill))
    return None


def _rgb(paint: Paint | None) -> tuple[int, int, int]:
    return paint.rgb if isinstance(paint, Solid) else (0, 0, 0)


def _seals(package: Package) -> dict[str, tuple[Box, ...]]:
    """Whole seals by page; what cannot be read is left to verifying."""
    found: dict[str, tuple[Box, ...]] = {}
    try:
        for record in read_records(package):
            if record.entry is None:
                continue
            for stamp in read_signature_file(package, record.entry).stamps:
                if stamp.clip is None:
                    found[stamp.page_ref] = (*found.get(stamp.page_ref, ()), stamp.boundary)
    except OfdError:
        return found
    return found
