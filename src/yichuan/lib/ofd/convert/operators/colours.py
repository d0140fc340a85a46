"""Colour operators (ISO 32000-1, 8.6.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pikepdf

from ...errors import OfdError
from ..spaces import Space
from ..state import BLACK, Paint, PatternPaint

if TYPE_CHECKING:
    from ..interpreter import Interpreter

Handler = Callable[["Interpreter", Any], None]
_DEVICES = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}


def _set(interpreter: Interpreter, stroke: bool, space: Space, paint: Paint) -> None:
    if stroke:
        interpreter.state.stroke_space, interpreter.state.stroke = space, paint
    else:
        interpreter.state.fill_space, interpreter.state.fill = space, paint


def _space(stroke: bool) -> Handler:
    def choose(interpreter: Interpreter, operands: Any) -> None:
        if interpreter.locked:
            return
        name = str(operands[0])
        if name in _DEVICES:
            space = interpreter.device(_DEVICES[name])
        elif name == "/Pattern":
            space = interpreter.canvas.resources.space(operands[0])
        else:
            space = interpreter.canvas.resources.space(interpreter.resource("/ColorSpace", operands[0]))
        _set(interpreter, stroke, space, BLACK if space.pattern else space.colour(space.initial))

    return choose


def _colour(stroke: bool) -> Handler:
    def paint(interpreter: Interpreter, operands: Any) -> None:
        if interpreter.locked:
            return
        space = interpreter.state.stroke_space if stroke else interpreter.state.fill_space
        if operands and isinstance(operands[-1], pikepdf.Name):
            pattern = interpreter.resource("/Pattern", operands[-1])
            parts = tuple(float(each) for each in list(operands)[:-1])
            under = space.colour(parts) if space.pattern and parts else BLACK
            _set(interpreter, stroke, space, PatternPaint(pattern, under, interpreter.origin))
        elif space.pattern:
            raise OfdError("pdf_invalid", "The page sets a colour where a pattern is due.")
        else:
            _set(interpreter, stroke, space, space.colour(tuple(float(each) for each in operands)))

    return paint


def _device(stroke: bool, count: int) -> Handler:
    def paint(interpreter: Interpreter, operands: Any) -> None:
        if not interpreter.locked:
            space = interpreter.device(count)
            _set(interpreter, stroke, space, space.colour(tuple(float(each) for each in operands)))

    return paint


OPERATORS: dict[str, Handler] = {
    "cs": _space(False),
    "CS": _space(True),
    "sc": _colour(False),
    "scn": _colour(False),
    "SC": _colour(True),
    "SCN": _colour(True),
    "g": _device(False, 1),
    "G": _device(True, 1),
    "rg": _device(False, 3),
    "RG": _device(True, 3),
    "k": _device(False, 4),
    "K": _device(True, 4),
}
