"""TrueType programs (FontFile2) of a PDF."""

import io
from typing import Any

from fontTools.ttLib import TTFont

from ..fontfaults import FONT_ERRORS
from .encodings import MAC_CODES, text_of
from .fontfile import LARGE, SegmentPen, cut, finish
from .state import Segment

_KEPT = ("head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep")
_SYMBOL_PAGES = (0xF000, 0, 0xF100, 0xF200)


class TrueTypeProgram:
    """A TrueType font; glyph numbers are its own. `cid_to_gid` is the CIDToGIDMap stream of a composite font."""

    suffix = ".ttf"

    def __init__(self, name: str, data: bytes, cid_to_gid: bytes | None = None) -> None:
        self._name = name
        self._data = data
        self._cid_to_gid = cid_to_gid
        self._font = TTFont(io.BytesIO(data), fontNumber=0, lazy=True, recalcBBoxes=False, recalcTimestamp=False)
        self._maps: dict[tuple[int, int], dict[int, int]] | None = None
        self._names: dict[str, int] | None = None
        self._glyphs: Any = None
        for tag in self._font.keys():  # noqa: SIM118 - a TTFont is no mapping; its keys are tags
            if tag not in (*_KEPT, "GlyphOrder"):
                del self._font[tag]
        self.count = int(self._font["maxp"].numGlyphs)
        self._font.setGlyphOrder([f"g{index}" for index in range(self.count)])
        self.encoding: dict[int, str] = {}

    @property
    def names(self) -> dict[str, int]:
        """Glyph numbers by the names of the post table."""
        if self._names is None:
            try:
                self._names = dict(TTFont(io.BytesIO(self._data), fontNumber=0, lazy=True).getReverseGlyphMap())
            except FONT_ERRORS:
                self._names = {}
        return self._names

    def cid_glyph(self, cid: int) -> int:
        """The glyph of a CID: through the CIDToGIDMap, or the same number."""
        if self._cid_to_gid is not None:
            cid = int.from_bytes(self._cid_to_gid[2 * cid : 2 * cid + 2], "big")
        return cid if cid < self.count else 0

    def named_glyph(self, name: str) -> int | None:
        """The glyph of a name of an encoding (ISO 32000-1, 9.6.6.4)."""
        maps = self._character_maps()
        text = text_of(name)
        unicode = next((maps[key] for key in ((3, 10), (3, 1), (0, 4), (0, 3)) if key in maps), None)
        if unicode and len(text) == 1 and ord(text) in unicode:
            return unicode[ord(text)]
        if (1, 0) in maps and MAC_CODES.get(name) in maps[1, 0]:
            return maps[1, 0][MAC_CODES[name]]
        return self.names.get(name)

    def code_glyph(self, code: int) -> int | None:
        """The glyph of a code in the symbol map, the Macintosh map or any; without a map the glyph of that number."""
        maps = self._character_maps()
        if not maps:
            return code if code < self.count else None
        for page in _SYMBOL_PAGES:
            if page + code in maps.get((3, 0), {}):
                return maps[3, 0][page + code]
        for table in (maps.get((1, 0), {}), *maps.values()):
            if code in table:
                return table[code]
        return None

    def text_glyph(self, text: str) -> int | None:
        """The glyph of a character in a Unicode map."""
        maps = self._character_maps()
        keys = ((3, 10), (3, 1), (0, 6), (0, 4), (0, 3))
        return next((maps[key][ord(text)] for key in keys if ord(text) in maps.get(key, {})), None)

    def advance(self, glyph: int) -> float | None:
        """The width of hmtx."""
        return float(self._font["hmtx"][f"g{glyph}"][0] * 1000 / self._font["head"].unitsPerEm)

    def outline(self, glyph: int) -> list[Segment]:
        """The outline, composites put together."""
        if self._glyphs is None:
            self._glyphs = self._font.getGlyphSet()
        pen = SegmentPen(self._glyphs, 1 / self._font["head"].unitsPerEm)
        self._glyphs[f"g{glyph}"].draw(pen)
        return pen.segments

    def build(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        """The font file with its own outlines and widths."""
        if len(self._data) > LARGE:
            cut(self._font, set(widths))
        return finish(self._font, self._name, character_map, bold=bold)

    def _character_maps(self) -> dict[tuple[int, int], dict[int, int]]:
        if self._maps is None:
            self._maps = {}
            try:
                font = TTFont(io.BytesIO(self._data), fontNumber=0, lazy=True)
                font.setGlyphOrder([f"g{index}" for index in range(self.count)])
                for table in font["cmap"].tables if "cmap" in font else ():
                    if hasattr(table, "cmap"):
                        known = {code: int(name[1:]) for code, name in table.cmap.items() if name[1:].isdigit()}
                        self._maps.setdefault((table.platformID, table.platEncID), known)
            except FONT_ERRORS:
                self._maps = {}
        return self._maps
