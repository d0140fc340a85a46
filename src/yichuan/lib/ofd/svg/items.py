"""Items of a scene as SVG elements."""

from collections.abc import Iterable

from ..geometry import Matrix, apply, bounds_of, number
from ..scene.model import Clip, Group, Item, Missing, Picture, Shape, Text
from ..scene.shapes import path_box
from .marks import path_data, transform
from .paints import Paints
from .sheet import Sheet
from .text import glyph_shapes, write_text


class ItemWriter:
    """Writes items onto one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._paints = Paints(sheet, self.write)

    def write(self, items: Iterable[Item]) -> str:
        """The items one after the other. Raises OfdError `page_too_complex`."""
        return "".join([self._item(item) for item in items])

    def _item(self, item: Item) -> str:
        match item:
            case Group():
                return self._group(item)
            case Text():
                body = write_text(self.sheet, self._paints, item)
            case Shape():
                body = self._shape(item)
            case Picture():
                image = self.sheet.image(item)
                if image is None:
                    return ""
                body = f'<use href="#{image}"/>'
            case Missing(bounds, message):
                body = self.sheet.missing(bounds, message)
        self.sheet.spend(len(body))
        return body

    def _shape(self, shape: Shape) -> str:
        def box() -> tuple[float, float, float, float]:
            left, top, right, bottom = path_box(shape.path)
            spare = shape.pen.width * shape.pen.miter if shape.pen is not None else 0.0
            return left - spare, top - spare, right + spare, bottom + spare

        rule = ' fill-rule="evenodd"' if shape.rule == "evenodd" else ""
        painting = self._paints.filling(shape.fill, box) + self._paints.stroking(shape.pen, box)
        return f'<path d="{path_data(shape.path)}"{rule}{painting}/>'

    def _group(self, group: Group) -> str:
        body = self.write(group.items)
        if not body:
            return ""
        moved = transform(group.matrix)
        opacity = f' opacity="{number(group.alpha)}"' if group.alpha < 1 else ""
        if group.clips:
            inner = f"<g{moved}>{body}</g>" if moved else body
            body = self._clipped(group.clips, inner, opacity)
        elif moved or opacity:
            body = f"<g{moved}{opacity}>{body}</g>"
        if group.blend == "normal":
            return body
        self.sheet.blended = True
        return f'<g class="{self.sheet.prefix}m" style="mix-blend-mode:{group.blend}">{body}</g>'

    def _clipped(self, clips: tuple[Clip, ...], body: str, opacity: str) -> str:
        """The body in what every clip leaves: paths chained into one clip path, texts as masks around it."""
        current: str | None = None
        for clip in clips:
            if any(isinstance(area, Text) for _, area in clip.areas):
                body = f'<g mask="url(#{self._mask(clip)})">{body}</g>'
                continue
            shapes = [_outline(area, matrix) for matrix, area in clip.areas if isinstance(area, Shape)]
            current = self.sheet.clip("".join(shapes), current)
        attribute = f' clip-path="url(#{current})"' if current else ""
        return f"<g{opacity}{attribute}>{body}</g>"

    def _mask(self, clip: Clip) -> str:
        """A mask that is white where the areas are; texts cannot be put into a clip path together."""
        parts, boxes = [], []
        for matrix, area in clip.areas:
            if isinstance(area, Text):
                body, box = glyph_shapes(self.sheet, self._paints, area)
            else:
                rule = ' fill-rule="evenodd"' if area.rule == "evenodd" else ""
                body, box = f'<path d="{path_data(area.path)}"{rule}/>', path_box(area.path)
            left, top, right, bottom = box
            boxes += [apply(matrix, each) for each in ((left, top), (right, top), (right, bottom), (left, bottom))]
            parts.append(f"<g{transform(matrix)}>{body}</g>")
        return self.sheet.mask("".join(parts), bounds_of(boxes))


def _outline(area: Shape, matrix: Matrix) -> str:
    rule = ' clip-rule="evenodd"' if area.rule == "evenodd" else ""
    return f'<path d="{path_data(area.path)}"{rule}{transform(matrix)}/>'
