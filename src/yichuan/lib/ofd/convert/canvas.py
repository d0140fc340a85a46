"""What a page writes into: its marks so far, in painting order, and the way back to the page for each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..errors import OfdError
from ..geometry import Bounds, Matrix, Point, apply, inverse, multiply, numbers
from .resources import Resources
from .state import Segment, State, place, rectangle_segments

_TOLERANCE = 1e-3
_MOST_COMPARED = 2_000_000
_KEEPING_BLACK = frozenset({"Multiply", "Darken", "ColorBurn"})
"""Blend modes in which a colour over black gives black and over nothing gives itself."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A graphic object: its XML, the box in page millimetres that it may touch, whether it is black and opaque."""

    xml: str
    bounds: Bounds
    black: bool = False


@dataclass
class Canvas:
    """One page, group or cell being written: `base` leads from PDF points to its millimetres.

    `page` is its box, None for a cell without one. `floor` is how many marks lie below the isolated group that is
    being drawn: blending does not see them. `open` says that more may lie below than is known here.
    """

    resources: Resources
    base: Matrix
    page: Bounds | None = None
    marks: list[Mark] = field(default_factory=list)
    floor: int = 0
    open: bool = False
    compared: int = 0

    @property
    def objects(self) -> list[str]:
        """The XML of the marks, from the paper up."""
        return [mark.xml for mark in self.marks]

    def add(self, marks: list[Mark], blend: str = "Normal") -> None:
        """Put marks on top. With another blend mode they must give what Normal gives: nothing lies below them, or
        only black, which then goes over them. Raises OfdError `unsupported_blend`."""
        self.resources.count_marks(sum(len(mark.xml) for mark in marks))
        if blend == "Normal":
            self.marks += marks
            return
        below = self._below(marks)
        if not below and not self.open:
            self.marks += marks
        elif not self.open and blend in _KEEPING_BLACK and all(self.marks[index].black for index in below):
            self.marks[below[0] : below[0]] = marks
        else:
            raise OfdError(
                "unsupported_blend",
                f"Something is painted in the blend mode {blend} over other marks, which OFD does not have; "
                "flatten the transparency.",
            )

    def _below(self, marks: list[Mark]) -> list[int]:
        self.compared += len(self.marks) * len(marks)
        if self.compared > _MOST_COMPARED:
            raise OfdError("unsupported_blend", "Too much is painted in blend modes; flatten the transparency.")
        return [
            index
            for index in range(self.floor, len(self.marks))
            if any(touch(self.marks[index].bounds, mark.bounds) for mark in marks)
        ]


def touch(one: Bounds, other: Bounds) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an object stands: its boundary on the page (mm), and the matrix from its own space to the boundary's,
    None where its own space is the boundary's."""

    boundary: Bounds
    ctm: Matrix | None = None

    @property
    def from_page(self) -> Matrix:
        """From page millimetres to the object's own space."""
        shift: Matrix = (1.0, 0.0, 0.0, 1.0, -self.boundary[0], -self.boundary[1])
        undo = inverse(self.ctm) if self.ctm is not None else None
        return shift if undo is None else multiply(shift, undo)

    @property
    def attributes(self) -> str:
        """Boundary and CTM."""
        left, top, right, bottom = self.boundary
        ctm = f' CTM="{numbers(self.ctm, 6)}"' if self.ctm is not None else ""
        return f'Boundary="{numbers((left, top, right - left, bottom - top))}"{ctm}'


def path_data(segments: Iterable[Segment], origin: Point = (0.0, 0.0), places: int = 4) -> str:
    """AbbreviatedData of a path, relative to `origin`."""
    x, y = origin
    return " ".join(
        f"{code} {numbers((v for p in points for v in (p[0] - x, p[1] - y)), places)}" if points else code
        for code, points in segments
    )


def clips_xml(state: State, shape: Bounds, frame: Frame) -> str:
    """The Clips element of an object with this shape (page mm); a clip that takes nothing away is left out.

    A clip is written in the object's own space, before its CTM (Clips@TransFlag is true by default).
    """
    kept: list[tuple[Iterable[Segment], bool]] = [(path.segments, path.even_odd) for path in state.clips]
    window = state.window
    if window is not None and not _contains(window, shape):
        left, top, right, bottom = window
        kept.insert(0, (rectangle_segments(left, top, right - left, bottom - top), False))
    if not kept:
        return ""
    from_page = frame.from_page
    size = (frame.boundary[2] - frame.boundary[0], frame.boundary[3] - frame.boundary[1])
    undo = inverse(frame.ctm) if frame.ctm is not None else None
    if undo is not None:
        corners = [apply(undo, (x, y)) for x in (0.0, size[0]) for y in (0.0, size[1])]
        size = (max(x for x, _ in corners), max(y for _, y in corners))
    parts = []
    for segments, even_odd in kept:
        rule = ' Rule="Even-Odd"' if even_odd else ""
        data = path_data(place(list(segments), from_page), places=6 if undo else 4)
        parts.append(
            f'<ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 {numbers(size)}" Stroke="false" Fill="true"{rule}>'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip>"
        )
    return f"<ofd:Clips>{''.join(parts)}</ofd:Clips>"


def _contains(window: Bounds, shape: Bounds) -> bool:
    return (
        window[0] <= shape[0] + _TOLERANCE
        and window[1] <= shape[1] + _TOLERANCE
        and window[2] >= shape[2] - _TOLERANCE
        and window[3] >= shape[3] - _TOLERANCE
    )
