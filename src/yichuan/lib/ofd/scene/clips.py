"""What an object shows of itself: its Clips (GB/T 33190-2016 clause 8.4) and its Boundary (clause 8.5)."""

from lxml import etree

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, Point, apply, bounds_of, multiply
from ..model import Box
from ..pathdata import path_segments
from ..xmlread import child, children, local, text
from .context import Context
from .model import Clip, Item, Picture, Shape, Text
from .shapes import path_box, rectangle
from .style import Style
from .text import TextReader
from .values import boundary_of, matrix_of

_SPARE_MM = 0.5
_Area = tuple[Matrix, Shape | Text]


def read_clips(context: Context, element: etree._Element, shift: Matrix, placed: Matrix) -> tuple[Clip, ...]:
    """The Clips of an object in the space around it: every one narrows what is left, its Areas add up.

    A clip follows the object's CTM (`placed`) unless TransFlag says that the Boundary alone (`shift`) moves it.
    """
    clips = child(element, "Clips")
    if clips is None:
        return ()
    follows = (clips.get("TransFlag") or "true").strip().lower() != "false"
    found: list[Clip] = []
    for each in children(clips, "Clip"):
        areas: list[_Area] = []
        for area in children(each, "Area"):
            outside = multiply(matrix_of(area), placed if follows else shift)
            for shape in children(area):
                context.budget.spend()
                areas += _areas(context, shape, outside)
        if areas:
            found.append(Clip(tuple(areas)))
    return tuple(found)


def _areas(context: Context, element: etree._Element, outside: Matrix) -> list[_Area]:
    x, y, _, _ = boundary_of(element)
    matrix = multiply(multiply(matrix_of(element), (1.0, 0.0, 0.0, 1.0, x, y)), outside)
    match local(element):
        case "Path":
            try:
                path = path_segments(text(child(element, "AbbreviatedData")))
            except OfdError as error:
                context.note(error.code, error.message)
                return []
            context.budget.spend(0, len(path))
            return [(matrix, Shape(path, None, None, "evenodd" if element.get("Rule") == "Even-Odd" else "nonzero"))]
        case "Text":
            reference = (element.get("Font") or "").strip()
            face = context.book.face(reference, context.resources.fonts.get(reference), resolve=context.resolve)
            reader = TextReader(element, Style.of(element, (), context.resources), face)
            runs = reader.runs(context.book, context.note, resolve=context.resolve)
            context.budget.spend(sum(len(cells) for _, cells in runs))
            return [(matrix, reader.text(run, None, None)) for run in runs] if reader.size > 0 else []
    context.note("clip_unknown", f"A clip by {local(element)[:40]!r} is not applied.")
    return []


def boundary_clip(items: tuple[Item, ...], boundary: Box, placed: Matrix) -> tuple[Clip, ...]:
    """The cut along the Boundary, where something sticks out of it.

    The standard cuts everything there. But makers give lines a flat box, text the height of its letters, and round
    their numbers. So a flat box does not cut, text is not cut, and what sticks out by half a millimetre or by its pen
    stays.
    """
    x, y, width, height = boundary
    if width <= 0 or height <= 0:
        return ()
    spare = _SPARE_MM
    points: list[Point] = []
    for item in items:
        match item:
            case Text():
                return ()
            case Shape(path, _, pen):
                left, top, right, bottom = path_box(path)
                points += ((left, top), (right, top), (right, bottom), (left, bottom))
                spare = max(spare, pen.width if pen is not None else 0.0)
            case Picture():
                points += ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    if points and len(points) == 4 * len(items):
        left, top, right, bottom = bounds_of(apply(placed, point) for point in points)
        if left >= x - spare and top >= y - spare and right <= x + width + spare and bottom <= y + height + spare:
            return ()
    area = rectangle(x - spare, y - spare, width + 2 * spare, height + 2 * spare)
    return (Clip(((IDENTITY, Shape(area, None, None)),)),)
