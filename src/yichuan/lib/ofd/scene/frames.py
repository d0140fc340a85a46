"""The border of an image (GB/T 33190-2016 clause 10): a frame along its Boundary, perhaps with round corners."""

from lxml import etree

from ..model import Box
from ..xmlread import child
from .model import Path, Pen, Shape, Solid
from .shapes import rectangle
from .style import Painter
from .values import to_float, to_floats

_LINE_WIDTH_MM = 0.353


def frame_of(element: etree._Element, boundary: Box, painter: Painter) -> Shape | None:
    """The frame of an ImageObject in the space of its Boundary, None when it has none."""
    border = child(element, "Border")
    _, _, width, height = boundary
    if border is None or width <= 0 or height <= 0:
        return None
    colour = child(border, "BorderColor")
    dashes = tuple(to_floats(border.get("DashPattern")))
    dashed = sum(dashes) > 0 and min(dashes) >= 0
    pen = Pen(
        painter(colour) if colour is not None else Solid((0, 0, 0)),
        max(0.0, to_float(border.get("LineWidth"), _LINE_WIDTH_MM)),
        dashes=dashes if dashed else (),
        offset=to_float(border.get("DashOffset"), 0.0) if dashed else 0.0,
    )
    across = max(0.0, min(to_float(border.get("HorizonalCornerRadius"), 0.0), width / 2))
    down = max(0.0, min(to_float(border.get("VerticalCornerRadius"), 0.0), height / 2))
    if pen.width == 0:
        return None
    outline = _rounded(width, height, across, down) if across and down else rectangle(0.0, 0.0, width, height)
    return Shape(outline, None, pen)


def _rounded(width: float, height: float, across: float, down: float) -> Path:
    def turn(x: float, y: float) -> tuple[str, tuple[float, ...]]:
        return "A", (across, down, 0.0, 0.0, 1.0, x, y)

    return (
        ("M", (across, 0.0)),
        ("L", (width - across, 0.0)),
        turn(width, down),
        ("L", (width, height - down)),
        turn(width - across, height),
        ("L", (across, height)),
        turn(0.0, height - down),
        ("L", (0.0, down)),
        turn(across, 0.0),
        ("Z", ()),
    )
