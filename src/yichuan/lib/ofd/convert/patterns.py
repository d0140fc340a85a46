"""Patterns of a PDF (ISO 32000-1, 8.7) as paint of an OFD: shadings, and cells that are repeated (clause 8.3.3)."""

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, bounds_of, inverse, multiply, number, numbers
from .canvas import Canvas
from .colour import alpha_attribute
from .shadings import shading_xml, wants_own_space
from .state import Colour, PatternPaint, matrix_of

_CELL_MM = 25.4 / 72
_SPARE_MM = 0.05


def to_page(paint: PatternPaint) -> Matrix:
    """From the pattern's own space to page millimetres."""
    return multiply(matrix_of(paint.pattern.get("/Matrix", IDENTITY)), paint.origin)


def own_space(paint: PatternPaint) -> Matrix | None:
    """The pattern's space, when a path painted with it must be written there and not in page millimetres."""
    shaded = int(paint.pattern.PatternType) == 2
    return to_page(paint) if shaded and wants_own_space(paint.pattern.Shading, to_page(paint)) else None


def paint_xml(tag: str, paint: PatternPaint, alpha: float, canvas: Canvas, from_page: Matrix) -> str:
    """A FillColor or StrokeColor with a shading or a pattern; `from_page` leads from page millimetres to the object's
    own space. Empty when it paints nothing. Raises OfdError `unsupported_shading`, `unsupported_pattern`."""
    to_object = multiply(to_page(paint), from_page)
    if int(paint.pattern.PatternType) == 2:
        shading = paint.pattern.Shading
        inner = shading_xml(shading, canvas.resources.space(shading.ColorSpace), to_object)
    else:
        inner = _tiling(paint, canvas, to_object)
    return f"<ofd:{tag}{alpha_attribute(alpha)}>{inner}</ofd:{tag}>" if inner else ""


def ground_of(paint: PatternPaint, canvas: Canvas) -> Colour | None:
    """The colour that lies under a shading when it is used as a pattern."""
    if not paint.grounded or int(paint.pattern.PatternType) != 2 or "/Background" not in paint.pattern.Shading:
        return None
    shading = paint.pattern.Shading
    return canvas.resources.space(shading.ColorSpace).colour(tuple(float(each) for each in shading.Background))


def _tiling(paint: PatternPaint, canvas: Canvas, to_object: Matrix) -> str:
    pattern = paint.pattern
    left, bottom, right, top = (float(each) for each in pattern.BBox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    steps = abs(float(pattern.XStep)), abs(float(pattern.YStep))
    if right <= left or top <= bottom or not min(steps):
        raise OfdError("unsupported_pattern", "A pattern's cell or step has no size.")
    # The cell's own space: millimetres from its top left corner, y downward, as a page of its own would have.
    cell: Matrix = (_CELL_MM, 0.0, 0.0, -_CELL_MM, -left * _CELL_MM, top * _CELL_MM)
    undo = inverse(cell)
    if undo is None or inverse(to_object) is None:
        return ""
    inside = Canvas(canvas.resources, cell)
    canvas.resources.draw_cell(paint, inside)
    if not inside.marks:
        return ""
    width, height = (right - left) * _CELL_MM, (top - bottom) * _CELL_MM
    across, down = steps[0] * _CELL_MM, steps[1] * _CELL_MM
    corners = [corner for mark in inside.marks for corner in (mark.bounds[:2], mark.bounds[2:])]
    reach = bounds_of((x, y) for x, y in corners)
    if (reach[2] > max(across, 0.0) + _SPARE_MM and across < width) or (reach[3] > down + _SPARE_MM and down < height):
        raise OfdError("unsupported_pattern", "The cells of a pattern overlap, which OFD does not have.")
    return (
        f'<ofd:Pattern Width="{number(min(width, across), 6)}" Height="{number(min(height, down), 6)}"'
        f' XStep="{number(across, 6)}" YStep="{number(down, 6)}" CTM="{numbers(multiply(undo, to_object), 8)}">'
        f"<ofd:CellContent>{''.join(inside.objects)}</ofd:CellContent></ofd:Pattern>"
    )
