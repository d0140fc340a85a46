"""Operators that draw objects: images, forms, shadings; and marked content, which may be hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pikepdf

from ...errors import OfdError
from ...geometry import multiply
from ..forms import draw_form
from ..paths import fill_with_pattern
from ..pictures import paint_image
from ..state import BLACK, PatternPaint, rectangle_segments

if TYPE_CHECKING:
    from ..interpreter import Interpreter

_DEEPEST_MARKS = 512
_EVERYWHERE = (-20_000.0, -20_000.0, 20_000.0, 20_000.0)


def _draw(interpreter: Interpreter, operands: Any) -> None:
    obj = interpreter.resource("/XObject", operands[0])
    if interpreter.hidden or interpreter.canvas.resources.layers.hides(obj.get("/OC")):
        return
    if obj.get("/Subtype") == pikepdf.Name.Image:
        paint_image(interpreter.canvas, interpreter.state, obj, interpreter.space)
    elif obj.get("/Subtype") == pikepdf.Name.Form:
        draw_form(interpreter, obj)
    else:
        raise OfdError("unsupported_operator", f"The page draws an object of kind {obj.get('/Subtype')}.")


def _inline_image(interpreter: Interpreter, operands: Any) -> None:
    if interpreter.hidden:
        return
    inline = operands[0]
    holder = pikepdf.new()
    image = holder.make_stream(inline._data._inline_image_raw_bytes())
    for key, value in inline.obj.items():
        image[key] = value
    if "/ColorSpace" in inline.obj:
        # Named or written in the page: it stays there, and only its place is taken here.
        image.ColorSpace = pikepdf.Name.DeviceGray
    space = interpreter.space(inline.obj.get("/ColorSpace"))
    paint_image(interpreter.canvas, interpreter.state, image, lambda _: space)


def _shade(interpreter: Interpreter, operands: Any) -> None:
    """sh: the shading fills whatever the clip leaves; its ground is not painted."""
    if interpreter.hidden:
        return
    shading = interpreter.resource("/Shading", operands[0])
    state, canvas = interpreter.state.copy(), interpreter.canvas
    matrix = multiply(state.ctm, canvas.base)
    if "/BBox" in shading:
        left, bottom, right, top = (float(each) for each in shading.BBox)
        state.clip(rectangle_segments(left, bottom, right - left, top - bottom), False, matrix)
    left, top, right, bottom = state.visible(canvas.page or _EVERYWHERE) or (0.0, 0.0, 0.0, 0.0)
    if right <= left or bottom <= top:
        return
    pattern = pikepdf.Dictionary(PatternType=2, Shading=shading)
    frame = rectangle_segments(left, top, right - left, bottom - top)
    paint = PatternPaint(pattern, BLACK, matrix, grounded=False)
    fill_with_pattern(canvas, state, frame, paint, even_odd=False)


def _begin_marked(interpreter: Interpreter, operands: Any) -> None:
    if len(interpreter.marked) >= _DEEPEST_MARKS:
        raise OfdError("pdf_invalid", f"Marked content is nested more than {_DEEPEST_MARKS} deep.")
    hidden = False
    if len(operands) > 1 and operands[0] == pikepdf.Name.OC and isinstance(operands[1], pikepdf.Name):
        properties = interpreter.resources.get("/Properties", {})
        hidden = interpreter.canvas.resources.layers.hides(properties.get(operands[1]))
    interpreter.marked.append(hidden)


def _end_marked(interpreter: Interpreter, _: Any) -> None:
    if interpreter.marked:
        interpreter.marked.pop()


OPERATORS: dict[str, Callable[[Interpreter, Any], None]] = {
    "Do": _draw,
    "INLINE IMAGE": _inline_image,
    "sh": _shade,
    "BMC": _begin_marked,
    "BDC": _begin_marked,
    "EMC": _end_marked,
}
