"""The interpreter of PDF content streams (ISO 32000-1, annex A lists the operators)."""

from typing import Any

import pikepdf

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, Point, multiply
from .canvas import Canvas
from .contents import content_of, instructions
from .operators import OPERATORS
from .spaces import DEVICE, GRAY, Space
from .state import PatternPaint, Segment, State, rectangle_segments

_DEEPEST = 20
_DEFAULTS = {1: "/DefaultGray", 3: "/DefaultRGB", 4: "/DefaultCMYK"}


class Interpreter:
    """Runs one stream (a page, or a form, a glyph or a cell that it draws) onto a canvas."""

    def __init__(self, canvas: Canvas, resources: Any, state: State, *, locked: bool = False) -> None:
        self.canvas = canvas
        self.resources = resources
        self.state = state
        if state.fill_space is None:
            state.fill_space = state.stroke_space = GRAY
        self.origin = multiply(state.ctm, canvas.base)
        """From the space in which this stream's patterns lie to page millimetres."""
        self.locked = locked
        """Whether the stream is a mere shape, which is painted in the colour around it and may name none."""
        self.saved: list[State] = []
        self.path: list[Segment] = []
        self.current: Point = (0.0, 0.0)
        self.pending_clip: bool | None = None
        self.text_matrix: Matrix = IDENTITY
        self.line_matrix: Matrix = IDENTITY
        self.text_clip: list[Segment] | None = None
        self.marked: list[bool] = []
        """For each open marked content, whether it is hidden."""
        self._devices: dict[int, Space] = {}

    @property
    def hidden(self) -> bool:
        """Whether what is drawn now belongs to a layer that is switched off."""
        return any(self.marked)

    def run(self, stream: Any) -> None:
        """Interpret every operator. Raises OfdError naming what the stream uses and OFD cannot carry."""
        shared = self.canvas.resources
        if shared.depth >= _DEEPEST:
            raise OfdError("unsupported_form", f"Forms, patterns and glyphs are nested more than {_DEEPEST} deep.")
        content = content_of(stream, shared.bounds.content_bytes)
        shared.enter_content(len(content))
        shared.depth += 1
        forgiven = 0
        for piece in instructions(content):
            shared.count_operators(len(piece))
            for operands, operator in piece:
                name = str(operator)
                handler = OPERATORS.get(name)
                if handler is not None:
                    handler(self, operands)
                elif name in ("BX", "EX"):
                    forgiven += 1 if name == "BX" else -1
                elif forgiven <= 0:
                    raise OfdError("unsupported_operator", f"The page uses the operator {name[:20]!r}, not known here.")
        shared.depth -= 1
        shared.leave_content(len(content))

    def resource(self, kind: str, name: Any) -> Any:
        """An entry of the stream's resources. Raises OfdError `pdf_invalid`."""
        try:
            return self.resources[kind][name]
        except (KeyError, TypeError, ValueError) as error:
            raise OfdError("pdf_invalid", f"The page uses {name}, which its {kind[1:]} resources lack.") from error

    def device(self, count: int) -> Space:
        """DeviceGray, DeviceRGB or DeviceCMYK, or what the resources put in its place (ISO 32000-1, 8.6.5.6)."""
        if count not in self._devices:
            spaces = self.resources.get("/ColorSpace", {})
            named = spaces.get(_DEFAULTS[count]) if isinstance(spaces, pikepdf.Dictionary) else None
            self._devices[count] = DEVICE[count] if named is None else self.canvas.resources.space(named)
        return self._devices[count]

    def space(self, obj: Any) -> Any:
        """A colour space as it is named or written: a name of the resources leads to what they hold."""
        if isinstance(obj, pikepdf.Name):
            spaces = self.resources.get("/ColorSpace", {})
            return spaces.get(obj, obj) if isinstance(spaces, pikepdf.Dictionary) else obj
        return obj

    def nested(
        self, resources: Any, state: State, *, canvas: Canvas | None = None, locked: bool = False
    ) -> "Interpreter":
        """An interpreter for a stream that this one draws; without resources of its own it takes these."""
        mine = self.resources if resources is None else resources
        return Interpreter(canvas or self.canvas, mine, state, locked=locked or self.locked)


def draw_cell(paint: PatternPaint, canvas: Canvas) -> None:
    """Draw the cell of a tiling pattern in its own space."""
    pattern = paint.pattern
    state = State()
    uncoloured = int(pattern.PaintType) == 2
    if uncoloured:
        state.fill = state.stroke = paint.colour
    left, bottom, right, top = (float(each) for each in pattern.BBox)
    state.clip(rectangle_segments(left, bottom, right - left, top - bottom), False, canvas.base)
    Interpreter(canvas, pattern.get("/Resources", {}), state, locked=uncoloured).run(pattern)
