"""Pages of a document as SVG."""

import re
from xml.sax.saxutils import escape

from ..errors import OfdError
from ..geometry import number, numbers
from ..package import Package
from ..scene.fonts import FontResolver
from ..scene.reader import SceneReader
from .items import ItemWriter
from .sheet import Sheet, TextMode

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")


class Renderer:
    """Draws the pages of one package; fonts, resources and stamps are read once for all of them.

    `fonts` finds fonts that the document names but does not carry; it is asked in paths mode only.
    `most_objects` bounds what is drawn in all calls together (OfdError `document_too_complex`).
    What cannot be drawn as it stands is noted in `package.notes` and, where it has a place, shown as a dashed box.
    """

    def __init__(self, package: Package, *, fonts: FontResolver | None = None, most_objects: int | None = None) -> None:
        self.package = package
        self._reader = SceneReader(package, fonts=fonts, most_objects=most_objects)
        self.document = self._reader.document

    def page(
        self, index: int, *, text: TextMode = "text", stamps: bool = True, prefix: str = "p", nonce: str = ""
    ) -> str:
        """Page number `index` (from 0) as an SVG element, in mm; see `page_to_svg`."""
        if not _PREFIX.fullmatch(prefix):
            raise OfdError("prefix_invalid", "An id prefix is a letter, then letters, digits, hyphens or underscores.")
        scene = self._reader.scene(index, stamps=stamps, resolve=text == "paths", printing=text == "paths")
        sheet = Sheet(prefix, text, self.package.note)
        body = ItemWriter(sheet).write(scene.items)
        x, y, width, height = scene.box
        paper = (
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="#ffffff"/>'
        )
        head = f"{_style(sheet, nonce)}<defs>{''.join(sheet.defs)}</defs>"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}mm" height="{number(height)}mm"'
            f' viewBox="{numbers(scene.box)}">{head}{paper}{body}</svg>'
        )


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
