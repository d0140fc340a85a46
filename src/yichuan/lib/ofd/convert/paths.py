"""Painted paths of a PDF as PathObjects (GB/T 33190-2016 clause 9)."""

from ..errors import OfdError
from ..geometry import (
    Bounds,
    Matrix,
    bounds_of,
    determinant,
    is_similarity,
    multiply,
    number,
    numbers,
    scale_of,
)
from .canvas import Canvas, Frame, Mark, clips_xml, path_data
from .colour import colour_xml
from .patterns import ground_of, own_space, paint_xml
from .state import Colour, Paint, PatternPaint, Segment, State, place

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
    if not any(points for _, points in placed):
        return
    if fill and isinstance(state.fill, PatternPaint):
        fill_with_pattern(canvas, state, placed, state.fill, even_odd=even_odd)
        fill = False
    if stroke or fill:
        _paint_plain(canvas, state, (segments, placed), matrix, (stroke, fill, even_odd))


def _paint_plain(
    canvas: Canvas,
    state: State,
    path: tuple[list[Segment], list[Segment]],
    matrix: Matrix,
    how: tuple[bool, bool, bool],
) -> None:
    segments, placed = path
    stroke, fill, even_odd = how
    skewed = stroke and not is_similarity(matrix) and abs(determinant(matrix)) > 1e-9
    factor = scale_of(matrix)
    width = max(state.line_width * factor, 0.0) or _HAIRLINE_MM
    bounds = bounds_of(point for _, each in placed for point in each)
    reach = _grown(bounds, width * _overhang(state, len(placed)) * (4 if skewed else 1)) if stroke else bounds
    seen = state.visible(reach)
    if seen is None:
        return
    shape = reach if skewed else _grown(bounds, width / 2) if stroke else bounds
    frame = Frame(_boundary(shape))
    left, top = frame.boundary[:2]
    data = path_data(placed, (left, top))
    if skewed:
        # A pen that is no circle on the page: keep the path and its pen in user space, and let the CTM squeeze both.
        frame = Frame(frame.boundary, (*matrix[:4], matrix[4] - left, matrix[5] - top))
        data, factor = path_data(segments, places=6), 1.0
        width = state.line_width or _HAIRLINE_MM / scale_of(matrix)
    inks = []
    if stroke:
        inks.append(paint_element("StrokeColor", state.stroke, state.stroke_alpha * state.unit_alpha, canvas, frame))
    if fill:
        inks.append(paint_element("FillColor", state.fill, state.fill_alpha * state.unit_alpha, canvas, frame))
    xml = (
        f'<ofd:PathObject ID="{canvas.resources.next_id()}" {frame.attributes}'
        + (pen_attributes(state, width, factor) if stroke else ' Stroke="false"')
        + (' Fill="true"' if fill else "")
        + (' Rule="Even-Odd"' if fill and even_odd else "")
        + f">{clips_xml(state, reach, frame)}{''.join(inks)}"
        + f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )
    black = not (stroke and not is_black(state.stroke, state.stroke_alpha * state.unit_alpha)) and not (
        fill and not is_black(state.fill, state.fill_alpha * state.unit_alpha)
    )
    canvas.add([Mark(xml, seen, black)], state.blend)


def fill_with_pattern(
    canvas: Canvas, state: State, placed: list[Segment], paint: PatternPaint, *, even_odd: bool
) -> None:
    """Fill a path (page mm) with a pattern; where the pattern wants its own space, the path is taken into it."""
    shape = bounds_of(point for _, each in placed for point in each)
    seen = state.visible(shape)
    if seen is None:
        return
    frame = Frame(_boundary(shape))
    own = own_space(paint)
    if own is not None:
        frame = Frame(frame.boundary, (*own[:4], own[4] - frame.boundary[0], own[5] - frame.boundary[1]))
    alpha = state.fill_alpha * state.unit_alpha
    ground = ground_of(paint, canvas)
    if ground is not None and alpha < 1:
        raise OfdError("unsupported_shading", "A shading with a ground of its own is half transparent.")
    inks = [colour_xml("FillColor", ground)] if ground is not None else []
    inks.append(paint_xml("FillColor", paint, alpha, canvas, frame.from_page))
    data = path_data(place(placed, frame.from_page), places=6 if own else 4)
    rule = ' Rule="Even-Odd"' if even_odd else ""
    marks = [
        Mark(
            f'<ofd:PathObject ID="{canvas.resources.next_id()}" {frame.attributes} Stroke="false" Fill="true"{rule}>'
            f"{clips_xml(state, shape, frame)}{ink}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>",
            seen,
        )
        for ink in inks
        if ink
    ]
    canvas.add(marks, state.blend)


def paint_element(tag: str, paint: Paint, alpha: float, canvas: Canvas, frame: Frame) -> str:
    """FillColor or StrokeColor of an object in this frame."""
    if isinstance(paint, Colour):
        return colour_xml(tag, paint, alpha)
    if own_space(paint) is not None:
        raise OfdError("unsupported_shading", "A line is painted with a radial shading that is squeezed.")
    ink = paint_xml(tag, paint, alpha, canvas, frame.from_page)
    if not ink or ground_of(paint, canvas) is not None:
        raise OfdError("unsupported_shading", "A line is painted with a shading that has a ground or no length.")
    return ink


def is_black(paint: Paint, alpha: float) -> bool:
    """Whether the paint hides nothing from what is multiplied over it but leaves it black."""
    return alpha >= 1 and isinstance(paint, Colour) and paint.black


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


def _overhang(state: State, segments: int) -> float:
    """How far a line reaches beyond its path, in widths: half of it, more at sharp joins and square caps."""
    if state.join == 0 and segments > 2:
        return max(state.miter_limit, 1.5) / 2
    return 0.75


def _boundary(shape: Bounds) -> Bounds:
    """A box for the shape that is not flat, as readers want it."""
    return (shape[0], shape[1], max(shape[2], shape[0] + _LEAST_MM), max(shape[3], shape[1] + _LEAST_MM))


def _grown(bounds: Bounds, by: float) -> Bounds:
    return (bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by)
