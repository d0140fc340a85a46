"""Short lines of text as marks of a scene: for what is drawn over finished pages."""

from __future__ import annotations

from itertools import groupby

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.font_roles import glyph_source
from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.ofd.fontfile import FontResource
from yichuan.lib.ofd.scene import model
from yichuan.lib.ofd.scene.model import Cell, Solid, Text


def face_of(char: str, role: str, fonts: FontSet) -> Face:
    """The face that shows a character. Raises GongwenError `missing_glyph`."""
    face = fonts.face_for(role, char)
    if face is None:
        raise GongwenError("missing_glyph", "$", f"no font has {char} (U+{ord(char):04X}) of the stamp's text")
    return face


def width_of(text: str, role: str, size: float, fonts: FontSet, tracking: float = 0.0) -> float:
    """The width of a line in the unit of `size`; `tracking` ems stand between its characters."""
    natural = sum(face_of(char, role, fonts).advances[ord(char)] for char in text)
    return size * (natural + tracking * max(0, len(text) - 1))


def wrapped(text: str, role: str, size: float, width: float, fonts: FontSet) -> list[str]:
    """The text in lines no wider than `width`, broken anywhere."""
    lines = [""]
    room = width
    for char in text:
        advance = size * face_of(char, role, fonts).advances[ord(char)]
        if advance > room and lines[-1]:
            lines.append("")
            room = width
        lines[-1] += char
        room -= advance
    return lines


def line(
    text: str, role: str, size: float, at: tuple[float, float], fill: Solid, fonts: FontSet, tracking: float = 0.0
) -> list[Text]:
    """The text from `at`, its baseline's left end, in mm: a run for each face it takes."""
    x, y = at
    placed: list[tuple[Face, Cell]] = []
    for char in text:
        face = face_of(char, role, fonts)
        placed.append((face, Cell(char, glyph_source(face).lookup(char), x, y)))
        x += size * (face.advances[ord(char)] + tracking)
    return [
        Text(_face(face), size, tuple(cell for _, cell in run), fill)
        for face, run in groupby(placed, key=lambda pair: pair[0])
    ]


def _face(face: Face) -> model.Face:
    resource = FontResource(face.family, face.family, face.family, False, False, False, False, None)
    return model.Face(resource, glyph_source(face), embedded=True)
