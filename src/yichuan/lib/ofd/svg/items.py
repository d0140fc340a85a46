"""Items of a scene as SVG elements."""

from collections.abc import Iterable

from ..geometry import number
from ..scene.model import Clip, Group, Item, Missing, Picture, Shape, Text
from ..scene.shapes import path_box
from .marks import path_data, transform
from .paints import Paints
from .sheet import Sheet
from .text import clip_text, write_text


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
        clip = self._clip(group.clips)
        moved = transform(group.matrix)
        opacity = f' opacity="{number(group.alpha)}"' if group.alpha < 1 else ""
        if clip is not None:
            inner = f"<g{moved}>{body}</g>" if moved else body
            body = f'<g{opacity} clip-path="url(#{clip})">{inner}</g>'
        elif moved or opacity:
            body = f"<g{moved}{opacity}>{body}</g>"
        if group.blend == "normal":
            return body
        self.sheet.blended = True
        return f'<g class="{self.sheet.prefix}m" style="mix-blend-mode:{group.blend}">{body}</g>'

    def _clip(self, clips: tuple[Clip, ...]) -> str | None:
        """Every clip narrows what is left of the ones before it."""
        current: str | None = None
        for clip in clips:
            shapes = []
            for matrix, area in clip.areas:
                if isinstance(area, Text):
                    shapes.append(clip_text(self.sheet, self._paints, area, matrix))
                else:
                    rule = ' clip-rule="evenodd"' if area.rule == "evenodd" else ""
                    shapes.append(f'<path d="{path_data(area.path)}"{rule}{transform(matrix)}/>')
            current = self.sheet.clip("".join(shapes), current)
        return current
