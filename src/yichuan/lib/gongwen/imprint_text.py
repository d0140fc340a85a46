"""Text of imprints: along the upper or the lower side of an ellipse, and in a straight line."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fontTools.misc.transform import Identity

from yichuan.lib.gongwen.fonts import Face
from yichuan.lib.gongwen.imprint_shapes import glyph, ink
from yichuan.lib.ofd.drawing import PathShape

_DESCENT = 0.12  # of an em, below the baseline
_STEPS = 720  # pieces into which an ellipse is cut to measure along it
_LATIN_GAP = 0.04  # of an em between letters


@dataclass(frozen=True)
class Arc:
    """An ellipse around x, y that the heads of upper text, or the feet of lower text, touch; half axes in mm."""

    x: float
    y: float
    a: float
    b: float

    def inside(self, by: float) -> Arc:
        return Arc(self.x, self.y, self.a - by, self.b - by)

    def length(self, degrees: float) -> float:
        """How long the ellipse is over so many degrees around its top."""
        return self._walked(math.radians(degrees) / 2) * 2

    def at(self, distance: float) -> tuple[float, float, float]:
        """The point this far from the top (to the right when positive), and the direction out of the ellipse there:
        radians clockwise from upwards."""
        low, high = 0.0, math.pi
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self._walked(middle) < abs(distance) else (low, middle)
        angle = math.copysign((low + high) / 2, distance)
        x, y = self.a * math.sin(angle), -self.b * math.cos(angle)
        out = math.atan2(math.sin(angle) / self.a, math.cos(angle) / self.b)
        return self.x + x, self.y + y, out

    def _walked(self, angle: float) -> float:
        """The way along the ellipse from its top to this angle."""
        if self.a == self.b:
            return self.a * angle
        count = max(1, round(_STEPS * angle / math.tau))
        step = angle / count
        return sum(
            math.hypot(self.a * math.cos((i + 0.5) * step), self.b * math.sin((i + 0.5) * step)) * step
            for i in range(count)
        )


def upper(text: str, face: Face, arc: Arc, *, width: float, height: float, pitch: float) -> list[PathShape]:
    """Characters side by side over the top of the arc, their feet to its centre. ``pitch`` is measured along the line
    a third up the characters, where most of them are widest."""
    line = arc.inside(0.7 * height)
    feet = (1 - 0.7) * height  # from that line down to the characters' box
    shapes = []
    for index, char in enumerate(text):
        x, y, out = line.at((index - (len(text) - 1) / 2) * pitch)
        middle = _middle(face, char) * width
        place = (
            Identity.translate(x, y)
            .rotate(out)
            .translate(-middle, feet - _DESCENT * height)
            .scale(width / face.units_per_em, -height / face.units_per_em)
        )
        shapes.append(glyph(face, char, place))
    return shapes


def lower(text: str, face: Face, arc: Arc, *, width: float, height: float, pitch: float) -> list[PathShape]:
    """Characters along the bottom of the arc from left to right, their feet outwards."""
    line = arc.inside(height / 2)
    half = line.length(360) / 2
    shapes = []
    for index, char in enumerate(text):
        # From the top the bottom's middle is half the way around; the first character stands left of it.
        from_bottom = ((len(text) - 1) / 2 - index) * pitch
        x, y, out = line.at(math.copysign(half - abs(from_bottom), -from_bottom))
        middle = _middle(face, char) * width
        place = (
            Identity.translate(x, y)
            .rotate(out - math.pi)
            .translate(-middle, height / 2 - _DESCENT * height)
            .scale(width / face.units_per_em, -height / face.units_per_em)
        )
        shapes.append(glyph(face, char, place))
    return shapes


def breadth(text: str, face: Face) -> float:
    """How long a foreign name is in em, each letter in its own width."""
    return sum(face.advances[ord(char)] + _LATIN_GAP for char in text)


def letters(text: str, face: Face, arc: Arc, *, height: float, most: float) -> list[PathShape]:
    """A foreign name over the top of the arc, each letter in its own width; at most ``most`` mm long."""
    advances = [face.advances[ord(char)] + _LATIN_GAP for char in text]
    total = breadth(text, face) * height
    narrow = min(1.0, most / total)
    baseline = arc.inside(height)
    shapes = []
    walked = -total * narrow / 2
    for char, advance in zip(text, advances, strict=True):
        step = advance * height * narrow
        if char != " ":
            x, y, out = baseline.at(walked + step / 2)
            scale = height * narrow / face.units_per_em
            place = (
                Identity.translate(x, y)
                .rotate(out)
                .translate(-(advance - _LATIN_GAP) * height * narrow / 2, 0)
                .scale(scale, -height / face.units_per_em)
            )
            shapes.append(glyph(face, char, place))
        walked += step
    return shapes


def straight(text: str, face: Face, x: float, y: float, *, width: float, height: float) -> list[PathShape]:
    """A line of characters, each ``width`` wide, centred on x, y."""
    left = x - width * len(text) / 2
    baseline = y + height * (0.5 - _DESCENT)
    shapes = []
    for index, char in enumerate(text):
        # Digits and letters are half as wide as characters and fill their place all the same.
        scale = width * 0.95 / max(face.advances[ord(char)], 0.5) / face.units_per_em
        place = Identity.translate(left + index * width, baseline).scale(scale, -height / face.units_per_em)
        shapes.append(glyph(face, char, place))
    return shapes


def _middle(face: Face, char: str) -> float:
    """Where a character's outline has its middle, in em: it is that which is put on its place, so that characters
    such as （ stand neither too close nor too far from their neighbours."""
    left, _, right, _ = ink(face, char)
    return (left + right) / 2
