"""Pages of a document as SVG."""

import re
from xml.sax.saxutils import escape

from lxml import etree

from yichuan.lib.ses.model import Picture

from ..errors import OfdError
from ..geometry import number, numbers
from ..limits import MIB, Limits
from ..model import Box, Page, read_document
from ..package import Package
from ..xmlread import child, children, text
from .fonts import FontBook, FontResolver
from .objects import ObjectDrawer
from .resources import Resources, document_resources
from .sheet import Sheet, Spending, TextMode
from .stamps import Stamp, read_stamps

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")
_LAYER_ORDER = {"Background": 0, "Body": 1, "Foreground": 2}
_PICTURE_LIMITS = Limits(package_bytes=16 * MIB, entries=200, entry_bytes=16 * MIB, total_bytes=32 * MIB)
_DEEPEST_PICTURE = 3


class Renderer:
    """Draws the pages of one package; fonts, resources and stamps are read once for all of them.

    `fonts` finds fonts that the document names but does not carry; it is asked in paths mode only.
    `most_objects` bounds what is drawn in all calls together (OfdError `document_too_complex`).
    What cannot be drawn as it stands is noted in `package.notes` and, where it has a place, shown as a dashed box.
    """

    def __init__(
        self,
        package: Package,
        *,
        fonts: FontResolver | None = None,
        depth: int = 0,
        most_objects: int | None = None,
    ) -> None:
        self.package = package
        self._whole = Spending(most_objects) if most_objects is not None else None
        self.document = read_document(package)
        self._depth = depth
        self._resolver = fonts
        self._resources = document_resources(package, self.document)
        self._book = FontBook(package, fonts)
        self._stamps: tuple[Stamp, ...] | None = None
        self._annotations: dict[str, list[str]] | None = None

    def page(
        self, index: int, *, text: TextMode = "text", stamps: bool = True, prefix: str = "p", nonce: str = ""
    ) -> str:
        """Page number `index` (from 0) as an SVG element, in mm; see `page_to_svg`."""
        if not 0 <= index < len(self.document.pages):
            raise OfdError(
                "page_missing", f"The document has {len(self.document.pages)} pages; page {index} was asked."
            )
        if not _PREFIX.fullmatch(prefix):
            raise OfdError("prefix_invalid", "An id prefix is a letter, then letters, digits, hyphens or underscores.")
        page = self.document.pages[index]
        sheet = Sheet(self.package, prefix, text, self._whole)
        body = self._content(sheet, page)
        if stamps:
            body += "".join(self._stamp(sheet, each) for each in self._page_stamps(page))
        x, y, width, height = page.box
        paper = (
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="#ffffff"/>'
        )
        head = f"{_style(sheet, nonce)}<defs>{''.join(sheet.defs)}</defs>"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}mm" height="{number(height)}mm"'
            f' viewBox="{numbers(page.box)}">{head}{paper}{body}</svg>'
        )

    def picture(self, sheet: Sheet) -> tuple[str, Box]:
        """The first page's content drawn into another sheet (a seal's picture), and its box in mm."""
        page = self.document.pages[0]
        own = Sheet(self.package, f"{sheet.prefix}s{len(sheet.defs)}-", "paths", sheet.whole)
        body = self._content(own, page)
        sheet.defs += own.defs
        sheet.spend(characters=len(body) + sum(map(len, own.defs)))
        return body, page.box

    def _content(self, sheet: Sheet, page: Page) -> str:
        root = self.package.xml(page.loc)
        resources = self._page_resources(root, page.loc, self._resources)
        under, over = "", ""
        for reference in children(root, "Template"):
            template = self.document.templates.get((reference.get("TemplateID") or "").strip())
            if template is None:
                self.package.note("template_missing", f"{page.loc}: its template is not in the document.")
                continue
            drawn = self._layers(sheet, template.loc, resources)
            order = reference.get("ZOrder")
            if order == "Foreground" or (order is None and template.foreground):
                over += drawn
            else:
                under += drawn
        return under + self._layers(sheet, page.loc, resources) + over + self._annotated(sheet, page, resources)

    def _layers(self, sheet: Sheet, entry: str, resources: Resources) -> str:
        root = self.package.xml(entry)
        resources = self._page_resources(root, entry, resources)
        drawer = ObjectDrawer(sheet, resources, self._book)
        content = child(root, "Content")
        layers = list(children(content, "Layer")) if content is not None else []
        layers.sort(key=lambda layer: _LAYER_ORDER.get(layer.get("Type") or "Body", 1))
        return "".join(drawer.draw(layer, resources.chain(layer.get("DrawParam"))) for layer in layers)

    def _page_resources(self, root: etree._Element, entry: str, shared: Resources) -> Resources:
        own = [text(each) for each in children(root, "PageRes") if text(each)]
        if not own:
            return shared
        resources = shared.copy()
        for loc in own:
            try:
                resources.load(self.package, self.package.resolve(entry, loc))
            except OfdError as error:
                self.package.note("resource_missing", error.message)
        return resources

    def _annotated(self, sheet: Sheet, page: Page, resources: Resources) -> str:
        if self._annotations is None:
            self._annotations = self._read_annotations()
        drawer = ObjectDrawer(sheet, resources, self._book)
        parts: list[str] = []
        for entry in self._annotations.get(page.id, ()):
            for annotation in children(self.package.xml(entry), "Annot"):
                appearance = child(annotation, "Appearance")
                if appearance is None or (annotation.get("Visible") or "true").strip().lower() == "false":
                    continue
                x, y, *_ = [*(appearance.get("Boundary") or "0 0").split(), "0", "0"]
                body = drawer.draw(appearance)
                if body:
                    parts.append(f'<g transform="translate({_coordinate(x)} {_coordinate(y)})">{body}</g>')
        return "".join(parts)

    def _read_annotations(self) -> dict[str, list[str]]:
        entry = self.document.annotations_loc
        found: dict[str, list[str]] = {}
        if entry is None:
            return found
        for page in children(self.package.xml(entry), "Page"):
            for location in children(page, "FileLoc"):
                try:
                    loc = self.package.resolve(entry, text(location))
                except OfdError as error:
                    self.package.note("annotation_missing", error.message)
                    continue
                found.setdefault((page.get("PageID") or "").strip(), []).append(loc)
        return found

    def _page_stamps(self, page: Page) -> list[Stamp]:
        if self._stamps is None:
            self._stamps = read_stamps(self.package)
        return [stamp for stamp in self._stamps if stamp.page_id == page.id]

    def _stamp(self, sheet: Sheet, stamp: Stamp) -> str:
        """A stamp multiplied over the page: paper takes its ink, and text under it stays readable."""
        x, y, width, height = stamp.boundary
        picture, message = stamp.picture, stamp.reason
        body = ""
        if picture is not None:
            try:
                body = self._imprint(sheet, picture, width, height)
            except OfdError as error:
                message = error.message
                self.package.note("seal_picture_unreadable", message)
        if not body:
            box = (x, y, x + width, y + height)
            return sheet.missing(box, f"Seal picture cannot be shown: {message}")
        clip = ""
        if stamp.clip is not None:
            left, top, wide, high = (number(value) for value in stamp.clip)
            shape = f'<rect x="{left}" y="{top}" width="{wide}" height="{high}"/>'
            clip = f' clip-path="url(#{sheet.clip(shape)})"'
        sheet.blended = True
        return (
            f'<g class="{sheet.prefix}m" style="mix-blend-mode:multiply">'
            f'<g transform="translate({number(x)} {number(y)})"><g{clip}>{body}</g></g></g>'
        )

    def _imprint(self, sheet: Sheet, picture: Picture, width: float, height: float) -> str:
        if picture.kind == "ofd":
            if self._depth >= _DEEPEST_PICTURE:
                raise OfdError("picture_too_deep", "Seal pictures stand inside each other too deep.")
            inner = Renderer(Package.open(picture.data, _PICTURE_LIMITS), fonts=self._resolver, depth=self._depth + 1)
            body, box = inner.picture(sheet)
            for note in inner.package.notes:
                self.package.note(note.code, f"Seal picture: {note.message}")
            scale = f"scale({number(width / box[2], 6)} {number(height / box[3], 6)})"
            return f'<g transform="{scale} translate({number(-box[0])} {number(-box[1])})">{body}</g>'
        image = sheet.image_data(picture.data, "seal picture")
        if image is None:
            raise OfdError("image_unsupported", f"The seal's picture ({picture.kind[:20]}) is not shown.")
        return f'<use href="#{image}" transform="scale({number(width)} {number(height)})"/>'


