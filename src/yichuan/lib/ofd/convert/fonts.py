"""The fonts of a PDF: from character codes to Unicode text, glyph numbers and widths."""

import re
import struct
from dataclasses import dataclass
from typing import Any

import pikepdf

from ..errors import OfdError
from .fontfile import FontProgram

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[(.*?)\])", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Glyph:
    """One glyph as it was used: its Unicode text, its number in the font file, whether the font's own
    character map leads from the text to it, and its width in thousandths of the size."""

    text: str
    index: int
    mapped: bool
    width: float


class PdfFont:
    """A composite font with two-byte codes (Identity-H), which is what typesetters write today."""

    def __init__(self, font: pikepdf.Object, font_id: int) -> None:
        self.id = font_id
        name = str(font.get("/BaseFont", "/Font"))[1:].split("+")[-1].removesuffix("-Identity-H")
        self.name = name
        if font.get("/Subtype") != pikepdf.Name.Type0:
            raise OfdError(
                "unsupported_font",
                f"The font {name} is of kind {font.get('/Subtype')}; only composite fonts (Type0) are carried.",
            )
        if font.get("/Encoding") != pikepdf.Name("/Identity-H"):
            raise OfdError("unsupported_font", f"The font {name} is not encoded as Identity-H.")
        descendant: Any = font.DescendantFonts[0]
        self.program = FontProgram(name, descendant)
        self._default_width = float(descendant.get("/DW", 1000))
        self._widths = _widths(descendant.get("/W"))
        self._unicode = _to_unicode(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}
        self._glyphs: dict[int, Glyph] = {}
        self.character_map: dict[int, int] = {}
        """Code point to glyph number, for the glyphs used so far."""

    @property
    def family(self) -> str:
        """The family part of a PostScript name such as FandolFang-Regular."""
        return self.name.split("-")[0]

    @property
    def bold(self) -> bool:
        """Whether the PostScript name says that the font is bold."""
        return "bold" in self.name.lower()

    def glyphs(self, raw: bytes) -> list[Glyph]:
        """The glyphs of a shown string."""
        return [self._glyph(code) for (code,) in struct.iter_unpack(">H", raw[: len(raw) & ~1])]

    def file(self) -> bytes:
        """The font file to embed, with a character map for the text that was used."""
        widths = {glyph.index: glyph.width for glyph in self._glyphs.values()}
        return self.program.build(self.character_map, widths, bold=self.bold)

    def _glyph(self, code: int) -> Glyph:
        glyph = self._glyphs.get(code)
        if glyph is None:
            index = self.program.glyph_index(code)
            text = self._unicode.get(code, "")
            if not text or any(not _xml_character(each) for each in text):
                text = UNKNOWN
            mapped = len(text) == 1 and text != UNKNOWN and self.character_map.setdefault(ord(text), index) == index
            glyph = self._glyphs[code] = Glyph(text, index, mapped, self._widths.get(code, self._default_width))
        return glyph


def _xml_character(char: str) -> bool:
    """Whether XML 1.0 can hold the character as text that survives a reader."""
    code = ord(char)
    return code >= 0x20 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000 and code not in (0xFFFE, 0xFFFF)


def _widths(array: pikepdf.Object | None) -> dict[int, float]:
    """The W array of a CIDFont (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    items: list[Any] = list(array) if array is not None else []
    position = 0
    while position + 1 < len(items):
        first, second = int(items[position]), items[position + 1]
        if isinstance(second, pikepdf.Array):
            widths.update((first + offset, float(width)) for offset, width in enumerate(second))
            position += 2
        else:
            widths.update(dict.fromkeys(range(first, min(int(second), 0xFFFF) + 1), float(items[position + 2])))
            position += 3
    return widths


def _to_unicode(cmap: bytes) -> dict[int, str]:
    """The bfchar and bfrange sections of a ToUnicode CMap."""
    table: dict[int, str] = {}
    for kind, block in _BLOCK.findall(cmap):
        if kind == b"bfchar":
            table.update((int(code, 16), _utf16(value)) for code, value in _PAIR.findall(block))
            continue
        for low, high, start, listed in _RANGE.findall(block):
            first, last = int(low, 16), min(int(high, 16), 0xFFFF)
            if start:
                text = _utf16(start)
                table.update(
                    (code, text[:-1] + chr(ord(text[-1]) + code - first)) for code in range(first, last + 1) if text
                )
            else:
                table.update((first + offset, _utf16(value)) for offset, value in enumerate(_HEX.findall(listed)))
    return table


def _utf16(digits: bytes) -> str:
    text = b"".join(digits.split()).decode("ascii")
    return bytes.fromhex(text.zfill(-(-len(text) // 4) * 4)).decode("utf-16-be", "replace")
