"""Painted paths of a PDF as PathObjects (GB/T 33190-2016 clause 9)."""

from ..geometry import (
    Bounds,
    Matrix,
    bounds_of,
    determinant,
    inverse,
    is_similarity,
    multiply,
    number,
    numbers,
    scale_of,
)
from .canvas import Canvas, clips_xml, path_data
from .colour import colour_xml
from .state import Segment, State, place

_CAPS = ("Butt", "Round", "Square")
_JOINS = ("Miter", "Round", "Bevel")
_HAIRLINE_MM = 0.1
_LEAST_MM = 0.01


def paint_path(
    canvas: Canvas, state: State, segments: list[Segment], *, stroke: bool, fill: bool, even_odd: bool
) -> None:
    """Add the path, painted; `segments` are in user space."""
    matrix = multiply(state.ctm, canvas.base)
    placed = place(segments, matrix)
    points = [point for _, each in placed for point in each]
    if not points:
        return
    skewed = stroke and not is_similarity(matrix) and abs(determinant(matrix)) > 1e-9
    factor = scale_of(matrix)
    width = max(state.line_width * factor, 0.0) or _HAIRLINE_MM
    shape = _grown(bounds_of(points), width * (state.miter_limit if skewed else 1.0) / 2 if stroke else 0.0)
    boundary = (shape[0], shape[1], max(shape[2], shape[0] + _LEAST_MM), max(shape[3], shape[1] + _LEAST_MM))
    ctm: Matrix | None = None
    data = path_data(placed, (boundary[0], boundary[1]))
    if skewed:
        # A pen that is no circle on the page: keep the path and its pen in user space, and let the CTM squeeze both.
        ctm = (*matrix[:4], matrix[4] - boundary[0], matrix[5] - boundary[1])
        data, factor = path_data(segments, places=6), 1.0
        width = state.line_width or _HAIRLINE_MM / scale_of(matrix)
    canvas.add(
        f'<ofd:PathObject ID="{canvas.resources.next_id()}" Boundary="{box(boundary)}"'
        + (f' CTM="{numbers(ctm, 6)}"' if ctm else "")
        + (pen_attributes(state, width, factor) if stroke else ' Stroke="false"')
        + (' Fill="true"' if fill else "")
        + (' Rule="Even-Odd"' if fill and even_odd else "")
        + ">"
        + clips_xml(state.clips, shape, boundary, ctm if ctm and inverse(ctm) else None)
        + (colour_xml("StrokeColor", state.stroke, state.stroke_alpha) if stroke else "")
        + (colour_xml("FillColor", state.fill, state.fill_alpha) if fill else "")
        + f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def pen_attributes(state: State, width: float, factor: float) -> str:
    """LineWidth and its companions; `factor` turns lengths of user space into those of the object."""
    text = f' Stroke="true" LineWidth="{number(width)}" Cap="{_CAPS[state.cap]}" Join="{_JOINS[state.join]}"'
    if state.join == 0:
        text += f' MiterLimit="{number(state.miter_limit)}"'
    pattern, offset = state.dash
    if any(length > 0 for length in pattern):
        doubled = pattern * 2 if len(pattern) % 2 else pattern
        text += f' DashOffset="{number(offset * factor)}" DashPattern="{numbers(v * factor for v in doubled)}"'
    return text


def box(bounds: Bounds) -> str:
    """An ST_Box."""
    return numbers((bounds[0], bounds[1], bounds[2] - bounds[0], bounds[3] - bounds[1]))


def _grown(bounds: Bounds, by: float) -> Bounds:
    return (bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by)
