"""Simple fonts of a PDF (ISO 32000-1, 9.6): one byte a character, Type 1, CFF or TrueType outlines."""

from typing import Any

from ..fontfaults import FONT_ERRORS
from .encodings import STANDARD, read_encoding, text_of
from .fonts import FontFinder, Glyph, PdfFont

_SYMBOLIC, _NONSYMBOLIC = 4, 32


class SimpleFont(PdfFont):
    """A font of kind Type1, MMType1 or TrueType."""

    def __init__(self, font: Any, font_id: int, find_font: FontFinder) -> None:
        descriptor = font.get("/FontDescriptor", {})
        super().__init__(font, font_id, find_font, descriptor)
        self._encoding = font.get("/Encoding")
        self._true_type = str(font.get("/Subtype")) == "/TrueType"
        flags = int(descriptor.get("/Flags", 0))
        self._symbolic = bool(flags & _SYMBOLIC) and not flags & _NONSYMBOLIC
        self._dingbats = "dingbats" in self.name.lower()
        first = int(font.get("/FirstChar", 0))
        self._widths = {first + index: float(width) for index, width in enumerate(font.get("/Widths", []))}
        self._missing = float(descriptor.get("/MissingWidth", 0))
        self._names: dict[int, str] | None = None

    def glyphs(self, raw: bytes) -> list[Glyph]:
        """One glyph a byte."""
        return [self._glyphs.get(code) or self._glyph(code) for code in raw]

    def unseen(self, raw: bytes) -> list[Glyph]:
        """One a byte."""
        names = read_encoding(self._encoding, STANDARD)
        return [
            Glyph(self._text(code, names.get(code, "")), 0, True, self._widths.get(code, self._missing), code == 32)
            for code in raw
        ]

    def _glyph(self, code: int) -> Glyph:
        try:
            names = self._encoded()
            index = self._index(code, names.get(code, ""))
            width = self._widths.get(code)
            if width is None:
                own = self.program.advance(index) if not self._widths else None
                width = self._missing if own is None else own
            self._checked(index, width)
        except FONT_ERRORS as error:
            raise self._damaged(error) from error
        return self._made(code, index, self._text(code, names.get(code, "")), width, space=code == 32)

    def _encoded(self) -> dict[int, str]:
        """Glyph names by code: what the PDF says over what the program itself says."""
        if self._names is None:
            implicit = self.program.encoding or ({} if self._true_type and self._symbolic else STANDARD)
            self._names = read_encoding(self._encoding, implicit)
        return self._names

    def _index(self, code: int, name: str) -> int:
        program = self.program
        symbolic = self._true_type and ((self._symbolic and self._encoding is None) or not name)
        found = program.code_glyph(code) if symbolic else None
        if found is None and name:
            found = program.named_glyph(name)
        if found is None and name and len(text := text_of(name, dingbats=self._dingbats)) == 1:
            found = program.text_glyph(text)
        if found is None:
            found = program.code_glyph(code)
        return found or 0

    def _text(self, code: int, name: str) -> str:
        return self._unicode.get(code) or (text_of(name, dingbats=self._dingbats) if name else "")
