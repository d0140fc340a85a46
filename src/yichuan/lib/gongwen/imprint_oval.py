"""Oval imprints of 专用章, such as 发票专用章: 40 × 30 mm, the tax number in the middle."""

from __future__ import annotations

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.imprint import LONGEST_BOTTOM, LONGEST_NAME, SHORTEST_NAME, ring_text
from yichuan.lib.gongwen.imprint_shapes import Imprint, check_text, ellipse
from yichuan.lib.gongwen.imprint_text import Arc, straight

LONGEST_CODE = 24
_RING_MM = 1.0
_GAP = 1.0  # mm between ring and name
_WIDEST = 215.0  # degrees of the name
_CODE_HEIGHT, _BOTTOM_HEIGHT = 0.12, 0.14  # shares of the height
_BOTTOM_DOWN = 0.27


def draw_oval(
    name: str, *, font: FontSet, code: str = "", bottom: str = "", width_mm: float = 40.0, height_mm: float = 30.0
) -> Imprint:
    """Draw an oval imprint: the name over the top, a number in the middle, the seal's use below.

    :param name: 4 to 32 characters.
    :param code: up to 24 digits and letters, such as 统一社会信用代码.
    :param bottom: up to 12 characters, such as 发票专用章.
    :param width_mm: 30 to 60, and more than ``height_mm``, which is 20 to 45.
    :raises GongwenError: ``imprint_name``, ``imprint_code``, ``imprint_bottom``, ``imprint_size``, ``missing_glyph``.
    """
    face = font.seal_face
    check_text(face, "name", name, SHORTEST_NAME, LONGEST_NAME)
    check_text(face, "code", code, 0, LONGEST_CODE)
    check_text(face, "bottom", bottom, 0, LONGEST_BOTTOM)
    if not (30.0 <= width_mm <= 60.0 and 20.0 <= height_mm <= 45.0 and height_mm < width_mm):
        raise GongwenError("imprint_size", "$.width_mm", "must be 30 to 60 mm, above the height of 20 to 45 mm")
    x, y = width_mm / 2, height_mm / 2
    shapes = [ellipse(x, y, x - _RING_MM / 2, y - _RING_MM / 2, _RING_MM)]
    arc = Arc(x, y, x - _RING_MM - _GAP, y - _RING_MM - _GAP)
    shapes += ring_text(name, face, arc, widest=_WIDEST)[0]
    if code:
        height = _CODE_HEIGHT * height_mm
        width = min(0.6 * height, 0.62 * width_mm / len(code))
        shapes += straight(code, face, x, y + 0.03 * height_mm, width=width, height=height)
    if bottom:
        height = _BOTTOM_HEIGHT * height_mm
        width = min(height, 0.45 * width_mm / len(bottom))
        shapes += straight(bottom, face, x, y + _BOTTOM_DOWN * height_mm, width=width, height=height)
    return Imprint(tuple(shapes), width_mm, height_mm)
