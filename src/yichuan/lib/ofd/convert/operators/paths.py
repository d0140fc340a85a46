"""Path operators (ISO 32000-1, 8.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import OfdError
from ...geometry import multiply
from ..paths import paint_path
from ..state import rectangle_segments

if TYPE_CHECKING:
    from ..interpreter import Interpreter

Handler = Callable[["Interpreter", Any], None]
_MOST_SEGMENTS = 500_000


def _segment(interpreter: Interpreter, code: str, operands: Any) -> None:
    values = [float(each) for each in operands]
    points = tuple(zip(values[::2], values[1::2], strict=True))
    if not interpreter.path and code != "M":
        interpreter.path.append(("M", (points[0] if code == "L" else interpreter.current,)))
    interpreter.path.append((code, points))
    interpreter.current = points[-1]


def _curve_from_current(interpreter: Interpreter, operands: Any) -> None:
    _segment(interpreter, "B", [*interpreter.current, *operands])


def _curve_to_end(interpreter: Interpreter, operands: Any) -> None:
    _segment(interpreter, "B", [*operands, *operands[2:]])


def _close(interpreter: Interpreter, _: Any) -> None:
    path = interpreter.path
    if path and path[-1][0] != "C":
        path.append(("C", ()))
        start = next((points[0] for code, points in reversed(path) if code == "M"), interpreter.current)
        interpreter.current = start


def _rectangle(interpreter: Interpreter, operands: Any) -> None:
    x, y, width, height = (float(each) for each in operands)
    interpreter.path += rectangle_segments(x, y, width, height)
    interpreter.current = (x, y)


def _painter(*, close: bool = False, stroke: bool = False, fill: bool = False, even_odd: bool = False) -> Handler:
    def paint(interpreter: Interpreter, _: Any) -> None:
        if close:
            _close(interpreter, _)
        path = interpreter.path
        if len(path) > _MOST_SEGMENTS:
            raise OfdError("pdf_too_large", f"A path has more than {_MOST_SEGMENTS} parts.")
        if path and (stroke or fill) and not interpreter.hidden:
            paint_path(interpreter.canvas, interpreter.state, path, stroke=stroke, fill=fill, even_odd=even_odd)
        if interpreter.pending_clip is not None:
            matrix = multiply(interpreter.state.ctm, interpreter.canvas.base)
            interpreter.state.clip(path, interpreter.pending_clip, matrix)
        interpreter.pending_clip = None
        interpreter.path = []

    return paint


def _clipper(even_odd: bool) -> Handler:
    def clip(interpreter: Interpreter, _: Any) -> None:
        interpreter.pending_clip = even_odd

    return clip


OPERATORS: dict[str, Handler] = {
    "m": lambda interpreter, operands: _segment(interpreter, "M", operands),
    "l": lambda interpreter, operands: _segment(interpreter, "L", operands),
    "c": lambda interpreter, operands: _segment(interpreter, "B", operands),
    "v": _curve_from_current,
    "y": _curve_to_end,
    "h": _close,
    "re": _rectangle,
    "S": _painter(stroke=True),
    "s": _painter(close=True, stroke=True),
    "f": _painter(fill=True),
    "F": _painter(fill=True),
    "f*": _painter(fill=True, even_odd=True),
    "B": _painter(stroke=True, fill=True),
    "B*": _painter(stroke=True, fill=True, even_odd=True),
    "b": _painter(close=True, stroke=True, fill=True),
    "b*": _painter(close=True, stroke=True, fill=True, even_odd=True),
    "n": _painter(),
    "W": _clipper(False),
    "W*": _clipper(True),
}
