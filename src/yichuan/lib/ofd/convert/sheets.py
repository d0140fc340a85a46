"""Pages of a PDF: their box, unit and turn (ISO 32000-1, 7.7.3.3), and all that is drawn on them."""

from typing import Any

import pikepdf

from ..errors import OfdError
from ..geometry import Matrix
from .annotations import draw_annotations
from .canvas import Canvas
from .interpreter import Interpreter
from .resources import Resources
from .state import State, meet
from .writer import WrittenPage

_MM_PER_POINT = 25.4 / 72
_DEEPEST_TREE = 64
_LONGEST_MM = 100_000.0


def convert_page(page: Any, resources: Resources) -> WrittenPage:
    """One page with its annotations drawn in. Raises OfdError."""
    box = _box(page)
    left, bottom, right, top = box
    unit = float(page.obj.get("/UserUnit", 1)) * _MM_PER_POINT
    width, height = (right - left) * unit, (top - bottom) * unit
    if not 0 < width < _LONGEST_MM or not 0 < height < _LONGEST_MM:
        raise OfdError("pdf_invalid", f"The page is {width:.1f} x {height:.1f} mm.")
    base: Matrix
    match int(_inherited(page.obj, "/Rotate") or 0) % 360:
        case 90:
            base = (0.0, unit, unit, 0.0, -bottom * unit, -left * unit)
            width, height = height, width
        case 180:
            base = (-unit, 0.0, 0.0, unit, right * unit, -bottom * unit)
        case 270:
            base = (0.0, -unit, -unit, 0.0, top * unit, right * unit)
            width, height = height, width
        case _:
            base = (unit, 0.0, 0.0, -unit, -left * unit, top * unit)
    canvas = Canvas(resources, base, (0.0, 0.0, width, height))
    if "/Contents" in page.obj:
        Interpreter(canvas, _inherited(page.obj, "/Resources") or pikepdf.Dictionary(), State()).run(page.obj)
    draw_annotations(page.obj, canvas)
    return WrittenPage(width, height, canvas.objects)


def _box(page: Any) -> tuple[float, float, float, float]:
    """What of the page is seen: the crop box inside the media box."""
    media = _rectangle(_inherited(page.obj, "/MediaBox") or [0, 0, 612, 792])
    crop = _inherited(page.obj, "/CropBox")
    return meet(media, _rectangle(crop)) if crop is not None else media


def _rectangle(values: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(each) for each in values)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


def _inherited(node: Any, key: str) -> Any:
    """An entry of the page or of the nearest page tree node above it that has it."""
    for _ in range(_DEEPEST_TREE):
        if key in node:
            return node[key]
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            return None
    return None
