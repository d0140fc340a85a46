"""Images of a PDF page as ImageObjects (GB/T 33190-2016 clause 10)."""

from collections.abc import Callable
from typing import Any

from ..errors import OfdError
from ..geometry import Matrix, apply, bounds_of, determinant, multiply
from .canvas import Canvas, Frame, Mark, clips_xml
from .colour import alpha_attribute
from .state import BLACK, Colour, State


def paint_image(canvas: Canvas, state: State, obj: Any, named: Callable[[Any], Any]) -> None:
    """Add the image; it fills the unit square of user space, its first row at the top. `named` finds the colour
    spaces that images of the page call by name."""
    flip: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)
    matrix = multiply(flip, multiply(state.ctm, canvas.base))
    shape = bounds_of(apply(matrix, corner) for corner in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)))
    seen = state.visible(shape)
    if seen is None or abs(determinant(matrix)) < 1e-9:
        return
    stencil = state.fill
    if not isinstance(stencil, Colour):
        if obj.get("/ImageMask", False):
            raise OfdError("unsupported_pattern", "An image mask is painted with a pattern, which is not carried.")
        stencil = BLACK
    resource = canvas.resources.image(obj, stencil, named)
    frame = Frame(shape, (*matrix[:4], matrix[4] - shape[0], matrix[5] - shape[1]))
    head = f'<ofd:ImageObject ID="{canvas.resources.next_id()}" {frame.attributes} ResourceID="{resource}"'
    alpha = alpha_attribute(state.fill_alpha * state.unit_alpha)
    clips = clips_xml(state, shape, frame)
    canvas.add([Mark(f"{head}{alpha}" + (f">{clips}</ofd:ImageObject>" if clips else "/>"), seen)], state.blend)
