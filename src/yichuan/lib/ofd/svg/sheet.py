"""One SVG being written: its definitions, its fonts, and how much it may still grow."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from ..errors import OfdError
from ..fontfile import GlyphSource
from ..geometry import Bounds, number
from ..scene.model import Picture
from .images import image_href
from .marks import rectangle
from .web_fonts import WebFonts

TextMode = Literal["text", "paths"]
_MOST_CHARACTERS = 128_000_000


@dataclass
class Sheet:
    """Every id it gives out starts with `prefix`, so that several pages can stand in one HTML document."""

    prefix: str
    mode: TextMode
    note: Callable[[str, str], None]
    defs: list[str] = field(default_factory=list)
    web_fonts: WebFonts = field(init=False)
    blended: bool = False
    _glyphs: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _sources: dict[int, tuple[int, GlyphSource]] = field(default_factory=dict)
    _images: dict[int, tuple[str | None, Picture]] = field(default_factory=dict)
    _clips: dict[str, str] = field(default_factory=dict)
    _characters: int = 0

    def __post_init__(self) -> None:
        self.web_fonts = WebFonts(self.prefix)

    def spend(self, characters: int) -> None:
        """Count what is written. Raises OfdError `page_too_complex` for a page made to exhaust its reader."""
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise OfdError("page_too_complex", "The page is larger than is drawn.")

    def define(self, kind: str, body: Callable[[str], str]) -> str:
        """Add a definition; `body` gets its id, which is returned."""
        name = f"{self.prefix}{kind}{len(self.defs)}"
        self.defs.append("")  # keeps the number taken while the body defines things of its own
        place = len(self.defs) - 1
        self.defs[place] = body(name)
        self.spend(len(self.defs[place]))
        return name

    def glyph(self, source: GlyphSource, index: int) -> str | None:
        """The id of a glyph's outline, in font units; None for a blank or a broken one."""
        number_, _ = self._sources.setdefault(id(source), (len(self._sources), source))
        key = (number_, index)
        if key not in self._glyphs:
            self._glyphs[key] = self._outline(source, index, f"{self.prefix}g{number_}-{index}")
        return self._glyphs[key]

    def image(self, picture: Picture) -> str | None:
        """The id of an image in the unit square; None (noted) when it cannot be shown."""
        known = self._images.get(id(picture))
        if known is None:
            known = self._images[id(picture)] = (self._image(picture), picture)
        return known[0]

    def clip(self, body: str, within: str | None = None) -> str:
        """The id of a clip path with this content, itself clipped by the clip path `within`."""
        inner = f' clip-path="url(#{within})"' if within else ""
        key = inner + body
        if key not in self._clips:
            self._clips[key] = self.define("c", lambda name: f'<clipPath id="{name}"{inner}>{body}</clipPath>')
        return self._clips[key]

    def mask(self, body: str, bounds: Bounds) -> str:
        """The id of a mask with this content, white where nothing says otherwise."""
        attributes = f'maskUnits="userSpaceOnUse" {rectangle(bounds)} fill="#ffffff"'
        return self.define("k", lambda name: f'<mask id="{name}" {attributes}>{body}</mask>')

    def missing(self, bounds: Bounds, message: str) -> str:
        """A dashed box with a cross: something stands here that is not shown."""
        left, top = number(bounds[0]), number(bounds[1])
        width, height = max(bounds[2] - bounds[0], 0.5), max(bounds[3] - bounds[1], 0.5)
        w, h = number(width), number(height)
        return (
            '<g fill="none" stroke="#c00000" stroke-width="0.2" stroke-dasharray="1 1">'
            f'<title>{escape(message)}</title><rect x="{left}" y="{top}" width="{w}" height="{h}"/>'
            f'<path d="M{left} {top}l{w} {h}m-{w} 0l{w} -{h}"/></g>'
        )

    def _image(self, picture: Picture) -> str | None:
        try:
            href = image_href(picture)
            mask = self.image(picture.mask) if picture.mask is not None else None
        except OfdError as error:
            self.note(error.code, error.message)
            return None
        size = 'width="1" height="1"'
        hidden = ""
        if mask is not None:
            name = self.mask(f'<use href="#{mask}"/>', (0.0, 0.0, 1.0, 1.0))
            hidden = f' mask="url(#{name})"'
        image = f'<image id="{{}}" {size} preserveAspectRatio="none"{hidden} href="{href}"/>'
        return self.define("i", image.format)

    def _outline(self, source: GlyphSource, index: int, glyph_id: str) -> str | None:
        try:
            path = source.outline(index)
        except OfdError as error:
            self.note(error.code, error.message)
            return None
        if not path:
            return None
        self.spend(len(path))
        self.defs.append(f'<path id="{glyph_id}" d={quoteattr(path)}/>')
        return glyph_id
