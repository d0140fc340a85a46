"""Graphic objects of a layer, a template, an annotation or a composite unit (GB/T 33190-2016 clauses 8 to 13)."""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from lxml import etree

from ..errors import OfdError
from ..geometry import IDENTITY, Matrix, multiply, number
from ..model import parse_box
from ..pathdata import svg_path
from ..xmlread import child, children, local, text
from .colour import alpha_of
from .fonts import FontBook
from .resources import Resources
from .sheet import Sheet
from .style import Style, matrix_of, to_float, transform
from .text import draw_text

_DEEPEST = 24
_DRAWN = ("TextObject", "PathObject", "ImageObject", "CompositeObject", "PageBlock")


class ObjectDrawer:
    """Draws the objects of one page with its resources."""

    def __init__(self, sheet: Sheet, resources: Resources, book: FontBook) -> None:
        self.sheet = sheet
        self.resources = resources
        self.book = book

    def draw(self, container: etree._Element, layer: Iterable[etree._Element] = (), depth: int = 0) -> str:
        """The objects in a container, in their order; `layer` are the draw parameters they inherit.

        Raises OfdError `page_too_complex`.
        """
        if depth > _DEEPEST:
            raise OfdError("page_too_complex", f"Objects are nested more than {_DEEPEST} deep.")
        inherited = tuple(layer)
        parts: list[str] = []
        for element in children(container):
            self.sheet.spend()
            name = local(element)
            if name == "PageBlock":
                parts.append(self.draw(element, inherited, depth + 1))
            elif name in _DRAWN:
                parts.append(self._object(name, element, inherited, depth))
            elif name not in ("DrawParam", "Actions"):
                self.sheet.note("object_unknown", f"An object of kind {name[:40]!r} is not drawn.")
        return "".join(parts)

    def _object(self, name: str, element: etree._Element, layer: tuple[etree._Element, ...], depth: int) -> str:
        style = Style.of(element, layer, self.resources, self.sheet)
        if not style.flag("Visible", True):
            return ""
        x, y, width, height = _boundary(element)
        ctm = matrix_of(element)
        if name == "ImageObject" and element.get("CTM") is None:
            # The image fills the unit square; without a CTM the only size given is that of the boundary.
            ctm = (width or 1.0, 0.0, 0.0, height or 1.0, 0.0, 0.0)
        try:
            match name:
                case "TextObject":
                    body = draw_text(self.sheet, element, style, self.book)
                case "PathObject":
                    body = self._path(element, style)
                case "ImageObject":
                    body = self._image(element)
                case _:
                    body = self._composite(element, layer, depth)
        except OfdError as error:
            if error.code == "page_too_complex":
                raise
            self.sheet.note(error.code, error.message)
            body, ctm = self.sheet.missing((0.0, 0.0, width, height), error.message), IDENTITY
        if not body:
            return ""
        self.sheet.spend(characters=len(body))
        return self._placed(element, body, (x, y), ctm)

    def _placed(self, element: etree._Element, body: str, origin: tuple[float, float], ctm: Matrix) -> str:
        """The object at its boundary, transformed, clipped and made transparent as a whole."""
        alpha = alpha_of(element)
        opacity = f' opacity="{number(alpha)}"' if alpha < 1 else ""
        shift: Matrix = (1.0, 0.0, 0.0, 1.0, *origin)
        clips = child(element, "Clips")
        if clips is None:
            return f"<g{transform(multiply(ctm, shift))}{opacity}>{body}</g>"
        # A clip follows the object's CTM unless TransFlag says otherwise.
        follows = (clips.get("TransFlag") or "true").strip().lower() != "false"
        outer, inner = (multiply(ctm, shift), IDENTITY) if follows else (shift, ctm)
        clip = self._clip(clips)
        attribute = f' clip-path="url(#{clip})"' if clip else ""
        content = f"<g{transform(inner)}>{body}</g>" if inner != IDENTITY else body
        # The clip on a group of its own: where the browser applies it before the transform, both still agree.
        return f"<g{transform(outer)}{opacity}><g{attribute}>{content}</g></g>"

    def _clip(self, clips: etree._Element) -> str | None:
        """Every Clip narrows what is left of the ones before it; the Areas of one Clip add up."""
        current: str | None = None
        for each in children(clips, "Clip"):
            shapes: list[str] = []
            for area in children(each, "Area"):
                area_matrix = matrix_of(area)
                for shape in children(area):
                    if local(shape) != "Path":
                        self.sheet.note("clip_simplified", f"A clip by {local(shape)} is not applied.")
                        return current
                    data = svg_path(text(child(shape, "AbbreviatedData")))
                    x, y, _, _ = _boundary(shape)
                    placing = multiply(multiply(matrix_of(shape), (1.0, 0.0, 0.0, 1.0, x, y)), area_matrix)
                    rule = ' clip-rule="evenodd"' if shape.get("Rule") == "Even-Odd" else ""
                    shapes.append(f"<path d={quoteattr(data)}{rule}{transform(placing)}/>")
            if shapes:
                current = self.sheet.clip("".join(shapes), current)
        return current

    def _path(self, element: etree._Element, style: Style) -> str:
        stroke, fill = style.flag("Stroke", True), style.flag("Fill", False)
        data = svg_path(text(child(element, "AbbreviatedData")))
        if not data or not (stroke or fill):
            return ""
        rule = ' fill-rule="evenodd"' if element.get("Rule") == "Even-Odd" else ""
        return f"<path d={quoteattr(data)}{rule}{style.painting(stroke=stroke, fill=fill, fill_default=None)}/>"

    def _image(self, element: etree._Element) -> str:
        reference = (element.get("ResourceID") or "").strip()
        entry = self.resources.media.get(reference)
        if entry is None:
            raise OfdError("image_missing", f"Image {reference[:40]!r} is not among the resources.")
        image = self.sheet.image(entry)
        if image is None:
            raise OfdError("image_unsupported", f"The image {entry} cannot be shown.")
        return f'<use href="#{image}"/>'

    def _composite(self, element: etree._Element, layer: tuple[etree._Element, ...], depth: int) -> str:
        reference = (element.get("ResourceID") or "").strip()
        unit = self.resources.composites.get(reference)
        content = child(unit, "Content")
        if content is None:
            raise OfdError("composite_missing", f"Composite unit {reference[:40]!r} is not among the resources.")
        return self.draw(content, layer, depth + 1)


def _boundary(element: etree._Element) -> tuple[float, float, float, float]:
    """The Boundary, which may be flat for a line; all zero when absent or unreadable."""
    if (found := parse_box(element.get("Boundary"))) is not None:
        return found
    parts = [to_float(part, 0.0) for part in (element.get("Boundary") or "").split()]
    return (parts[0], parts[1], max(parts[2], 0.0), max(parts[3], 0.0)) if len(parts) == 4 else (0.0, 0.0, 0.0, 0.0)
