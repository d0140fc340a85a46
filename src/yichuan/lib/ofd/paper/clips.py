"""What of a group shows: clipping paths and text, or a soft mask where areas overlap (ISO 32000-1, 8.5.4 and 11.5)."""

from itertools import combinations

from pikepdf import Dictionary, Name

from ..geometry import Bounds
from ..scene.model import Clip, Shape, Text
from .canvas import Canvas
from .paths import path_bounds, path_operators
from .text import CLIP, FILL, show

_NOTHING = "0 0 0 0 re W n"
_MOST_COMPARED = 64


def masked(clip: Clip) -> bool:
    """Whether only a mask shows the union: areas of both kinds, of both rules, or one over another."""
    shapes = [(matrix, area) for matrix, area in clip.areas if isinstance(area, Shape)]
    if not shapes or len(clip.areas) == 1:
        return False
    if len(shapes) < len(clip.areas) or len({shape.rule for _, shape in shapes}) > 1:
        return True
    boxes = [box for matrix, shape in shapes if (box := path_bounds(shape.path, matrix)) is not None]
    return len(boxes) > _MOST_COMPARED or any(_overlap(one, two) for one, two in combinations(boxes, 2))


def set_clip(canvas: Canvas, clip: Clip) -> None:
    """Let only the clip's areas show from here on."""
    paths = [path_operators(area.path, matrix) for matrix, area in clip.areas if isinstance(area, Shape)]
    texts = [(matrix, area) for matrix, area in clip.areas if isinstance(area, Text)]
    if any(paths):
        rule = next(area.rule for _, area in clip.areas if isinstance(area, Shape))
        canvas.write("\n".join(filter(None, paths)) + ("\nW* n" if rule == "evenodd" else "\nW n"))
        return
    canvas.write("BT")
    shown = [show(canvas, text, CLIP, matrix) for matrix, text in texts]
    canvas.write("ET")
    if not any(shown):
        canvas.write(_NOTHING)


def set_mask(canvas: Canvas, clip: Clip, box: Bounds) -> None:
    """Let only the clip's areas show from here on, by a soft mask over `box`."""
    mask = Canvas(canvas.shelf)
    mask.write("1 g")
    for matrix, area in clip.areas:
        if isinstance(area, Shape):
            mask.write(f"{path_operators(area.path, matrix)}\n{'f*' if area.rule == 'evenodd' else 'f'}")
        else:
            mask.write("BT")
            show(mask, area, FILL, matrix)
            mask.write("ET")
    form = mask.form(box, group=True, colours=Name.DeviceGray)
    state = Dictionary(SMask=Dictionary(Type=Name.Mask, S=Name.Luminosity, G=form))
    canvas.write(f"{canvas.name('ExtGState', canvas.shelf.pdf.make_indirect(state))} gs")


def _overlap(one: Bounds, two: Bounds) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
