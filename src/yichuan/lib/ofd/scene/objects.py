"""Graphic objects of a layer, a template, an annotation or a composite unit (GB/T 33190-2016 clauses 8 to 13)."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from lxml import etree

from ..errors import OfdError
from ..geometry import IDENTITY, Bounds, Matrix, determinant, is_similarity, multiply
from ..model import Box
from ..pathdata import path_segments
from ..xmlread import child, children, local, text
from .clips import boundary_clip, read_clips
from .context import Context
from .frames import frame_of
from .links import read_links
from .model import Group, Item, Link, Missing, Picture, Shape, Solid
from .paints import ObjectPainter
from .shapes import path_box
from .style import Style
from .text import TextReader
from .values import alpha_of, boundary_of, matrix_of, to_float

_DEEPEST, _PATTERN_DEPTH = 24, 8
_TURNED_ONLY, _NO_DOT_MM = 0.001, 2.0
_BLACK = Solid((0, 0, 0))
_DRAWN = ("TextObject", "PathObject", "ImageObject", "CompositeObject", "PageBlock")
_Layer = tuple[etree._Element, ...]


class ObjectReader:
    """Reads the objects of one page with its resources; `links` fills with what their actions lead to."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.links: list[Link] = []

    def items(
        self,
        container: etree._Element,
        layer: Iterable[etree._Element] = (),
        to_page: Matrix = IDENTITY,
        depth: int = 0,
    ) -> tuple[Item, ...]:
        """The objects in a container, in their order; `layer` are the draw parameters they inherit, `to_page` takes
        the container's space into the page's.

        Raises OfdError `page_too_complex`.
        """
        if depth > _DEEPEST:
            raise OfdError("page_too_complex", f"Objects are nested more than {_DEEPEST} deep.")
        inherited = tuple(layer)
        found: list[Item] = []
        for element in children(container):
            self._context.budget.spend()
            name = local(element)
            if name == "PageBlock":
                found += self.items(element, inherited, to_page, depth + 1)
            elif name in _DRAWN:
                item = self._object(name, element, inherited, to_page, depth)
                if item is not None:
                    found.append(item)
            elif name not in ("DrawParam", "Actions"):
                self._context.note("object_unknown", f"An object of kind {name[:40]!r} is not drawn.")
        return tuple(found)

    def _object(self, name: str, element: etree._Element, layer: _Layer, outside: Matrix, depth: int) -> Group | None:
        style = Style.of(element, layer, self._context.resources)
        if not style.flag("Visible", True):
            return None
        boundary = boundary_of(element)
        ctm, shift = matrix_of(element), _shift(boundary)
        unscaled = name == "ImageObject" and _is_unscaled(element, ctm, boundary)
        if unscaled:
            ctm = multiply((boundary[2] or 1.0, 0.0, 0.0, boundary[3] or 1.0, 0.0, 0.0), ctm)
        placed = multiply(ctm, shift)
        to_page = multiply(placed, outside)
        self.links += read_links(element, boundary, outside, self._context.pages)
        try:
            items = self._content(name, element, style, to_page, depth)
        except OfdError as error:
            if error.code in ("page_too_complex", "document_too_complex"):
                raise
            self._context.note(error.code, error.message)
            return Group((Missing((0.0, 0.0, boundary[2], boundary[3]), error.message),), shift)
        if not items:
            return None
        cut = boundary_clip(items, boundary, placed) if not unscaled else ()
        clips = (*cut, *read_clips(self._context, element, shift, placed))
        alpha = alpha_of(element)
        if name == "ImageObject" and (frame := self._frame(element, boundary, multiply(shift, outside), depth)):
            return Group((Group(items, placed, clips), Group((frame,), shift)), alpha=alpha)
        return Group(items, placed, clips, alpha)

    def _content(
        self, name: str, element: etree._Element, style: Style, to_page: Matrix, depth: int
    ) -> tuple[Item, ...]:
        """The items of an object in its own space (after Boundary and CTM)."""
        match name:
            case "TextObject":
                return self._text(element, style, to_page, depth)
            case "PathObject":
                return self._path(element, style, to_page, depth)
            case "ImageObject":
                return (self._image(element),)
            case _:
                return self._composite(element, style, to_page, depth)

    def _text(self, element: etree._Element, style: Style, to_page: Matrix, depth: int) -> tuple[Item, ...]:
        context = self._context
        reference = (element.get("Font") or "").strip()
        face = context.book.face(reference, context.resources.fonts.get(reference), resolve=context.resolve)
        reader = TextReader(element, style, face)
        if reader.size <= 0:
            return ()
        runs = reader.runs(context.book, context.note, resolve=context.resolve)
        context.budget.spend(sum(len(cells) for _, cells in runs))
        painter = self._painter(to_page, depth, lambda: reader.bounds(runs))
        fill = style.paint("FillColor", painter, _BLACK) if style.flag("Fill", True) else None
        pen = style.pen(painter, None) if style.flag("Stroke", False) else None
        return tuple(reader.text(run, fill, pen) for run in runs)

    def _path(self, element: etree._Element, style: Style, to_page: Matrix, depth: int) -> tuple[Item, ...]:
        path = path_segments(text(child(element, "AbbreviatedData")))
        self._context.budget.spend(0, len(path))
        painter = self._painter(to_page, depth, lambda: path_box(path))
        fill = style.paint("FillColor", painter, None) if style.flag("Fill", False) else None
        pen = style.pen(painter, _BLACK) if style.flag("Stroke", True) else None
        if not path or (fill is None and pen is None):
            return ()
        return (Shape(path, fill, pen, "evenodd" if element.get("Rule") == "Even-Odd" else "nonzero"),)

    def _image(self, element: etree._Element) -> Picture:
        """The image, or what the object names to take its place when it cannot be read."""
        context, instead = self._context, element.get("Substitution")
        try:
            picture = context.picture(element.get("ResourceID"))
        except OfdError as error:
            if not instead:
                raise
            context.note(error.code, error.message)
            picture = context.picture(instead)
        if (mask := element.get("ImageMask")) is not None:
            try:
                return replace(picture, mask=context.picture(mask))
            except OfdError as error:
                context.note(error.code, error.message)
        return picture

    def _frame(self, element: etree._Element, boundary: Box, to_page: Matrix, depth: int) -> Shape | None:
        box = (0.0, 0.0, boundary[2], boundary[3])
        return frame_of(element, boundary, self._painter(to_page, depth, lambda: box))

    def _composite(self, element: etree._Element, style: Style, to_page: Matrix, depth: int) -> tuple[Item, ...]:
        """The unit's objects; where it has none, the image that stands for it. Its thumbnail is never shown."""
        reference = (element.get("ResourceID") or "").strip()
        unit = self._context.resources.composites.get(reference)
        if unit is None:
            raise OfdError("composite_missing", f"Composite unit {reference[:40]!r} is not among the resources.")
        content = child(unit, "Content")
        if content is not None:
            return self.items(content, style.sources[1:], to_page, depth + 1)
        picture = self._context.picture(unit.get("Substitution"))
        width, height = (to_float(unit.get(name), 1.0) for name in ("Width", "Height"))
        return (Group((picture,), (width, 0.0, 0.0, height, 0.0, 0.0)),)

    def _painter(self, to_page: Matrix, depth: int, reach: Callable[[], Bounds]) -> ObjectPainter:
        def cell(content: etree._Element, matrix: Matrix) -> tuple[Item, ...]:
            return self.items(content, (), matrix, depth + _PATTERN_DEPTH)

        return ObjectPainter(self._context, reach, to_page, cell)


def _shift(boundary: Box) -> Matrix:
    return (1.0, 0.0, 0.0, 1.0, boundary[0], boundary[1])


def _is_unscaled(element: etree._Element, ctm: Matrix, boundary: Box) -> bool:
    """Whether an image's size is its Boundary's. An image fills the unit square, which its CTM makes larger; some
    makers leave the CTM out, or write one that turns and moves only, which would show a dot of 1 mm."""
    return element.get("CTM") is None or (
        abs(abs(determinant(ctm)) - 1) < _TURNED_ONLY and is_similarity(ctm) and min(boundary[2:]) > _NO_DOT_MM
    )
