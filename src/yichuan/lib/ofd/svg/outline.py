"""A fontTools pen that writes SVG path data, y downward, in whole or tenth font units."""

from typing import Any

from fontTools.pens.basePen import AbstractPen, decomposeQuadraticSegment
from fontTools.pens.transformPen import TransformPen

_Point = tuple[float, float]


class OutlinePen(AbstractPen):  # type: ignore[misc]
    """Collects a glyph's outline in `parts`. Written out by hand because a page holds hundreds of them."""

    def __init__(self, glyph_set: Any) -> None:
        self.parts: list[str] = []
        self._glyph_set = glyph_set

    def moveTo(self, point: _Point) -> None:
        self.parts.append("M" + _pair(point))

    def lineTo(self, point: _Point) -> None:
        self.parts.append("L" + _pair(point))

    def curveTo(self, *points: _Point) -> None:
        self.parts.append("C" + " ".join(map(_pair, points)))

    def qCurveTo(self, *points: _Point | None) -> None:
        known: list[_Point] = [point for point in points if point is not None]
        if points[-1] is None:
            # A contour without any point on it starts half way between its last and first.
            start = ((known[-1][0] + known[0][0]) / 2, (known[-1][1] + known[0][1]) / 2)
            self.moveTo(start)
            known.append(start)
        for control, point in decomposeQuadraticSegment(known) if len(known) > 1 else ():
            self.parts.append(f"Q{_pair(control)} {_pair(point)}")
        if len(known) == 1:
            self.lineTo(known[0])

    def closePath(self) -> None:
        self.parts.append("Z")

    def endPath(self) -> None:
        self.parts.append("Z")

    def addComponent(self, name: str, transformation: Any) -> None:
        self._glyph_set[name].draw(TransformPen(self, transformation))


def _pair(point: _Point) -> str:
    x, y = point
    return f"{round(x, 1):g} {round(-y, 1):g}"
