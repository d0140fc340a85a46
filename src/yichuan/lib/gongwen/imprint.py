"""The imprint of a seal as vector paths: 国发〔1999〕25号, 国务院关于国家行政机关和企业事业单位社会团体印章管理的规定.

Round, a ring about 1 mm wide, a five-pointed star in the middle, the full name in simplified 宋体 from left to right
along the ring. The national emblem of governments' seals is not drawn: their centre is left free (``none``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.ofd.drawing import PathShape, picture_ofd

# Diameters in mm by rank: 国务院, provinces and ministries, governments from prefecture to county, townships, and the
# largest of departments and public institutions.
RANK_DIAMETER_MM = {"state": 60.0, "province": 50.0, "county": 45.0, "township": 42.0, "department": 45.0}
SHORTEST_NAME, LONGEST_NAME, LONGEST_BOTTOM = 4, 32, 12

_RED = (230, 0, 18)
_RING_MM = 1.0
_GAP = 0.031  # between ring and name; this and the following are shares of the diameter
_TALLEST, _LOWEST = 0.162, 0.093  # height of the name's characters
_NARROWEST = 0.62  # width to height of a character before it is made lower
_FILL = 0.9  # share of its place on the arc that a character takes
_STAR = 1 / 3
_STAR_CLEARANCE = 0.024  # between the star's tips and the name
_BOTTOM_HEIGHT, _BOTTOM_WIDTH, _BOTTOM_DOWN = 0.11, 0.1, 0.28
_DESCENT = 0.12  # of an em, below the baseline


@dataclass(frozen=True)
class Imprint:
    """A drawn imprint: shapes in mm from the top left corner of a square of ``diameter_mm``, its ground transparent."""

    paths: tuple[PathShape, ...]
    diameter_mm: float

    def svg(self) -> str:
        """One SVG of the natural size."""
        size = _number(self.diameter_mm)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{size}mm" viewBox="0 0 {size} {size}">'
            + "".join(_svg_path(path) for path in self.paths)
            + "</svg>"
        )

    def ofd(self) -> bytes:
        """The picture as GB/T 38540 seals carry it: a one-page OFD of vector paths."""
        return picture_ofd(list(self.paths), self.diameter_mm, self.diameter_mm)


def draw_imprint(
    name: str,
    *,
    diameter_mm: float,
    font: FontSet,
    centre: Literal["star", "none"] = "star",
    bottom: str = "",
) -> Imprint:
    """Draw a unit's imprint.

    :param name: the unit's full name, 4 to 32 characters, along the ring.
    :param diameter_mm: 30 to 60; ``RANK_DIAMETER_MM`` has the regulation's figures.
    :param bottom: up to 12 characters in a line under the star, such as 公文专用章.
    :raises GongwenError: ``imprint_name``, ``imprint_bottom``, ``imprint_diameter`` or ``missing_glyph``.
    """
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or name != "".join(name.split()):
        raise GongwenError(
            "imprint_name", "$.name", f"must have {SHORTEST_NAME} to {LONGEST_NAME} characters and no blanks"
        )
    if len(bottom) > LONGEST_BOTTOM or bottom != "".join(bottom.split()):
        raise GongwenError("imprint_bottom", "$.bottom", f"must have at most {LONGEST_BOTTOM} characters and no blanks")
    if not 30.0 <= diameter_mm <= 60.0:
        raise GongwenError("imprint_diameter", "$.diameter_mm", "must lie between 30 and 60 mm")
    face = font.seal_face
    for field, text in (("name", name), ("bottom", bottom)):
        for char in text:
            if not face.has(char):
                raise GongwenError("missing_glyph", f"$.{field}", f"the seal font has no {char} (U+{ord(char):04X})")
    radius = diameter_mm / 2
    outer = radius - _RING_MM - _GAP * diameter_mm
    # A line under the star wants the lower part of the ring for itself.
    name_shapes, inner = _ring_text(name, diameter_mm, outer, face, widest=230.0 if bottom else 300.0)
    shapes = [PathShape(_circle(radius, radius - _RING_MM / 2), stroke=_RED, stroke_mm=_RING_MM), *name_shapes]
    if centre == "star":
        tip = min(_STAR * radius, inner - _STAR_CLEARANCE * diameter_mm)
        shapes.append(PathShape(_star(radius, tip), fill=_RED))
    if bottom:
        shapes += _bottom_text(bottom, diameter_mm, outer, face)
    return Imprint(tuple(shapes), diameter_mm)


def _ring_text(name: str, diameter: float, outer: float, face: Face, *, widest: float) -> tuple[list[PathShape], float]:
    """The name's characters, upright on the ring, and the radius they leave free inside."""
    span = math.radians(min(widest, 150.0 + (len(name) - 4) * 11.5))
    pitch = span / (len(name) - 1)
    height = _TALLEST * diameter
    while True:
        # Measured a third up the character, where most of them are widest.
        width = min(height, pitch * (outer - 0.7 * height) * _FILL)
        if width / height >= _NARROWEST or height <= _LOWEST * diameter:
            break
        height -= 0.0036 * diameter
    centre = diameter / 2
    shapes = []
    for index, char in enumerate(name):
        angle = index * pitch - span / 2
        place = (
            Identity.translate(centre, centre)
            .rotate(angle)
            .translate(-width / 2, -(outer - height) - _DESCENT * height)
            .scale(width / face.units_per_em, -height / face.units_per_em)
        )
        shapes.append(_glyph(face, char, place))
    return shapes, outer - height


def _bottom_text(text: str, diameter: float, outer: float, face: Face) -> list[PathShape]:
    height = _BOTTOM_HEIGHT * diameter
    down = _BOTTOM_DOWN * diameter
    chord = 2 * math.sqrt(outer**2 - (down + height / 2) ** 2)
    width = min(_BOTTOM_WIDTH * diameter, 0.8 * chord / len(text))
    left = (diameter - width * len(text)) / 2
    baseline = diameter / 2 + down + height * (0.5 - _DESCENT)
    return [
        _glyph(
            face,
            char,
            Identity.translate(left + index * width, baseline).scale(
                width * 0.95 / face.units_per_em, -height / face.units_per_em
            ),
        )
        for index, char in enumerate(text)
    ]


def _glyph(face: Face, char: str, place: Transform) -> PathShape:
    pen = SVGPathPen(None, ntos=_number)
    face.draw(char, TransformPen(pen, place))
    return PathShape(pen.getCommands(), fill=_RED)


def _circle(centre: float, radius: float) -> str:
    left, right, r = _number(centre - radius), _number(centre + radius), _number(radius)
    middle = _number(centre)
    return f"M{left} {middle} A{r} {r} 0 1 1 {right} {middle} A{r} {r} 0 1 1 {left} {middle} Z"


def _star(centre: float, tip: float) -> str:
    """A regular pentagram's outline; its inner corners lie where the lines between the tips cross."""
    notch = tip * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for index in range(10):
        angle = math.radians(36 * index - 90)
        radius = notch if index % 2 else tip
        points.append(f"{_number(centre + radius * math.cos(angle))} {_number(centre + radius * math.sin(angle))}")
    return "M" + " L".join(points) + " Z"


def _svg_path(path: PathShape) -> str:
    fill = "rgb({},{},{})".format(*path.fill) if path.fill else "none"
    pen = ""
    if path.stroke:
        pen = ' stroke="rgb({},{},{})" stroke-width="{}"'.format(*path.stroke, _number(path.stroke_mm))
    return f'<path d="{path.data}" fill="{fill}"{pen}/>'


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
