"""Text operators (ISO 32000-1, 9.3 and 9.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pikepdf

from ...errors import OfdError
from ...geometry import IDENTITY, Matrix, bounds_of, multiply
from ..state import NOWHERE, ClipPath, matrix_of
from ..text import Line, lay_out, outlines, paint_text
from ..type3 import Type3Font
from .graphics import setter

if TYPE_CHECKING:
    from ..interpreter import Interpreter

_CLIPPING = 4
_UNSEEN = 3
_LONGEST_TEXT = 200_000


def _begin(interpreter: Interpreter, _: Any) -> None:
    interpreter.text_matrix = interpreter.line_matrix = IDENTITY


def _end(interpreter: Interpreter, _: Any) -> None:
    """What was shown in a clipping mode narrows the clip now."""
    segments, interpreter.text_clip = interpreter.text_clip, None
    state = interpreter.state
    if segments:
        clip = ClipPath(tuple(segments), False, bounds_of(point for _, points in segments for point in points))
        state.clips = (*state.clips, clip)
    elif segments is not None:
        state.window = NOWHERE


def _font(interpreter: Interpreter, operands: Any) -> None:
    interpreter.state.font = interpreter.canvas.resources.font(interpreter.resource("/Font", operands[0]))
    interpreter.state.font_size = float(operands[1])


def _mode(interpreter: Interpreter, operands: Any) -> None:
    mode = int(operands[0])
    if not 0 <= mode <= 7:
        raise OfdError("pdf_invalid", f"The page sets the text mode {mode}; there are 0 to 7.")
    interpreter.state.text_mode = mode


def _place(interpreter: Interpreter, operands: Any) -> None:
    interpreter.text_matrix = interpreter.line_matrix = matrix_of(operands)


def _next_line(interpreter: Interpreter, operands: Any) -> None:
    step: Matrix = (1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1]))
    interpreter.text_matrix = interpreter.line_matrix = multiply(step, interpreter.line_matrix)


def _next_line_leading(interpreter: Interpreter, operands: Any) -> None:
    interpreter.state.leading = -float(operands[1])
    _next_line(interpreter, operands)


def _new_line(interpreter: Interpreter, _: Any) -> None:
    _next_line(interpreter, (0.0, -interpreter.state.leading))


def _show(interpreter: Interpreter, operands: Any) -> None:
    items: Any = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
    shown = [bytes(item) if isinstance(item, pikepdf.String) else float(item) for item in items]
    if sum(len(item) for item in shown if isinstance(item, bytes)) > _LONGEST_TEXT:
        raise OfdError("pdf_too_large", f"A text is longer than {_LONGEST_TEXT} bytes.")
    state = interpreter.state
    line = lay_out(state, shown)
    if not interpreter.hidden:
        if isinstance(state.font, Type3Font):
            _draw_procedures(interpreter, state.font, line)
        else:
            paint_text(interpreter.canvas, state, line, interpreter.text_matrix)
    if state.text_mode >= _CLIPPING:
        interpreter.text_clip = (interpreter.text_clip or []) + outlines(
            interpreter.canvas, state, line, interpreter.text_matrix
        )
    interpreter.text_matrix = multiply((1.0, 0.0, 0.0, 1.0, *line.end), interpreter.text_matrix)


def _show_next_line(interpreter: Interpreter, operands: Any) -> None:
    _new_line(interpreter, operands)
    _show(interpreter, operands)


def _show_spaced(interpreter: Interpreter, operands: Any) -> None:
    interpreter.state.word_space, interpreter.state.char_space = float(operands[0]), float(operands[1])
    _show_next_line(interpreter, operands[2:])


def _draw_procedures(interpreter: Interpreter, font: Type3Font, line: Line) -> None:
    """Draw the glyphs of a Type 3 font where they stand, and put their text, if it is known, unseen over them."""
    outer = interpreter.state
    if outer.text_mode != _UNSEEN:
        for x, y, glyph in line.placed:
            procedure = font.procedure(glyph.index)
            if procedure is None:
                continue
            state = outer.copy()
            size, stretch = state.font_size, state.horizontal_scale
            placing: Matrix = (size * stretch, 0.0, 0.0, size, x, y + state.rise)
            state.ctm = multiply(multiply(multiply(font.matrix, placing), interpreter.text_matrix), outer.ctm)
            state.text_mode = 0
            state.char_space = state.word_space = state.rise = 0.0
            state.horizontal_scale = 1.0
            interpreter.nested(font.resources, state).run(procedure)
    unseen = outer.copy()
    unseen.text_mode = _UNSEEN
    paint_text(interpreter.canvas, unseen, line, interpreter.text_matrix)


def _shape_only(interpreter: Interpreter, _: Any) -> None:
    """d1: the glyph is a mere shape in the colour of the text."""
    interpreter.locked = True
    interpreter.state.stroke = interpreter.state.fill


OPERATORS: dict[str, Callable[[Interpreter, Any], None]] = {
    "BT": _begin,
    "ET": _end,
    "Tf": _font,
    "Tc": setter("char_space"),
    "Tw": setter("word_space"),
    "Tz": setter("horizontal_scale", scale=0.01),
    "TL": setter("leading"),
    "Ts": setter("rise"),
    "Tr": _mode,
    "Tm": _place,
    "Td": _next_line,
    "TD": _next_line_leading,
    "T*": _new_line,
    "Tj": _show,
    "TJ": _show,
    "'": _show_next_line,
    '"': _show_spaced,
    "d0": lambda interpreter, operands: None,
    "d1": _shape_only,
}
