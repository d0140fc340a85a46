"""发文机关标志 (GB/T 9704-2012 7.2.4, 10.1 to 10.3): the issuer's name in red 小标宋, scaled to the length it has.

Edges are those of the ink, since that is what a ruler on the paper meets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from fontTools.pens.boundsPen import BoundsPen

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item
from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.gongwen.lines import split_units

RED = "red"
_ROLE = "xiaobiaosong"
_ASCENT = 0.88  # em from the top of a text's box to its baseline, as the template sets it
_LARGEST = 15 * grid.MM  # width of a character; 22 × 15 mm was the limit of the standard's earlier editions
_STRETCH = 1.18  # height to width of its characters
_MOST_STRETCH = 1.6  # names so long that their characters become small are set narrow instead
_LONGEST = 30  # characters: more would be smaller than the text below
_JOINT_LARGEST = 30.0
_JOINT_LEADING = 1.25  # from one name of a joint document to the next, in heights of a character
_JOINT_HEIGHT = 62 * grid.MM  # what the names may take, so that the first page still shows text (7.3.3)
_SUFFIX_GAP = 0.6  # widths of a character before the word beside joint names


@dataclass(frozen=True)
class Flag:
    """Placed texts and the y, in points from the text block's top, of their lower edge."""

    items: list[Item]
    bottom: float


def single_flag(name: str, top: float, fonts: FontSet) -> Flag:
    """One name on one line, its upper edge at ``top``.

    :raises GongwenError: ``too_long`` beyond 30 characters.
    """
    length = _length(name, fonts)
    room = grid.WIDTH - 4 * grid.MM
    size = min(room / length, _LARGEST)
    stretch = min(max(_STRETCH, _LARGEST / size), _MOST_STRETCH)
    spread = 0.2 * size if length <= 8 else 0.0
    width = length * size + (len(name) - 1) * spread
    highest, lowest = _ink(name, fonts)
    y = top - (_ASCENT - highest) * size * stretch
    item = _text(name, (grid.WIDTH - width) / 2, y, size, spread, stretch)
    return Flag([item], y + (_ASCENT - lowest) * size * stretch)


def joint_flag(names: list[str], suffix: str, top: float, fonts: FontSet) -> Flag:
    """The names of a joint document below each other, spread to one width, ``suffix`` (文件) halfway up beside them."""
    suffix_room = _SUFFIX_GAP + len(suffix) if suffix else 0.0
    longest = max(_length(name, fonts) for name in names)
    room = grid.WIDTH - 4 * grid.MM
    by_height = _JOINT_HEIGHT / (len(names) * _STRETCH * _JOINT_LEADING)
    size = min(room / (longest + suffix_room), _JOINT_LARGEST, by_height)
    step = size * _STRETCH * _JOINT_LEADING
    widest = longest * size
    left = (grid.WIDTH - widest - suffix_room * size) / 2
    y = top - (_ASCENT - _ink(names[0], fonts)[0]) * size * _STRETCH
    items = []
    for row, name in enumerate(names):
        track = (widest - _length(name, fonts) * size) / max(len(name) - 1, 1)
        items.append(_text(name, left, y + row * step, size, track, _STRETCH))
    middle = y + (len(names) - 1) * step / 2
    if suffix:
        items.append(_text(suffix, left + widest + _SUFFIX_GAP * size, middle, size, 0.0, _STRETCH))
    lowest = _ink(names[-1], fonts)[1]
    return Flag(items, y + (len(names) - 1) * step + (_ASCENT - lowest) * size * _STRETCH)


def _length(name: str, fonts: FontSet) -> float:
    length = sum(unit.width for unit in split_units([(_ROLE, name)], fonts))
    if length > _LONGEST:
        raise GongwenError(
            "too_long", "$.issuer_mark", f"is {length:.0f} characters wide, at most {_LONGEST} fit; use the short name"
        )
    return length


def _text(text: str, x: float, y: float, size: float, track: float, stretch: float) -> Item:
    placed = {"x": x, "y": y, "size": size, "track": track, "stretch": stretch}
    return {"text": text, "role": _ROLE, "colour": RED, **placed}


def _ink(text: str, fonts: FontSet) -> tuple[float, float]:
    """The highest and the lowest point of the text's ink, em above the baseline."""
    bounds = [_bounds(face, char) for char in text if (face := fonts.face_for(_ROLE, char)) is not None]
    return max((high for _, high in bounds), default=_ASCENT), min((low for low, _ in bounds), default=_ASCENT - 1)


@lru_cache(maxsize=4096)
def _bounds(face: Face, char: str) -> tuple[float, float]:
    pen = BoundsPen(None)
    face.draw(char, pen)
    if pen.bounds is None:  # a blank has no ink
        return _ASCENT, _ASCENT
    return pen.bounds[1] / face.units_per_em, pen.bounds[3] / face.units_per_em
