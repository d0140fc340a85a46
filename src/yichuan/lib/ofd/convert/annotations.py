"""Annotations of a PDF (ISO 32000-1, 12.5): their appearances become part of the page, as they are seen on screen."""

from typing import Any

import pikepdf

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, apply, bounds_of
from .canvas import Canvas
from .forms import draw_form
from .interpreter import Interpreter
from .state import State, matrix_of

_HIDDEN, _NO_VIEW = 2, 32
_UNDRAWN = frozenset(
    {"/Link", "/Popup", "/PrinterMark", "/TrapNet", "/Screen", "/Movie", "/Sound", "/3D", "/RichMedia"}
)
"""Kinds that draw nothing on paper when they have no appearance."""


def draw_annotations(page: Any, canvas: Canvas) -> None:
    """Draw every annotation that shows. Raises OfdError `unsupported_annotation` for one whose look is left to the
    reader."""
    for annotation in page.get("/Annots", []):
        if not isinstance(annotation, pikepdf.Dictionary):
            continue
        flags = int(annotation.get("/F", 0))
        if flags & (_HIDDEN | _NO_VIEW) or canvas.resources.layers.hides(annotation.get("/OC")):
            continue
        kind = str(annotation.get("/Subtype"))
        if kind == "/Popup":
            continue
        appearance = _appearance(annotation)
        if appearance is not None:
            _draw(annotation, appearance, canvas)
        elif "/AP" not in annotation and not _empty(annotation, kind):
            raise OfdError(
                "unsupported_annotation",
                f"The page has an annotation ({kind[1:]}) without an appearance of its own; flatten it.",
            )


def _appearance(annotation: Any) -> Any:
    """The normal appearance in its present state, or None."""
    normal = annotation.get("/AP", {}).get("/N")
    if isinstance(normal, pikepdf.Stream):
        return normal
    if isinstance(normal, pikepdf.Dictionary) and "/AS" in annotation:
        found = normal.get(annotation.AS)
        return found if isinstance(found, pikepdf.Stream) else None
    return None


def _empty(annotation: Any, kind: str) -> bool:
    """Whether the annotation shows nothing although it has no appearance."""
    if kind in _UNDRAWN:
        return True
    left, bottom, right, top = (float(each) for each in annotation.get("/Rect", [0, 0, 0, 0]))
    if left == right or bottom == top:
        return True
    return kind == "/Widget" and "/V" not in annotation and "/MK" not in annotation


def _draw(annotation: Any, appearance: Any, canvas: Canvas) -> None:
    """The algorithm of 12.5.5: the appearance's box, as its matrix turns it, is fitted into the annotation's."""
    a, b, c, d = (float(each) for each in appearance.BBox)
    turned = matrix_of(appearance.get("/Matrix", IDENTITY))
    box = bounds_of(apply(turned, corner) for corner in ((a, b), (c, b), (c, d), (a, d)))
    x0, y0, x1, y1 = (float(each) for each in annotation.Rect)
    rect = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    if box[2] <= box[0] or box[3] <= box[1]:
        return
    wide, high = (rect[2] - rect[0]) / (box[2] - box[0]), (rect[3] - rect[1]) / (box[3] - box[1])
    fit: Matrix = (wide, 0.0, 0.0, high, rect[0] - box[0] * wide, rect[1] - box[1] * high)
    state = State()
    state.ctm = fit
    interpreter = Interpreter(canvas, pikepdf.Dictionary(), state)
    draw_form(interpreter, appearance)
