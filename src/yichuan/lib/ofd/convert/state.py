"""The graphics state of a PDF content stream (ISO 32000-1, 8.4), as far as OFD can carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import OfdError
from ..geometry import IDENTITY, Bounds, Matrix, Point, apply, bounds_of

if TYPE_CHECKING:
    from .fonts import PdfFont
    from .spaces import Space
    from .type3 import Type3Font

Segment = tuple[str, tuple[Point, ...]]
"""One of M, L, B (cubic), C (close), as in AbbreviatedData, with its points."""


@dataclass(frozen=True, slots=True)
class Colour:
    """Components from 0 to 1 in grey (1), RGB (3) or CMYK (4)."""

    parts: tuple[float, ...] = (0.0,)

    @property
    def black(self) -> bool:
        """Whether it is the deepest black, over which nothing that multiplies shows."""
        return self.parts in ((0.0,), (0.0, 0.0, 0.0), (0, 0, 0, 1))


@dataclass(frozen=True, eq=False, slots=True)
class PatternPaint:
    """A pattern to paint with: its object, the colour that an uncoloured one is painted in, and the matrix that
    takes the pattern's surroundings (the page or the form that names it) to page millimetres. A shading that is not
    `grounded` leaves out its ground."""

    pattern: Any
    colour: Colour
    origin: Matrix
    grounded: bool = True


Paint = Colour | PatternPaint
BLACK = Colour()
NOWHERE: Bounds = (0.0, 0.0, -1.0, -1.0)


@dataclass(frozen=True, slots=True)
class ClipPath:
    """A clipping path in page millimetres that is no upright rectangle."""

    segments: tuple[Segment, ...]
    even_odd: bool
    bounds: Bounds


@dataclass
class State:
    """What `q` saves and `Q` restores. `unit_alpha` is the opacity of the group around, where it can be given to
    each of its marks; `window` is what all upright rectangular clips leave (page mm), None for no bound."""

    ctm: Matrix = IDENTITY
    fill: Paint = BLACK
    stroke: Paint = BLACK
    fill_space: Space = field(default=None)  # type: ignore[assignment]  # set by the interpreter before it runs
    stroke_space: Space = field(default=None)  # type: ignore[assignment]
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    unit_alpha: float = 1.0
    blend: str = "Normal"
    line_width: float = 1.0
    cap: int = 0
    join: int = 0
    miter_limit: float = 10.0
    dash: tuple[tuple[float, ...], float] = ((), 0.0)
    font: PdfFont | Type3Font | None = None
    font_size: float = 1.0
    char_space: float = 0.0
    word_space: float = 0.0
    horizontal_scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    text_mode: int = 0
    clips: tuple[ClipPath, ...] = ()
    window: Bounds | None = None

    def copy(self) -> State:
        """A state of its own with the same values."""
        twin = object.__new__(State)
        twin.__dict__.update(self.__dict__)
        return twin

    def clip(self, segments: list[Segment], even_odd: bool, matrix: Matrix) -> None:
        """Narrow the clip by this path; `matrix` leads to page millimetres."""
        placed = place(segments, matrix)
        points = [point for _, each in placed for point in each]
        rectangle = _rectangle(placed) if points else (0.0, 0.0, 0.0, 0.0)
        if rectangle is not None:
            self.window = rectangle if self.window is None else meet(self.window, rectangle)
            return
        path = ClipPath(tuple(placed), even_odd, bounds_of(points))
        if path not in self.clips:
            self.clips = (*self.clips, path)

    def visible(self, shape: Bounds) -> Bounds | None:
        """What the clips' boxes leave of a shape's box (page mm); None when nothing."""
        left = shape if self.window is None else meet(shape, self.window)
        for path in self.clips:
            left = meet(left, path.bounds)
        return None if is_empty(left) else left


def is_empty(bounds: Bounds) -> bool:
    """Whether a box holds nothing, not even a point."""
    return bounds[0] > bounds[2] or bounds[1] > bounds[3]


def meet(first: Bounds, second: Bounds) -> Bounds:
    """What two boxes share; its right lies left of its left when they share nothing."""
    return (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )


def matrix_of(values: Any) -> Matrix:
    """A matrix of six numbers. Raises OfdError `pdf_invalid`."""
    numbers_ = [float(each) for each in values]
    if len(numbers_) != 6:
        raise OfdError("pdf_invalid", f"A matrix has {len(numbers_)} numbers where six are due.")
    a, b, c, d, e, f = numbers_
    return (a, b, c, d, e, f)


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
