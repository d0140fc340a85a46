"""Composite fonts of a PDF (ISO 32000-1, 9.7): codes of one to four bytes lead to character identifiers (CID)."""

import struct
from typing import Any

import pikepdf

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from .cmaps import TWO_BYTES, CodeMap, code_map
from .fonts import FontFinder, Glyph, PdfFont
from .streams import stream_bytes

_MOST_WIDTHS = 200_000
_CODECS = {
    # Predefined CMaps whose codes are those of a character set; the CIDs behind them are in no file at hand.
    "GB-EUC": "gb2312",
    "GBK-EUC": "gbk",
    "GBKp-EUC": "gbk",
    "GBK2K": "gb18030",
    "B5pc": "big5",
    "ETen-B5": "big5",
    "90ms-RKSJ": "cp932",
    "KSCms-UHC": "cp949",
}


class CompositeFont(PdfFont):
    """A Type0 font."""

    def __init__(self, font: Any, font_id: int, find_font: FontFinder) -> None:
        descendant: Any = font.DescendantFonts[0]
        super().__init__(font, font_id, find_font, descendant.get("/FontDescriptor", {}))
        self.name = self.name.removesuffix("-Identity-H").removesuffix("-Identity-V")
        self._map_stream = descendant.get("/CIDToGIDMap")
        self._encoding = font.get("/Encoding")
        stream = isinstance(self._encoding, pikepdf.Stream)
        said = str(self._encoding.get("/CMapName", "") if stream else self._encoding)
        self.vertical = said.endswith("-V") or (stream and int(self._encoding.get("/WMode", 0)) == 1)
        self._cmap_name = said.removeprefix("/")
        self._codes = self._code_map()
        self._default_width = float(descendant.get("/DW", 1000))
        self._widths = _widths(descendant.get("/W"))
        origin, advance = (float(each) for each in descendant.get("/DW2", [880, -1000]))
        self._default_down = (origin, advance)
        self._downs = _verticals(descendant.get("/W2")) if self.vertical else {}

    def glyphs(self, raw: bytes) -> list[Glyph]:
        """One glyph a code."""
        if self._codes is None:
            raise OfdError(
                "unsupported_font",
                f"The font {self.name} is encoded by the table {self._cmap_name}, which is not at hand; save the PDF "
                "with its fonts embedded (Identity-H).",
            )
        known = self._glyphs
        if self._codes is TWO_BYTES:  # what nearly every PDF has, and worth a short way
            pairs = struct.iter_unpack(">H", raw[: len(raw) & ~1])
            return [known.get(code << 3 | 2) or self._glyph(code, 2, code) for (code,) in pairs]
        return [
            known.get(code << 3 | length) or self._glyph(code, length, cid)
            for code, length, cid in self._codes.codes(raw)
        ]

    def unseen(self, raw: bytes) -> list[Glyph]:
        """One a code; by the character set's own codes where the CMap is a predefined one."""
        if self._codes is not None:
            return [
                Glyph(
                    self._unicode.get(code, ""),
                    0,
                    True,
                    self._widths.get(cid, self._default_width),
                    (code, length) == (32, 1),
                    self._down(cid),
                )
                for code, length, cid in self._codes.codes(raw)
            ]
        base = self._cmap_name.rpartition("-")[0]
        codec = "utf-16-be" if base.startswith("Uni") else _CODECS.get(base, "ascii")
        return [
            Glyph(char, 0, True, 1000.0 if ord(char) > 0xFF else 500.0, down=self._down(0))
            for char in raw.decode(codec, "replace")
        ]

    def _glyph(self, code: int, length: int, cid: int) -> Glyph:
        text = self._unicode.get(code, "")
        width = self._widths.get(cid, self._default_width)
        try:
            index = self.program.cid_glyph(cid)
            if self.supplied:
                # Glyph numbers of another file mean nothing here: the text leads to the glyph.
                found = self.program.text_glyph(text) if len(text) == 1 else None
                if found is None:
                    raise OfdError("font_not_embedded", f"The font {self.name} is not embedded; embed it.")
                index = found
                self._checked(index, width)
        except FONT_ERRORS as error:
            raise self._damaged(error) from error
        return self._made(code << 3 | length, index, text, width, space=(code, length) == (32, 1), down=self._down(cid))

    def _down(self, cid: int) -> tuple[float, float, float] | None:
        if not self.vertical:
            return None
        if cid in self._downs:
            advance, x, y = self._downs[cid]
            return -x, -y, advance
        origin, advance = self._default_down
        return -self._widths.get(cid, self._default_width) / 2, -origin, advance

    def _code_map(self) -> CodeMap | None:
        if isinstance(self._encoding, pikepdf.Stream):
            return code_map(stream_bytes(self._encoding))
        return TWO_BYTES if self._cmap_name in ("Identity-H", "Identity-V") else None

    def _cid_to_gid(self) -> bytes | None:
        return stream_bytes(self._map_stream) if isinstance(self._map_stream, pikepdf.Stream) else None


def _widths(array: Any) -> dict[int, float]:
    """The W array of a CIDFont (ISO 32000-1, 9.7.4.3)."""
    return {cid: values[0] for cid, values in _ranges(array, 1)}


def _verticals(array: Any) -> dict[int, tuple[float, float, float]]:
    """The W2 array: advance, and the place of the vertical origin."""
    return {cid: (values[0], values[1], values[2]) for cid, values in _ranges(array, 3)}


def _ranges(array: Any, size: int) -> list[tuple[int, list[float]]]:
    found: list[tuple[int, list[float]]] = []
    items: list[Any] = list(array) if array is not None else []
    position = 0
    while position + 1 < len(items):
        first, second = int(items[position]), items[position + 1]
        if isinstance(second, pikepdf.Array):
            values = [float(each) for each in second]
            found += [(first + i // size, values[i : i + size]) for i in range(0, len(values) - size + 1, size)]
            position += 2
        else:
            same = [float(each) for each in items[position + 2 : position + 2 + size]]
            found += [(cid, same) for cid in range(first, min(int(second), 0xFFFF) + 1)]
            position += 2 + size
        if len(found) > _MOST_WIDTHS:
            raise OfdError("pdf_invalid", "A font has more widths than characters.")
    return found
