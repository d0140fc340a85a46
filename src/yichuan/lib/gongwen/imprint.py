"""The imprint of a seal as vector paths: 国发〔1999〕25号, 国务院关于国家行政机关和企业事业单位社会团体印章管理的规定.

Round, a ring about 1 mm wide, a five-pointed star or the national emblem in the middle, the full name in simplified
宋体 from left to right along the ring. Oval and square imprints stand in ``imprint_oval`` and ``imprint_name``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.gongwen.imprint_emblem import Emblem
from yichuan.lib.gongwen.imprint_shapes import Imprint, check_text, ellipse, star
from yichuan.lib.gongwen.imprint_text import Arc, breadth, letters, lower, straight, upper
from yichuan.lib.ofd.drawing import PathShape

__all__ = ["RANKS", "RANK_DIAMETER_MM", "Emblem", "Imprint", "Rank", "draw_imprint", "rank_of"]


@dataclass(frozen=True)
class Rank:
    """What the regulation says of a seal: ``diameter_mm`` (of departments the largest), what stands in the middle, and
    whose seals these are."""

    diameter_mm: float
    centre: Literal["emblem", "star"]
    rule: str


# 国发〔1999〕25号, as known from secondary copies.
RANKS = {
    "state": Rank(60.0, "emblem", "国务院的印章，直径 6 厘米，中央刊国徽"),
    "province": Rank(50.0, "emblem", "省、自治区、直辖市人民政府和国务院各部委的印章，直径 5 厘米，中央刊国徽"),
    "county": Rank(45.0, "emblem", "自治州、市、县级和市辖区人民政府的印章，直径 4.5 厘米，中央刊国徽"),
    "prefecture": Rank(45.0, "star", "地区（盟）行政公署的印章，直径 4.5 厘米，中央刊五角星"),
    "township": Rank(42.0, "star", "乡（镇）人民政府的印章，直径 4.2 厘米，中央刊五角星"),
    "department": Rank(45.0, "star", "政府部门、事业单位、社会团体的印章，直径不超过 4.5 厘米，中央刊五角星"),
}
_GOVERNMENT = "人民政府"
_ENDINGS = (  # of the names of governments, the first that fits
    (("乡", "镇"), "township"),
    (("省", "自治区", "北京市", "天津市", "上海市", "重庆市"), "province"),
)
RANK_DIAMETER_MM = {name: rank.diameter_mm for name, rank in RANKS.items()}
SHORTEST_NAME, LONGEST_NAME, LONGEST_BOTTOM, LONGEST_FOREIGN, LONGEST_INNER = 4, 32, 12, 60, 16

_RING_MM = 1.0
_GAP = 0.031  # between ring and name; this and the following are shares of the diameter
_TALLEST, _LOWEST = 0.162, 0.093  # height of the name's characters
_NARROWEST = 0.62  # width to height of a character before it is made lower
_FILL = 0.9  # share of its place on the arc that a character takes
_STAR = 1 / 3
_CLEARANCE, _INNER_CLEARANCE = 0.024, 0.05  # between the centre and the text around it
_EMBLEM = 0.42  # largest diameter of the emblem
_INNER_GAP = 0.02
_INNER_HEIGHT = 0.085
_FOREIGN_TALLEST, _FOREIGN_LOWEST = 0.062, 0.04
_FOREIGN_WANTED, _FOREIGN_NARROWEST = 0.55, 0.42  # width of its letters to what the face has
_BOTTOM_HEIGHT, _BOTTOM_WIDTH, _BOTTOM_DOWN = 0.11, 0.1, 0.28
_BOTTOM_ARC_HEIGHT = 0.075


def rank_of(name: str) -> str:
    """The key in ``RANKS`` of the rule for the seal of whoever bears this full name; "department" is the rule for all
    who are no government themselves."""
    if name == "国务院":
        return "state"
    if name.endswith("行政公署"):
        return "prefecture"
    if not name.endswith(_GOVERNMENT):
        return "department"
    place = name.removesuffix(_GOVERNMENT)
    return next((rank for endings, rank in _ENDINGS if place.endswith(endings)), "county")


def draw_imprint(
    name: str,
    *,
    diameter_mm: float,
    font: FontSet,
    centre: Literal["star", "none"] | Emblem = "star",
    inner: str = "",
    foreign: str = "",
    bottom: str = "",
    bottom_shape: Literal["line", "arc"] = "line",
) -> Imprint:
    """Draw a unit's round imprint.

    :param name: the unit's full name, 4 to 32 characters, along the ring.
    :param diameter_mm: 30 to 60; ``RANKS`` has the regulation's figures.
    :param centre: a star, nothing, or the caller's drawing of the national emblem.
    :param inner: up to 16 characters on a second arc under the name, such as an office of the unit.
    :param foreign: up to 60 letters on an arc under the name, such as the name in English.
    :param bottom: up to 12 characters under the centre, such as 公文专用章, in a line or along the ring (``arc``; a
        seal's number, too).
    :raises GongwenError: ``imprint_name``, ``imprint_inner``, ``imprint_foreign``, ``imprint_bottom``,
        ``imprint_diameter``, ``imprint_emblem`` or ``missing_glyph``.
    """
    face = font.seal_face
    check_text(face, "name", name, SHORTEST_NAME, LONGEST_NAME)
    check_text(face, "inner", inner, 0, LONGEST_INNER)
    check_text(face, "foreign", foreign, 0, LONGEST_FOREIGN, blanks=True)
    check_text(face, "bottom", bottom, 0, LONGEST_BOTTOM)
    if not 30.0 <= diameter_mm <= 60.0:
        raise GongwenError("imprint_diameter", "$.diameter_mm", "must lie between 30 and 60 mm")
    middle = diameter_mm / 2
    edge = middle - _RING_MM - _GAP * diameter_mm
    # What stands under the centre wants the lower part of the ring for itself.
    shapes = [ellipse(middle, middle, middle - _RING_MM / 2, middle - _RING_MM / 2, _RING_MM)]
    lines, free = _arcs(name, inner, foreign, face, Arc(middle, middle, edge, edge), 230.0 if bottom else 300.0)
    shapes += lines
    free -= (_INNER_CLEARANCE if inner or foreign else _CLEARANCE) * diameter_mm
    if isinstance(centre, Emblem):
        size = min(_EMBLEM * diameter_mm, 2 * free)
        shapes += centre.shapes(middle, middle, size)
    elif centre == "star":
        shapes.append(star(middle, middle, min(_STAR * middle, free)))
    if bottom and bottom_shape == "arc":
        shapes += _bottom_arc(bottom, face, Arc(middle, middle, edge, edge))
    elif bottom:
        shapes += _bottom_line(bottom, face, middle, edge)
    return Imprint(tuple(shapes), diameter_mm, diameter_mm)


def _arcs(name: str, inner: str, foreign: str, face: Face, arc: Arc, widest: float) -> tuple[list[PathShape], float]:
    """The name and what stands on arcs under it, and the radius they leave free."""
    shapes, height = ring_text(name, face, arc, widest=widest)
    diameter = 2 * (arc.a + _RING_MM) / (1 - 2 * _GAP)
    arc = arc.inside(height)
    if inner:
        arc = arc.inside(_INNER_GAP * diameter)
        height = _INNER_HEIGHT * diameter
        pitch = min(height * 1.25, arc.inside(0.7 * height).length(min(widest, 200.0)) / len(inner))
        shapes += upper(inner, face, arc, width=min(height, pitch * _FILL), height=height, pitch=pitch)
        arc = arc.inside(height)
    if foreign:
        arc = arc.inside(_INNER_GAP * diameter)
        height, most = _foreign_size(foreign, face, arc, diameter, min(widest, 220.0))
        shapes += letters(foreign, face, arc, height=height, most=most)
        arc = arc.inside(height)
    return shapes, arc.a


def _foreign_size(text: str, face: Face, arc: Arc, diameter: float, degrees: float) -> tuple[float, float]:
    """Height and length of a foreign name: as tall as its letters stay readable, and refused where they do not."""
    wide = breadth(text, face)
    height = _FOREIGN_TALLEST * diameter
    while True:
        most = arc.inside(height).length(degrees)
        narrow = most / (wide * height)
        if narrow >= _FOREIGN_WANTED or height <= _FOREIGN_LOWEST * diameter:
            break
        height -= 0.002 * diameter
    if narrow < _FOREIGN_NARROWEST:
        raise GongwenError("imprint_foreign", "$.foreign", "is too long for a seal of this size; shorten it")
    return height, most


def ring_text(name: str, face: Face, arc: Arc, *, widest: float) -> tuple[list[PathShape], float]:
    """The name over the top of the arc, over ``widest`` degrees at most, and the height of its characters."""
    diameter = 2 * (arc.b + _RING_MM) / (1 - 2 * _GAP)
    degrees = min(widest, 150.0 + (len(name) - 4) * 11.5)
    height = _TALLEST * diameter
    while True:
        pitch = arc.inside(0.7 * height).length(degrees) / (len(name) - 1)
        width = min(height, pitch * _FILL)
        if width / height >= _NARROWEST or height <= _LOWEST * diameter:
            break
        height -= 0.0036 * diameter
    return upper(name, face, arc, width=width, height=height, pitch=pitch), height


def _bottom_line(text: str, face: Face, middle: float, edge: float) -> list[PathShape]:
    height, down = _BOTTOM_HEIGHT * 2 * middle, _BOTTOM_DOWN * 2 * middle
    chord = 2 * math.sqrt(edge**2 - (down + height / 2) ** 2)
    width = min(_BOTTOM_WIDTH * 2 * middle, 0.8 * chord / len(text))
    return straight(text, face, middle, middle + down, width=width, height=height)


def _bottom_arc(text: str, face: Face, arc: Arc) -> list[PathShape]:
    height = _BOTTOM_ARC_HEIGHT * 2 * arc.a
    pitch = min(height * 1.15, arc.length(95.0) / len(text))
    return lower(text, face, arc, width=min(height, pitch * _FILL), height=height, pitch=pitch)