def page_to_svg(
    package: Package,
    page_index: int,
    *,
    text: TextMode = "text",
    stamps: bool = True,
    prefix: str = "p",
    fonts: FontResolver | None = None,
    nonce: str = "",
) -> str:
    """One page (from 0) as an `<svg>` element, width, height and viewBox in mm.

    text="text": selectable text, its fonts inside; "paths": outlines only, for print files.
    Everything from the file is escaped; there are no scripts and no references to the outside; every id, class
    and font name starts with `prefix`. `nonce` goes onto the `<style>` element, for pages with a content
    security policy. To draw several pages use `Renderer`, which reads fonts and stamps once.

    Raises OfdError: `page_missing`, `prefix_invalid`, `page_too_complex`, and what `read_document` raises.
    """
    return Renderer(package, fonts=fonts).page(page_index, text=text, stamps=stamps, prefix=prefix, nonce=nonce)


def _style(sheet: Sheet, nonce: str) -> str:
    rules = sheet.web_fonts.css(sheet.note)
    if sheet.blended:
        rules += f".{sheet.prefix}m{{mix-blend-mode:multiply}}"
    if not rules:
        return ""
    attribute = f' nonce="{escape(nonce, {chr(34): "&quot;"})}"' if nonce else ""
    return f"<style{attribute}>{rules}</style>"


def _coordinate(value: str) -> str:
    try:
        return number(max(-1e6, min(float(value), 1e6)))
    except ValueError:
        return "0"
