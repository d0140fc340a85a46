"""The fonts of a PDF: from shown bytes to Unicode text, glyph numbers and widths (ISO 32000-1, 9.6 and 9.7)."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from .cmaps import to_unicode
from .compact import CompactProgram
from .fontfile import Program
from .state import Segment
from .streams import stream_bytes
from .truetype import TrueTypeProgram
from .type1 import Type1Program

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_LARGEST_PROGRAM = 48 * 1024 * 1024
FontFinder = Callable[[str], bytes | None]
"""From the PostScript name of a font that is not embedded to a font file that may stand for it, or None."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph as it was used: its Unicode text, its number in the font file, whether the font's own character map
    leads from the text to it, and its width in thousandths of the size. `space` tells the one-byte code 32, which Tw
    widens. `down` is set in vertical writing: where the glyph's origin lies from the line's (x, y), and the advance."""

    text: str
    index: int
    mapped: bool
    width: float
    space: bool = False
    down: tuple[float, float, float] | None = None


class PdfFont(ABC):
    """A font with outlines. Its program is opened when a glyph is first drawn: unseen text needs none."""

    vertical = False

    def __init__(self, font: Any, font_id: int, find_font: FontFinder, descriptor: Any) -> None:
        self.id = font_id
        self.name = str(font.get("/BaseFont", "/Font"))[1:].split("+")[-1]
        self._find_font = find_font
        self._descriptor = descriptor
        self._unicode = to_unicode(stream_bytes(font.ToUnicode)) if _is_stream(font, "/ToUnicode") else {}
        box = [float(each) / 1000 for each in descriptor.get("/FontBBox", [])]
        self.reach = (max(1.2, min(box[3], 4.0)), max(0.5, min(-box[1], 4.0))) if len(box) == 4 else (1.2, 0.5)
        """How far glyphs reach above and below the line, in ems."""
        self._program: Program | None = None
        self._glyphs: dict[int, Glyph] = {}
        self.used = False
        """Whether text of this font was written."""
        self.supplied = False
        """Whether the font's file was not embedded but found by its name."""
        self.character_map: dict[int, int] = {}
        """Code point to glyph number, for the glyphs used so far."""

    @abstractmethod
    def glyphs(self, raw: bytes) -> list[Glyph]:
        """The glyphs of a shown string. Raises OfdError `font_not_embedded`, `font_damaged`, `unsupported_font`."""

    @abstractmethod
    def unseen(self, raw: bytes) -> list[Glyph]:
        """The same without glyph numbers, for text that is not drawn: no font is wanted."""

    @property
    def family(self) -> str:
        """The family part of a PostScript name such as FandolFang-Regular."""
        return self.name.split("-")[0].split(",")[0]

    @property
    def bold(self) -> bool:
        """Whether the PostScript name says that the font is bold."""
        return "bold" in self.name.lower()

    @property
    def suffix(self) -> str | None:
        """The ending of the font file's name; None when no glyph of the font is drawn."""
        return self._program.suffix if self._program is not None else None

    def file(self) -> bytes:
        """The font file to embed, with a character map for the text that was used."""
        widths = {glyph.index: glyph.width for glyph in self._glyphs.values()}
        try:
            return self.program.build(self.character_map, widths, bold=self.bold)
        except FONT_ERRORS as error:
            raise self._damaged(error) from error

    def outline(self, glyph: Glyph) -> list[Segment]:
        """The glyph's outline, its em being 1, y upward."""
        try:
            return self.program.outline(glyph.index)
        except FONT_ERRORS as error:
            raise self._damaged(error) from error

    @property
    def program(self) -> Program:
        """The font's outlines."""
        if self._program is None:
            try:
                self._program = self._open()
            except (*FONT_ERRORS, pikepdf.PdfError) as error:
                raise self._damaged(error) from error
        return self._program

    def _open(self) -> Program:
        descriptor = self._descriptor
        if "/FontFile2" in descriptor:
            return TrueTypeProgram(self.name, self._data(descriptor.FontFile2), self._cid_to_gid())
        if "/FontFile3" in descriptor:
            return self._of_file(self._data(descriptor.FontFile3))
        if "/FontFile" in descriptor:
            data = self._data(descriptor.FontFile)
            return Type1Program(self.name, data) if data[:4] not in _SFNT else self._of_file(data)
        found = self._find_font(self.name)
        if found is None:
            raise OfdError("font_not_embedded", f"The font {self.name} is not embedded; save the PDF with its fonts.")
        self.supplied = True
        return self._of_file(found)

    def _of_file(self, data: bytes) -> Program:
        if data[:4] in _SFNT:
            return TrueTypeProgram(self.name, data, self._cid_to_gid())
        return CompactProgram(self.name, data, self._cid_to_gid())

    def _cid_to_gid(self) -> bytes | None:
        return None

    def _data(self, stream: Any) -> bytes:
        return stream_bytes(stream, _LARGEST_PROGRAM)

    def _damaged(self, error: Exception) -> OfdError:
        if isinstance(error, OfdError):
            return error
        return OfdError("font_damaged", f"The font {self.name} cannot be read: {error!r}.")

    def _made(self, key: int, index: int, text: str, width: float, **more: Any) -> Glyph:
        """Keep a glyph; the first glyph to stand for a character gets the character's place in the font's map."""
        if not text or any(not _xml_character(each) for each in text):
            text = UNKNOWN
        mapped = len(text) == 1 and text != UNKNOWN and self.character_map.setdefault(ord(text), index) == index
        glyph = self._glyphs[key] = Glyph(text, index, mapped, width, **more)
        return glyph

    def _checked(self, index: int, width: float) -> None:
        """A font found by its name must be as wide as the PDF says. Raises OfdError `font_not_embedded`."""
        if not self.supplied:
            return
        own = self.program.advance(index)
        if own is None or abs(own - width) > _WIDTH_TOLERANCE:
            raise OfdError(
                "font_not_embedded",
                f"The font {self.name} is not embedded, and the one found for it has other widths; embed the font.",
            )


_SFNT = (b"\x00\x01\x00\x00", b"true", b"ttcf")
_WIDTH_TOLERANCE = 12.0


def _is_stream(font: Any, key: str) -> bool:
    return isinstance(font.get(key), pikepdf.Stream)


def _xml_character(char: str) -> bool:
    """Whether XML 1.0 can hold the character as text that survives a reader."""
    code = ord(char)
    return code >= 0x20 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000 and code not in (0xFFFE, 0xFFFF)
