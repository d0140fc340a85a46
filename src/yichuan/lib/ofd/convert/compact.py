"""Compact font programs (FontFile3) of a PDF: Type1C, CIDFontType0C and OpenType with CFF outlines."""

import io
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from ..errors import OfdError
from .encodings import STANDARD
from .fontfile import ASCENT, DESCENT, FIXED_TIME, LARGE, SegmentPen, cut, finish
from .state import Segment


class CompactProgram:
    """A CFF font; glyph numbers are its own."""

    suffix = ".otf"

    def __init__(self, name: str, data: bytes, cid_to_gid: bytes | None = None) -> None:
        self._name = name
        self._cid_to_gid = cid_to_gid
        self._text: dict[int, int] = {}
        if data[:4] == b"OTTO":
            data = self._unwrapped(data)
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(data), None)
        self._data = data
        self._top = fonts.topDictIndex[0]
        self._glyphs = self._top.CharStrings
        self.count = len(self._glyphs)
        self._cids: dict[int, int] | None = None
        self.names: dict[str, int] = {}
        self.encoding: dict[int, str] = {}
        order = self._top.charset
        if hasattr(self._top, "ROS"):
            self._cids = {int(each[3:]): index for index, each in enumerate(order) if each.startswith("cid")}
        else:
            self.names = {each: index for index, each in enumerate(order)}
            own = getattr(self._top, "Encoding", "StandardEncoding")
            listed = STANDARD if isinstance(own, str) else dict(enumerate(own))
            self.encoding = {code: each for code, each in listed.items() if each != ".notdef"}
        self._units = self._units_per_em()

    def cid_glyph(self, cid: int) -> int:
        """The glyph of a CID: by the charset of a CID-keyed font, else the same number."""
        if self._cid_to_gid is not None:
            cid = int.from_bytes(self._cid_to_gid[2 * cid : 2 * cid + 2], "big")
        elif self._cids is not None:
            return self._cids.get(cid, 0)
        return cid if cid < self.count else 0

    def named_glyph(self, name: str) -> int | None:
        """The glyph of a name."""
        return self.names.get(name)

    def code_glyph(self, code: int) -> int | None:
        """A CFF font has no character map beyond its encoding; one without names goes by glyph number."""
        return code if not self.names and code < self.count else None

    def text_glyph(self, text: str) -> int | None:
        """The glyph of a character, in an OpenType font."""
        return self._text.get(ord(text))

    def advance(self, glyph: int) -> float | None:
        """The width that the charstring gives."""
        self.outline(glyph)
        return float(self._glyphs[self._top.charset[glyph]].width * 1000 / self._units)

    def outline(self, glyph: int) -> list[Segment]:
        """The outline."""
        pen = SegmentPen(self._glyphs, 1 / self._units)
        self._glyphs[self._top.charset[glyph]].draw(pen)
        return pen.segments

    def build(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        """The CFF table in an OpenType font."""
        font = self._wrapped(widths)
        if len(self._data) > LARGE:
            out = io.BytesIO()
            font.save(out)
            font = TTFont(io.BytesIO(out.getvalue()), recalcBBoxes=False, recalcTimestamp=False)
            cut(font, set(widths))
        return finish(font, self._name, character_map, bold=bold)

    def _unwrapped(self, data: bytes) -> bytes:
        font = TTFont(io.BytesIO(data), lazy=True)
        if "cmap" in font:
            order = {name: index for index, name in enumerate(font.getGlyphOrder())}
            self._text = {code: order[name] for code, name in (font.getBestCmap() or {}).items()}
        return bytes(font.getTableData("CFF "))

    def _units_per_em(self) -> int:
        matrix = getattr(self._top, "FontMatrix", None) or [0.001, 0, 0, 0.001, 0, 0]
        if not matrix[0] or abs(matrix[0] - matrix[3]) > 1e-9 or matrix[1] or matrix[2]:
            raise OfdError("unsupported_font", f"The font {self._name} is slanted or squeezed by its FontMatrix.")
        units: int = round(1 / matrix[0])
        return units

    def _wrapped(self, widths: dict[int, float]) -> Any:
        names = [f"g{index}" for index in range(self.count)]
        builder = FontBuilder(self._units, isTTF=False)
        builder.font.sfntVersion = "OTTO"
        builder.font.recalcTimestamp = builder.font.recalcBBoxes = False
        builder.updateHead(created=FIXED_TIME, modified=FIXED_TIME)
        builder.setupGlyphOrder(names)
        metrics = {name: (round(widths.get(index, 1000.0) * self._units / 1000), 0) for index, name in enumerate(names)}
        builder.setupHorizontalMetrics(metrics)
        builder.setupHorizontalHeader(
            ascent=round(ASCENT * self._units),
            descent=-round(DESCENT * self._units),
            advanceWidthMax=max(width for width, _ in metrics.values()),
            numberOfHMetrics=len(names),
        )
        maxp = newTable("maxp")
        maxp.tableVersion, maxp.numGlyphs = 0x00005000, len(names)
        builder.font["maxp"] = maxp
        table = DefaultTable("CFF ")
        table.data = self._data
        builder.font["CFF "] = table
        return builder.font
