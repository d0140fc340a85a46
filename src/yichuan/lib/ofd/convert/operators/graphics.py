"""Operators and dictionaries of the graphics state (ISO 32000-1, 8.4.4 and 8.4.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pikepdf

from ...errors import OfdError
from ...geometry import multiply
from ..state import State, matrix_of

if TYPE_CHECKING:
    from ..interpreter import Interpreter

_DEEPEST_SAVE = 512
_PLAIN_TRANSFERS = ("/Identity", "/Default")


def save(interpreter: Interpreter, _: Any) -> None:
    """q"""
    if len(interpreter.saved) >= _DEEPEST_SAVE:
        raise OfdError("pdf_invalid", f"The page saves its state more than {_DEEPEST_SAVE} times.")
    interpreter.saved.append(interpreter.state.copy())


def restore(interpreter: Interpreter, _: Any) -> None:
    """Q"""
    if interpreter.saved:
        interpreter.state = interpreter.saved.pop()


def concat(interpreter: Interpreter, operands: Any) -> None:
    """cm"""
    interpreter.state.ctm = multiply(matrix_of(operands), interpreter.state.ctm)


def dash(interpreter: Interpreter, operands: Any) -> None:
    """d"""
    interpreter.state.dash = (tuple(float(length) for length in operands[0]), float(operands[1]))


def ext_state(interpreter: Interpreter, operands: Any) -> None:
    """gs"""
    settings = interpreter.resource("/ExtGState", operands[0])
    state = interpreter.state
    if "/Font" in settings:
        state.font, state.font_size = interpreter.canvas.resources.font(settings.Font[0]), float(settings.Font[1])
    if "/D" in settings:
        dash(interpreter, settings.D)
    extend(state, settings)


def extend(state: State, settings: Any) -> None:
    """Take over a graphics state dictionary. Raises OfdError `unsupported_mask` or `unsupported_transfer`."""
    if "/BM" in settings:
        blend = settings.BM[0] if isinstance(settings.BM, pikepdf.Array) else settings.BM
        state.blend = "Normal" if str(blend) == "/Compatible" else str(blend)[1:]
    if settings.get("/SMask", pikepdf.Name("/None")) != pikepdf.Name("/None"):
        raise OfdError("unsupported_mask", "The page uses a soft mask, which is not carried; flatten the transparency.")
    for key in ("/TR", "/TR2"):
        if key in settings and str(settings[key]) not in _PLAIN_TRANSFERS:
            raise OfdError("unsupported_transfer", "The page bends its colours by a transfer function; print it flat.")
    for key, field, kind in _FIELDS:
        if key in settings:
            setattr(state, field, kind(settings[key]))


_FIELDS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("/ca", "fill_alpha", float),
    ("/CA", "stroke_alpha", float),
    ("/LW", "line_width", float),
    ("/LC", "cap", int),
    ("/LJ", "join", int),
    ("/ML", "miter_limit", float),
)


def setter(field: str, kind: Callable[[Any], Any] = float, scale: float = 1.0) -> Callable[[Interpreter, Any], None]:
    """An operator that sets one value of the state."""

    def set_field(interpreter: Interpreter, operands: Any) -> None:
        value = kind(operands[0])
        setattr(interpreter.state, field, value if scale == 1.0 else value * scale)

    return set_field


def nothing(_: Interpreter, __: Any) -> None:
    """What leaves no mark: rendering intent, flatness, marked points."""


OPERATORS: dict[str, Callable[[Interpreter, Any], None]] = {
    "q": save,
    "Q": restore,
    "cm": concat,
    "w": setter("line_width"),
    "J": setter("cap", int),
    "j": setter("join", int),
    "M": setter("miter_limit"),
    "d": dash,
    "gs": ext_state,
    "ri": nothing,
    "i": nothing,
    "MP": nothing,
    "DP": nothing,
}
