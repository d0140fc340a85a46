"""The graphics state of a PDF content stream (ISO 32000-1, 8.4), as far as OFD can carry it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..geometry import IDENTITY, Bounds, Matrix, Point, apply, bounds_of

if TYPE_CHECKING:
    from .fonts import PdfFont

Segment = tuple[str, tuple[Point, ...]]
"""One of M, L, B (cubic), C (close), as in AbbreviatedData, with its points."""


@dataclass(frozen=True)
class Colour:
    """Components from 0 to 1 in grey (1), RGB (3) or CMYK (4)."""

    parts: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class ClipPath:
    """A clipping path in page millimetres; `rectangle` is set when the path is an upright rectangle."""

    segments: tuple[Segment, ...]
    even_odd: bool
    rectangle: Bounds | None


@dataclass(frozen=True)
class State:
    """What `q` saves and `Q` restores."""

    ctm: Matrix = IDENTITY
    fill: Colour = field(default_factory=Colour)
    stroke: Colour = field(default_factory=Colour)
    fill_space: int = 1
    stroke_space: int = 1
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    line_width: float = 1.0
    cap: int = 0
    join: int = 0
    miter_limit: float = 10.0
    dash: tuple[tuple[float, ...], float] = ((), 0.0)
    font: PdfFont | None = None
    font_size: float = 1.0
    char_space: float = 0.0
    horizontal_scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    text_mode: int = 0
    clips: tuple[ClipPath, ...] = ()

    def clipped(self, segments: list[Segment], even_odd: bool, matrix: Matrix) -> State:
        """The state after `W n` with this path; `matrix` leads to page millimetres."""
        placed = place(segments, matrix)
        clip = ClipPath(tuple(placed), even_odd, _rectangle(placed))
        return self if clip in self.clips else replace(self, clips=(*self.clips, clip))


def place(segments: list[Segment], matrix: Matrix) -> list[Segment]:
    """The path with every point taken through the matrix."""
    return [(code, tuple(apply(matrix, point) for point in points)) for code, points in segments]


def rectangle_segments(x: float, y: float, width: float, height: float) -> list[Segment]:
    """The path of the operator `re`."""
    return [
        ("M", ((x, y),)),
        ("L", ((x + width, y),)),
        ("L", ((x + width, y + height),)),
        ("L", ((x, y + height),)),
        ("C", ()),
    ]


def _rectangle(segments: list[Segment]) -> Bounds | None:
    codes = "".join(code for code, _ in segments).rstrip("C")
    points = [point for _, each in segments for point in each]
    if codes == "MLLLL" and points[-1] == points[0]:
        points.pop()
    elif codes != "MLLL":
        return None
    left, top, right, bottom = bounds_of(points)
    corners = {(left, top), (right, top), (left, bottom), (right, bottom)}
    upright = all(any(abs(x - u) + abs(y - v) < 1e-6 for u, v in corners) for x, y in points)
    turns_once = all(
        abs(p[0] - q[0]) < 1e-6 or abs(p[1] - q[1]) < 1e-6 for p, q in zip(points, points[1:] + points[:1], strict=True)
    )
    return (left, top, right, bottom) if upright and turns_once else None
