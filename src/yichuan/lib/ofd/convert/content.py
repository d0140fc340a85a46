"""The interpreter of PDF content streams (ISO 32000-1, annex A lists the operators)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

import pikepdf

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, Point, multiply
from .canvas import Canvas
from .colour import components
from .extstate import extended
from .images import paint_image
from .paths import paint_path
from .state import Colour, Segment, State, rectangle_segments
from .text import show

_DEEPEST_FORM = 20
_DEEPEST_SAVE = 512
# Word space (Tw) is for one-byte codes, which no font carried here has.
_IGNORED = frozenset({"BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "ri", "i", "Tw"})
_PAINT = {
    # operator: close, stroke, fill, even-odd
    "S": (False, True, False, False),
    "s": (True, True, False, False),
    "f": (False, False, True, False),
    "F": (False, False, True, False),
    "f*": (False, False, True, True),
    "B": (False, True, True, False),
    "B*": (False, True, True, True),
    "b": (True, True, True, False),
    "b*": (True, True, True, True),
    "n": (False, False, False, False),
}


class Interpreter:
    """Runs one stream (a page, or a form it draws) onto a canvas."""

    def __init__(self, canvas: Canvas, resources: Any, state: State, depth: int = 0) -> None:
        if depth > _DEEPEST_FORM:
            raise OfdError("unsupported_form", f"Forms are nested more than {_DEEPEST_FORM} deep.")
        self.canvas = canvas
        self.resources = resources
        self.state = state
        self.depth = depth
        self.saved: list[State] = []
        self.path: list[Segment] = []
        self.current: Point = (0.0, 0.0)
        self.pending_clip: bool | None = None
        self.text_matrix: Matrix = IDENTITY
        self.line_matrix: Matrix = IDENTITY

    def run(self, stream: Any) -> None:
        """Interpret every operator. Raises OfdError naming what the page uses and OFD cannot carry."""
        for operands, operator in cast(Iterable[tuple[Any, Any]], pikepdf.parse_content_stream(stream)):
            name = str(operator)
            if name in _PAINT:
                self._paint(*_PAINT[name])
            elif name not in _IGNORED:
                handler = _OPERATORS.get(name)
                if handler is None:
                    raise OfdError("unsupported_operator", f"The page uses the operator {name}, which is not carried.")
                handler(self, operands)

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def _resource(self, kind: str, name: Any) -> Any:
        try:
            return self.resources[kind][name]
        except KeyError as error:
            raise OfdError("pdf_invalid", f"The page uses {name}, which its {kind[1:]} resources lack.") from error

    # graphics state

    def save(self, _: Any) -> None:
        if len(self.saved) >= _DEEPEST_SAVE:
            raise OfdError("pdf_invalid", f"The page saves its state more than {_DEEPEST_SAVE} times.")
        self.saved.append(self.state)

    def restore(self, _: Any) -> None:
        if self.saved:
            self.state = self.saved.pop()

    def concat(self, operands: Any) -> None:
        self._set(ctm=multiply(_matrix(operands), self.state.ctm))

    def dash(self, operands: Any) -> None:
        self._set(dash=(tuple(float(length) for length in operands[0]), float(operands[1])))

    def ext_state(self, operands: Any) -> None:
        self.state = extended(self.state, self._resource("/ExtGState", operands[0]))

    # colour

    def colour_space(self, operands: Any, *, stroke: bool) -> None:
        name = str(operands[0])
        if name == "/Pattern":
            raise OfdError("unsupported_pattern", "The page paints with a pattern, which is not carried.")
        device = name in ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK")
        count = components(operands[0] if device else self._resource("/ColorSpace", operands[0]))
        start = Colour((0.0, 0.0, 0.0, 1.0) if count == 4 else (0.0,) * count)
        self._set(**({"stroke_space": count, "stroke": start} if stroke else {"fill_space": count, "fill": start}))

    def colour(self, operands: Any, *, stroke: bool, count: int | None = None) -> None:
        if any(isinstance(each, pikepdf.Name) for each in operands):
            raise OfdError("unsupported_pattern", "The page paints with a pattern, which is not carried.")
        expected = count or (self.state.stroke_space if stroke else self.state.fill_space)
        parts = tuple(float(each) for each in operands)
        if len(parts) != expected:
            raise OfdError("pdf_invalid", f"A colour has {len(parts)} components where {expected} are due.")
        colour = Colour(parts)
        changes = {"stroke": colour, "stroke_space": expected} if stroke else {"fill": colour, "fill_space": expected}
        self._set(**changes)

    # paths

    def move(self, operands: Any) -> None:
        self._segment("M", operands)

    def line(self, operands: Any) -> None:
        self._segment("L", operands)

    def curve(self, operands: Any) -> None:
        self._segment("B", operands)

    def curve_from_current(self, operands: Any) -> None:
        self._segment("B", [*self.current, *operands])

    def curve_to_end(self, operands: Any) -> None:
        self._segment("B", [*operands, *operands[2:]])

    def close(self, _: Any = None) -> None:
        if self.path and self.path[-1][0] != "C":
            self.path.append(("C", ()))

    def rectangle(self, operands: Any) -> None:
        x, y, width, height = (float(each) for each in operands)
        self.path += rectangle_segments(x, y, width, height)
        self.current = (x, y)

    def _segment(self, code: str, operands: Any) -> None:
        values = [float(each) for each in operands]
        points = tuple(zip(values[::2], values[1::2], strict=True))
        self.path.append((code, points))
        self.current = points[-1]

    def _paint(self, close: bool, stroke: bool, fill: bool, even_odd: bool) -> None:
        if close:
            self.close()
        if self.path and (stroke or fill):
            paint_path(self.canvas, self.state, self.path, stroke=stroke, fill=fill, even_odd=even_odd)
        if self.pending_clip is not None and self.path:
            matrix = multiply(self.state.ctm, self.canvas.base)
            self.state = self.state.clipped(self.path, self.pending_clip, matrix)
        self.pending_clip = None
        self.path = []

    # text

    def begin_text(self, _: Any) -> None:
        self.text_matrix = self.line_matrix = IDENTITY

    def font(self, operands: Any) -> None:
        font = self.canvas.resources.font(self._resource("/Font", operands[0]))
        self._set(font=font, font_size=float(operands[1]))

    def text_mode(self, operands: Any) -> None:
        mode = int(operands[0])
        if mode > 3:
            raise OfdError("unsupported_clip", "The page clips by text, which is not carried.")
        self._set(text_mode=mode)

    def text_place(self, operands: Any) -> None:
        self.text_matrix = self.line_matrix = _matrix(operands)

    def next_line(self, operands: Any) -> None:
        step: Matrix = (1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1]))
        self.text_matrix = self.line_matrix = multiply(step, self.line_matrix)

    def next_line_leading(self, operands: Any) -> None:
        self._set(leading=-float(operands[1]))
        self.next_line(operands)

    def new_line(self, _: Any = None) -> None:
        self.next_line((0.0, -self.state.leading))

    def show(self, operands: Any) -> None:
        items: Any = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
        shown = [bytes(item) if isinstance(item, pikepdf.String) else float(item) for item in items]
        advance = show(self.state, shown, self.text_matrix, self.canvas)
        self.text_matrix = multiply((1.0, 0.0, 0.0, 1.0, advance, 0.0), self.text_matrix)

    def show_next_line(self, operands: Any) -> None:
        self.new_line()
        self.show(operands)

    def show_spaced(self, operands: Any) -> None:
        self._set(char_space=float(operands[1]))
        self.show_next_line(operands[2:])

    # objects

    def draw(self, operands: Any) -> None:
        obj = self._resource("/XObject", operands[0])
        if obj.Subtype == pikepdf.Name.Image:
            paint_image(self.canvas, self.state, obj)
        elif obj.Subtype == pikepdf.Name.Form:
            self._form(obj)
        else:
            raise OfdError("unsupported_operator", f"The page draws an object of kind {obj.Subtype}.")

    def _form(self, form: Any) -> None:
        if "/Group" in form and self.state.fill_alpha < 1:
            raise OfdError("unsupported_group", "The page draws a group half transparent, which is not carried.")
        matrix = multiply(_matrix(form.get("/Matrix", IDENTITY)), self.state.ctm)
        left, bottom, right, top = (float(each) for each in form.BBox)
        frame = rectangle_segments(left, bottom, right - left, top - bottom)
        state = replace(self.state, ctm=matrix).clipped(frame, False, multiply(matrix, self.canvas.base))
        Interpreter(self.canvas, form.get("/Resources", self.resources), state, self.depth + 1).run(form)


def _matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(each) for each in values)
    return (a, b, c, d, e, f)


def _setter(field: str, kind: Callable[[Any], float] = float, scale: float = 1.0) -> Callable[[Interpreter, Any], None]:
    def set_field(interpreter: Interpreter, operands: Any) -> None:
        value = kind(operands[0])
        interpreter._set(**{field: value if scale == 1.0 else value * scale})

    return set_field


def _clipper(even_odd: bool) -> Callable[[Interpreter, Any], None]:
    def clip(interpreter: Interpreter, _: Any) -> None:
        interpreter.pending_clip = even_odd

    return clip


def _colours(stroke: bool, count: int | None = None) -> Callable[[Interpreter, Any], None]:
    return lambda interpreter, operands: interpreter.colour(operands, stroke=stroke, count=count)


_OPERATORS: dict[str, Callable[[Interpreter, Any], None]] = {
    "q": Interpreter.save,
    "Q": Interpreter.restore,
    "cm": Interpreter.concat,
    "w": _setter("line_width"),
    "J": _setter("cap", int),
    "j": _setter("join", int),
    "M": _setter("miter_limit"),
    "d": Interpreter.dash,
    "gs": Interpreter.ext_state,
    "cs": lambda interpreter, operands: interpreter.colour_space(operands, stroke=False),
    "CS": lambda interpreter, operands: interpreter.colour_space(operands, stroke=True),
    "sc": _colours(False),
    "scn": _colours(False),
    "SC": _colours(True),
    "SCN": _colours(True),
    "g": _colours(False, 1),
    "G": _colours(True, 1),
    "rg": _colours(False, 3),
    "RG": _colours(True, 3),
    "k": _colours(False, 4),
    "K": _colours(True, 4),
    "m": Interpreter.move,
    "l": Interpreter.line,
    "c": Interpreter.curve,
    "v": Interpreter.curve_from_current,
    "y": Interpreter.curve_to_end,
    "h": Interpreter.close,
    "re": Interpreter.rectangle,
    "W": _clipper(False),
    "W*": _clipper(True),
    "BT": Interpreter.begin_text,
    "ET": lambda interpreter, operands: None,
    "Tf": Interpreter.font,
    "Tc": _setter("char_space"),
    "Tz": _setter("horizontal_scale", scale=0.01),
    "TL": _setter("leading"),
    "Ts": _setter("rise"),
    "Tr": Interpreter.text_mode,
    "Tm": Interpreter.text_place,
    "Td": Interpreter.next_line,
    "TD": Interpreter.next_line_leading,
    "T*": Interpreter.new_line,
    "Tj": Interpreter.show,
    "TJ": Interpreter.show,
    "'": Interpreter.show_next_line,
    '"': Interpreter.show_spaced,
    "Do": Interpreter.draw,
}
