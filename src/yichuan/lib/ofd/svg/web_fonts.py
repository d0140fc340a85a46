"""The fonts inside one page: made small for its own characters, named by its prefix."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import OfdError
from ..fontfile import GlyphSource
from .webfont import web_font


@dataclass
class WebFonts:
    """The @font-face rules of one page. A character that stands for two glyphs gets a second variant of its font."""

    prefix: str
    _variants: list[tuple[GlyphSource, dict[int, int]]] = field(default_factory=list)
    _of_source: dict[int, list[tuple[str, dict[int, int]]]] = field(default_factory=dict)

    def family(self, source: GlyphSource, char: str, glyph: int) -> str:
        """The family in which this character shows this glyph."""
        code = ord(char)
        known = self._of_source.setdefault(id(source), [])
        for name, characters in known:
            if characters.setdefault(code, glyph) == glyph:
                return name
        name = f"{self.prefix}f{len(self._variants)}"
        characters = {code: glyph}
        self._variants.append((source, characters))
        known.append((name, characters))
        return name

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
