"""The fonts of one drawing: embedded ones made small for the page, others by name or by the caller's resolver."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import OfdError
from ..fontfile import FontResource, GlyphSource
from ..package import Package
from .webfont import web_font


class FontResolver(Protocol):
    """Finds a font that a document names but does not carry, or None. Called once for each font of a document;
    it should give the same GlyphSource for the same font, which then keeps its tables open."""

    def __call__(self, font: FontResource) -> GlyphSource | None: ...


@dataclass(frozen=True)
class Face:
    """A font as it is drawn: its glyphs (None: only a name is known), and whether the document carries it."""

    resource: FontResource | None
    source: GlyphSource | None
    embedded: bool

    def advance(self, char: str) -> float:
        """A character's natural width in ems; half an em for Latin where no font says better."""
        index = self.source.lookup(char) if self.source is not None else None
        if self.source is not None and index is not None:
            return self.source.advance(index)
        return 0.5 if ord(char) < 0x2E80 else 1.0


@dataclass
class FontBook:
    """The faces of a document, opened once."""

    package: Package
    resolver: FontResolver | None = None
    _faces: dict[str, Face] = field(default_factory=dict)

    def face(self, reference: str, resource: FontResource | None, *, resolve: bool) -> Face:
        """The face of a font resource; with `resolve`, a font that is not embedded is asked of the resolver."""
        key = f"{resolve}/{resource.loc if resource and resource.loc else reference}"
        if key not in self._faces:
            self._faces[key] = self._open(reference, resource, resolve)
        return self._faces[key]

    def _open(self, reference: str, resource: FontResource | None, resolve: bool) -> Face:
        if resource is None:
            self.package.note("font_missing", f"Font {reference!r} is not among the resources.")
            resource = FontResource(reference, "", "", False, False, False, False, None)
        if resource.loc:
            try:
                return Face(resource, GlyphSource.of(self.package.read(resource.loc)), embedded=True)
            except OfdError as error:
                self.package.note("font_damaged", f"{resource.loc}: {error.message}")
        if resolve:
            found = self.resolver(resource) if self.resolver is not None else None
            if found is not None:
                return Face(resource, found, embedded=False)
            self.package.note("font_missing", f"Font {resource.name!r} is not embedded and was not found.")
        return Face(resource, None, embedded=False)


@dataclass
class WebFonts:
    """The @font-face rules of one page. A character that stands for two glyphs gets a second variant of its font."""

    prefix: str
    _variants: list[tuple[GlyphSource, dict[int, int]]] = field(default_factory=list)

    def family(self, source: GlyphSource, char: str, glyph: int) -> str:
        """The family in which this character shows this glyph."""
        code = ord(char)
        for number, (known, characters) in enumerate(self._variants):
            if known is source and characters.setdefault(code, glyph) == glyph:
                return f"{self.prefix}f{number}"
        self._variants.append((source, {code: glyph}))
        return f"{self.prefix}f{len(self._variants) - 1}"

    def css(self, note: Callable[[str, str], None]) -> str:
        """The rules, each with its font inside."""
        rules = []
        for number, (source, characters) in enumerate(self._variants):
            try:
                data = base64.b64encode(web_font(source, characters)).decode("ascii")
            except OfdError as error:
                note(error.code, error.message)
                continue
            kind = "ttf" if source.true_type else "otf"
            rules.append(f"@font-face{{font-family:{self.prefix}f{number};src:url(data:font/{kind};base64,{data})}}")
        return "\n".join(rules)
