"""One SVG being written: its definitions, its fonts, and how much it may still grow."""

from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from ..errors import OfdError
from ..fontfile import GlyphSource
from ..geometry import Bounds, number
from ..package import Package
from .fonts import WebFonts
from .images import image_href

TextMode = Literal["text", "paths"]
_MOST_OBJECTS = 200_000
_MOST_CHARACTERS = 400_000_000


@dataclass
class Spending:
    """What all pages of one document may cost together, in objects and characters of text."""

    most: int
    spent: int = 0

    def add(self, objects: int) -> None:
        """Raises OfdError `document_too_complex`."""
        self.spent += objects
        if self.spent > self.most:
            raise OfdError("document_too_complex", f"The pages hold more than {self.most} objects together.")


@dataclass
class Sheet:
    """Every id it gives out starts with `prefix`, so that several pages can stand in one HTML document."""

    package: Package
    prefix: str
    mode: TextMode
    whole: Spending | None = None
    defs: list[str] = field(default_factory=list)
    web_fonts: WebFonts = field(init=False)
    blended: bool = False
    _glyphs: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _sources: dict[int, tuple[int, GlyphSource]] = field(default_factory=dict)
    _images: dict[str, str | None] = field(default_factory=dict)
    _clips: dict[str, str] = field(default_factory=dict)
    _objects: int = 0
    _characters: int = 0

    def __post_init__(self) -> None:
        self.web_fonts = WebFonts(self.prefix)

    def note(self, code: str, message: str) -> None:
        """Record what could not be drawn as it stands."""
        self.package.note(code, message)

    def spend(self, objects: int = 1, characters: int = 0) -> None:
        """Count what is drawn. Raises OfdError `page_too_complex` for a page made to exhaust its reader."""
        self._objects += objects
        if self.whole is not None:
            self.whole.add(objects)
        self._characters += characters
        if self._objects > _MOST_OBJECTS or self._characters > _MOST_CHARACTERS:
            raise OfdError("page_too_complex", "The page holds more objects than are drawn.")

    def glyph(self, source: GlyphSource, index: int) -> str | None:
        """The id of a glyph's outline, in font units; None for a blank or a broken one."""
        number_, _ = self._sources.setdefault(id(source), (len(self._sources), source))
        key = (number_, index)
        if key not in self._glyphs:
            self._glyphs[key] = self._outline(source, index, f"{self.prefix}g{number_}-{index}")
        return self._glyphs[key]

    def image(self, entry: str) -> str | None:
        """The id of an image in the unit square; None (noted) when it cannot be shown."""
        if entry not in self._images:
            self._images[entry] = self.image_data(self.package.read(entry), entry)
        return self._images[entry]

    def image_data(self, data: bytes, what: str) -> str | None:
        """Define an image held in memory; its id, or None (noted)."""
        try:
            href = image_href(data)
        except OfdError as error:
            self.note(error.code, f"{what}: {error.message}")
            return None
        image_id = f"{self.prefix}i{len(self.defs)}"
        self.spend(characters=len(href))
        self.defs.append(f'<image id="{image_id}" width="1" height="1" preserveAspectRatio="none" href="{href}"/>')
        return image_id

    def clip(self, body: str, within: str | None = None) -> str:
        """The id of a clip path with this content, itself clipped by the clip path `within`."""
        inner = f' clip-path="url(#{within})"' if within else ""
        key = inner + body
        if key not in self._clips:
            self._clips[key] = f"{self.prefix}c{len(self._clips)}"
            self.spend(characters=len(body))
            self.defs.append(f'<clipPath id="{self._clips[key]}"{inner}>{body}</clipPath>')
        return self._clips[key]

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

    def _outline(self, source: GlyphSource, index: int, glyph_id: str) -> str | None:
        try:
            path = source.outline(index)
        except OfdError as error:
            self.note(error.code, error.message)
            return None
        if not path:
            return None
        self.spend(characters=len(path))
        self.defs.append(f'<path id="{glyph_id}" d={quoteattr(path)}/>')
        return glyph_id
