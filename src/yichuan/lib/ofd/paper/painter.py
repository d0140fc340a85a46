"""Items of a scene drawn into a content stream (ISO 32000-1 clauses 8.5 and 11)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from ..geometry import IDENTITY, Bounds, Matrix, apply, bounds_of, inverse, multiply
from ..scene.model import Group, Item, Missing, Paint, Pen, Picture, Shape, Solid, Text
from .canvas import Canvas, Drawn
from .clips import masked, set_clip, set_mask
from .paints import Cover, set_paint
from .paths import box_path, decimal, decimals, matrix_operands, path_bounds, path_operators
from .text import EMBOLDENING, FILL, FILL_AND_STROKE, STROKE, UNSEEN, boxes, show, text_bounds

_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_BLENDS = {"normal": "Normal", "multiply": "Multiply"}
_MISSING_RGB, _MISSING_LINE_MM = (192, 0, 0), 0.2
_MODES = {(True, False): FILL, (False, True): STROKE, (True, True): FILL_AND_STROKE, (False, False): UNSEEN}
_HEAVY = 64
_EVERYWHERE: Bounds = (-1e6, -1e6, 1e6, 1e6)
_UPRIGHT: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)


class Painter:
    """Draws into one canvas. `matrix` takes the items' space into the canvas's own, `seen` is what shows, there."""

    def __init__(self, canvas: Canvas, matrix: Matrix, seen: Bounds) -> None:
        self.canvas = canvas
        self.matrix = matrix
        self.seen = seen

    def draw(self, items: Sequence[Item]) -> None:
        """The items one after the other."""
        for item in items:
            match item:
                case Shape():
                    self.shape(item)
                case Text():
                    self.text(item)
                case Picture():
                    self.picture(item)
                case Missing():
                    self.missing(item)
                case Group():
                    self.group(item)

    def shape(self, shape: Shape, alpha: float = 1.0) -> None:
        """A path, filled and stroked."""
        if not shape.path:
            return
        path = path_operators(shape.path)
        cover = partial(path_bounds, shape.path)
        if shape.fill is not None:
            with self._opacity(shape.fill.alpha * alpha):
                self._paint(shape.fill, cover)
                self.canvas.write(f"{path}\n{'f*' if shape.rule == 'evenodd' else 'f'}")
        if shape.pen is not None:
            with self._opacity(shape.pen.paint.alpha * alpha):
                self._pen(shape.pen, cover)
                self.canvas.write(f"{path}\nS")

    def text(self, text: Text) -> None:
        """Glyphs, seen or to be found unseen."""
        if not text.cells:
            return
        fill, pen, cover = text.fill, text.pen, partial(text_bounds, text)
        if text.bold and fill is not None and pen is None:
            pen = Pen(fill, text.size * EMBOLDENING, join="round")
        mode = _MODES[fill is not None, pen is not None]
        with self._opacity(fill.alpha if fill else 1.0, pen.paint.alpha if pen else 1.0):
            if fill is not None:
                self._paint(fill, cover)
            if pen is not None:
                self._pen(pen, cover)
            self.canvas.write("BT")
            show(self.canvas, text, mode)
            self.canvas.write("ET")
        if mode != UNSEEN:
            for missing, bounds, width in boxes(text):
                self.canvas.shelf.note("glyph_missing", f"No font shows U+{ord(missing[0]):04X}; a box stands for it.")
                self.shape(Shape(box_path(bounds), None, Pen(Solid((0, 0, 0)), width)))

    def picture(self, picture: Picture, alpha: float = 1.0) -> None:
        """An image over the unit square."""
        image = self.canvas.shelf.images.image(picture)
        if image is None:
            self.missing(Missing((0.0, 0.0, 1.0, 1.0), "The image cannot be shown."), scale=0.02)
            return
        with self._opacity(alpha), self._kept():
            self.canvas.write(f"{matrix_operands(_UPRIGHT)} cm {self.canvas.name('XObject', image)} Do")

    def missing(self, missing: Missing, scale: float = 1.0) -> None:
        """A dashed box with a cross; `scale` makes its lines finer in a space that is not in mm."""
        left, top, right, bottom = missing.bounds
        cross = (("M", (left, top)), ("L", (right, bottom)), ("M", (right, top)), ("L", (left, bottom)))
        pen = Pen(Solid(_MISSING_RGB), _MISSING_LINE_MM * scale, dashes=(scale, scale))
        self.shape(Shape((*box_path(missing.bounds), *cross), None, pen))

    def group(self, group: Group) -> None:
        """Items moved, cut and mixed together. What its matrix flattens cannot be seen."""
        if inverse(group.matrix) is None or not group.items or not group.alpha:
            return
        if group.blend == "normal" and (group.alpha == 1 or _is_one_mark(group)):
            self._inside(group, group.alpha)
            return
        form = self._form(replace(group, alpha=1.0, blend="normal"))
        with self._kept():
            self.canvas.state(group.alpha, group.alpha, _BLENDS[group.blend])
            self.canvas.write(f"{form} Do")

    def _inside(self, group: Group, alpha: float) -> None:
        """A group's items; `alpha` is for a single mark, whose own opacity stands for the group's."""
        masks = [clip for clip in group.clips if masked(clip)]
        with self._kept():
            for clip in group.clips:
                if clip not in masks:
                    set_clip(self.canvas, clip)
            if masks:
                set_mask(self.canvas, masks[0], self._seen_from_here())
                inner = self._form(replace(group, clips=tuple(masks[1:])))
                self.canvas.write(f"{inner} Do")
                return
            if group.matrix != IDENTITY:
                self.canvas.write(f"{matrix_operands(group.matrix)} cm")
            inside = Painter(self.canvas, multiply(group.matrix, self.matrix), self.seen)
            match group.items:
                case (Shape() as shape,):
                    inside.shape(shape, alpha)
                case (Picture() as picture,):
                    inside.picture(picture, alpha)
                case _:
                    inside._items(group.items)

    def _items(self, items: tuple[Item, ...]) -> None:
        """The items of a group; what takes many operators becomes a form, which is only named when it comes again."""
        if not _is_heavy(items):
            self.draw(items)
            return
        forms = self.canvas.shelf.forms
        if id(items) not in forms:
            canvas = Canvas(self.canvas.shelf)
            Painter(canvas, IDENTITY, _EVERYWHERE).draw(items)
            forms[id(items)] = Drawn(items, canvas.form(_EVERYWHERE, group=False), canvas.transparent)
        drawn = forms[id(items)]
        self.canvas.transparent |= drawn.transparent
        self.canvas.write(f"{self.canvas.name('XObject', drawn.form)} Do")

    def _form(self, group: Group) -> str:
        """The name of a form that holds a group and is mixed as one."""
        canvas = Canvas(self.canvas.shelf)
        box = self._seen_from_here()
        Painter(canvas, IDENTITY, box).group(group)
        self.canvas.transparent = True
        return self.canvas.name("XObject", canvas.form(box, group=True))

    def _seen_from_here(self) -> Bounds:
        """What shows, in the items' space."""
        back = inverse(self.matrix) or IDENTITY
        left, top, right, bottom = self.seen
        return bounds_of(apply(back, point) for point in ((left, top), (right, top), (right, bottom), (left, bottom)))

    def _paint(self, paint: Paint, cover: Cover, *, stroke: bool = False) -> None:
        set_paint(self.canvas, paint, self.matrix, cover, _draw, stroke=stroke)

    def _pen(self, pen: Pen, cover: Cover) -> None:
        self._paint(pen.paint, cover, stroke=True)
        around = sum(pen.dashes) * (2 if len(pen.dashes) % 2 else 1)
        offset = pen.offset % around if around else 0.0
        self.canvas.write(
            f"{decimal(pen.width)} w {_CAPS[pen.cap]} J {_JOINS[pen.join]} j {decimal(max(1.0, pen.miter))} M"
            f" [{decimals(pen.dashes if around else ())}] {decimal(offset)} d"
        )

    @contextmanager
    def _kept(self) -> Iterator[None]:
        self.canvas.write("q")
        yield
        self.canvas.write("Q")

    @contextmanager
    def _opacity(self, fill: float, stroke: float | None = None) -> Iterator[None]:
        """What is drawn inside is this opaque."""
        stroke = fill if stroke is None else stroke
        if fill >= 1 and stroke >= 1:
            yield
            return
        with self._kept():
            self.canvas.state(fill, stroke)
            yield


def _is_one_mark(group: Group) -> bool:
    """Whether the group's opacity may be its only item's."""
    if len(group.items) != 1 or any(masked(clip) for clip in group.clips):
        return False
    item = group.items[0]
    return isinstance(item, Picture) or (isinstance(item, Shape) and (item.fill is None or item.pen is None))


def _is_heavy(items: Sequence[Item]) -> bool:
    """Whether drawing the items takes many operators."""
    return any(isinstance(item, Shape) and len(item.path) > _HEAVY for item in items) or len(items) > _HEAVY


def _draw(canvas: Canvas, items: Sequence[Item], matrix: Matrix, seen: Bounds) -> None:
    Painter(canvas, IDENTITY, seen).group(Group(tuple(items), matrix))
