"""Square seals of persons (名章), read in columns from the right. 签名章 bear handwriting: they are pictures."""

from __future__ import annotations

from fontTools.misc.transform import Identity

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.gongwen.imprint_shapes import Imprint, check_text, frame, glyph, ink
from yichuan.lib.ofd.drawing import PathShape

_FRAME_MM = 0.8
_PAD = 0.055  # share of the side between frame and characters
_APART = 0.035
_LONGEST = 6


def draw_name_seal(name: str, *, font: FontSet, side_mm: float = 18.0) -> Imprint:
    """Draw a square name seal, its characters in two columns from right to left; of three the first stands alone.

    :param name: two to six characters, 印 or 之印 among them if wanted.
    :param side_mm: 10 to 30.
    :raises GongwenError: ``imprint_name``, ``imprint_size``, ``missing_glyph``.
    """
    face = font.seal_face
    check_text(face, "name", name, 2, _LONGEST)
    if not 10.0 <= side_mm <= 30.0:
        raise GongwenError("imprint_size", "$.side_mm", "must lie between 10 and 30 mm")
    shapes = [frame(side_mm, side_mm, _FRAME_MM)]
    first = len(name) // 2
    columns = [name[:first], name[first:]]
    inside = side_mm - 2 * (_FRAME_MM + _PAD * side_mm)
    apart = _APART * side_mm
    width = (inside - apart * (len(columns) - 1)) / len(columns)
    for index, column in enumerate(columns):
        left = side_mm - _FRAME_MM - _PAD * side_mm - (index + 1) * width - index * apart
        height = (inside - apart * (len(column) - 1)) / len(column)
        for row, char in enumerate(column):
            top = _FRAME_MM + _PAD * side_mm + row * (height + apart)
            shapes.append(_filling(face, char, left, top, width, height))
    return Imprint(tuple(shapes), side_mm, side_mm)


def _filling(face: Face, char: str, left: float, top: float, width: float, height: float) -> PathShape:
    """The character stretched until its outline fills the box, though not beyond what keeps its shape."""
    x0, y0, x1, y1 = ink(face, char)
    wide, high = max(x1 - x0, 0.5), max(y1 - y0, 0.5)
    x, y = left + width / 2, top + height / 2
    scale_x, scale_y = width / wide / face.units_per_em, height / high / face.units_per_em
    place = (
        Identity.translate(x, y)
        .scale(scale_x, -scale_y)
        .translate(-(x0 + x1) / 2 * face.units_per_em, -(y0 + y1) / 2 * face.units_per_em)
    )
    return glyph(face, char, place)
