"""Shapes that imprints are made of: paths in mm, y downwards, all in one red."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import Face
from yichuan.lib.ofd.drawing import PathShape, picture_ofd

RED = (230, 0, 18)
_CIRCLE = 0.5522847498  # control points of a quarter circle drawn as a cubic curve


@dataclass(frozen=True)
class Imprint:
    """A drawn imprint: shapes in mm from the top left corner of its box, the ground transparent."""

    paths: tuple[PathShape, ...]
    width_mm: float
    height_mm: float

    @property
    def diameter_mm(self) -> float:
        """The larger side; of a round imprint its diameter."""
        return max(self.width_mm, self.height_mm)

    def svg(self) -> str:
        """One SVG of the natural size."""
        width, height = number(self.width_mm), number(self.height_mm)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="0 0 {width} {height}">' + "".join(_svg_path(path) for path in self.paths) + "</svg>"
        )

    def ofd(self) -> bytes:
        """The picture as GB/T 38540 seals carry it: a one-page OFD of vector paths."""
        return picture_ofd(list(self.paths), self.width_mm, self.height_mm)


def number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def glyph(face: Face, char: str, place: Transform) -> PathShape:
    """One character, ``place`` taking font units (y upwards) to mm."""
    pen = SVGPathPen(None, ntos=number)
    face.draw(char, TransformPen(pen, place))
    return PathShape(pen.getCommands(), fill=RED)


@lru_cache(maxsize=4096)
def ink(face: Face, char: str) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character's outline in em; an empty box at 0 for a blank."""
    pen = BoundsPen(None)
    face.draw(char, pen)
    left, bottom, right, top = pen.bounds or (0.0, 0.0, 0.0, 0.0)
    units = face.units_per_em
    return left / units, bottom / units, right / units, top / units


def ellipse(x: float, y: float, a: float, b: float, stroke_mm: float) -> PathShape:
    """A ring around x, y with half axes a and b, measured in the middle of its stroke."""
    if a == b:
        left, right, middle, r = number(x - a), number(x + a), number(y), number(a)
        data = f"M{left} {middle} A{r} {r} 0 1 1 {right} {middle} A{r} {r} 0 1 1 {left} {middle} Z"
    else:
        points = [(-1, 0), (-1, -_CIRCLE), (-_CIRCLE, -1), (0, -1), (_CIRCLE, -1), (1, -_CIRCLE), (1, 0)]
        points += [(1, _CIRCLE), (_CIRCLE, 1), (0, 1), (-_CIRCLE, 1), (-1, _CIRCLE), (-1, 0)]
        placed = [f"{number(x + a * px)} {number(y + b * py)}" for px, py in points]
        curves = "".join(f" C{' '.join(placed[index : index + 3])}" for index in range(1, 13, 3))
        data = f"M{placed[0]}{curves} Z"
    return PathShape(data, stroke=RED, stroke_mm=stroke_mm)


def star(x: float, y: float, tip: float) -> PathShape:
    """A regular pentagram's outline; its inner corners lie where the lines between the tips cross."""
    notch = tip * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for index in range(10):
        angle = math.radians(36 * index - 90)
        radius = notch if index % 2 else tip
        points.append(f"{number(x + radius * math.cos(angle))} {number(y + radius * math.sin(angle))}")
    return PathShape("M" + " L".join(points) + " Z", fill=RED)


def frame(width: float, height: float, stroke_mm: float) -> PathShape:
    """A rectangle along the edges of the imprint."""
    near, right, low = number(stroke_mm / 2), number(width - stroke_mm / 2), number(height - stroke_mm / 2)
    return PathShape(f"M{near} {near} L{right} {near} L{right} {low} L{near} {low} Z", stroke=RED, stroke_mm=stroke_mm)


def check_text(face: Face, field: str, text: str, least: int, most: int, *, blanks: bool = False) -> None:
    """Refuse a text of another length, with blanks, or with a character the face lacks."""
    bare = " ".join(text.split()) if blanks else "".join(text.split())
    if not least <= len(text) <= most or text != bare:
        kind = "single blanks at most" if blanks else "no blanks"
        raise GongwenError(f"imprint_{field}", f"$.{field}", f"must have {least} to {most} characters and {kind}")
    for char in text:
        if not face.has(char):
            raise GongwenError("missing_glyph", f"$.{field}", f"the seal font has no {char} (U+{ord(char):04X})")


def _svg_path(path: PathShape) -> str:
    fill = "rgb({},{},{})".format(*path.fill) if path.fill else "none"
    rule = ' fill-rule="evenodd"' if path.even_odd else ""
    pen = ""
    if path.stroke:
        pen = ' stroke="rgb({},{},{})" stroke-width="{}"'.format(*path.stroke, number(path.stroke_mm))
    return f'<path d="{path.data}" fill="{fill}"{rule}{pen}/>'
