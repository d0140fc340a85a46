"""Font programs of a PDF made into font files that stand alone.

A PDF strips a font of its character map, names and metrics for the system; an OFD reader needs them. The
outlines are kept byte for byte: TrueType stays TrueType, CFF is wrapped as OpenType. Glyph numbers stay too.
"""

import io
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS

_ASCENT, _DESCENT = 0.88, 0.12
"""Of the em: the box of a Chinese font."""
_FIXED_TIME = 3_786_825_600
"""Seconds since 1904: the same font file for the same input."""
_KEPT = ("head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep")


class FontProgram:
    """The outlines of one CIDFont, as embedded in the PDF."""

    def __init__(self, name: str, descendant: Any) -> None:
        descriptor = descendant.get("/FontDescriptor", {})
        self.name = name
        self._cff: Any = None
        self._true_type: TTFont | None = None
        try:
            if "/FontFile2" in descriptor:
                self._open_true_type(descriptor.FontFile2.read_bytes(), descendant.get("/CIDToGIDMap"))
            elif "/FontFile3" in descriptor:
                self._open_cff(descriptor.FontFile3.read_bytes())
            else:
                raise OfdError("font_not_embedded", f"The font {name} is not embedded; embed it in the PDF.")
        except FONT_ERRORS as error:
            if isinstance(error, OfdError):
                raise
            raise OfdError("font_damaged", f"The font {name} cannot be read: {error!r}.") from error

    @property
    def suffix(self) -> str:
        """The file name's ending that fits the outlines."""
        return ".ttf" if self._true_type is not None else ".otf"

    def glyph_index(self, code: int) -> int:
        """The glyph number of a character identifier (CID)."""
        if self._true_type is not None:
            if self._cid_to_gid is None:
                return code if code < self._glyph_count else 0
            return int.from_bytes(self._cid_to_gid[2 * code : 2 * code + 2], "big")
        if self._cids is None:
            return code if code < self._glyph_count else 0
        return self._cids.get(code, 0)

    def build(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        """The font file: `character_map` leads from code points to glyph numbers, `widths` (thousandths of the
        em, by glyph number) are used where the program has none of its own. Raises OfdError `font_damaged`."""
        try:
            return self._built(character_map, widths, bold=bold)
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"The font {self.name} cannot be embedded: {error!r}.") from error

    def _built(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        font = self._true_type if self._true_type is not None else self._wrapped_cff(widths)
        order = font.getGlyphOrder()
        units = font["head"].unitsPerEm
        builder = FontBuilder(font=font)
        builder.setupCharacterMap({code: order[index] for code, index in sorted(character_map.items())})
        style = "Bold" if bold else "Regular"
        builder.setupNameTable(
            {"familyName": self.name, "styleName": style, "fullName": self.name, "psName": self.name}, mac=False
        )
        builder.setupOS2(
            sTypoAscender=round(_ASCENT * units),
            sTypoDescender=-round(_DESCENT * units),
            usWinAscent=units,
            usWinDescent=round(0.2 * units),
            usWeightClass=700 if bold else 400,
        )
        builder.setupPost(keepGlyphNames=False)
        out = io.BytesIO()
        font.save(out, reorderTables=False)
        return out.getvalue()

    def _open_true_type(self, data: bytes, cid_to_gid: Any) -> None:
        font = TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
        for tag in font.keys():  # noqa: SIM118 - a TTFont is no mapping; its keys are tags
            if tag not in (*_KEPT, "GlyphOrder"):
                del font[tag]
        self._glyph_count = font["maxp"].numGlyphs
        font.setGlyphOrder([f"g{index}" for index in range(self._glyph_count)])
        self._true_type = font
        self._cid_to_gid = cid_to_gid.read_bytes() if isinstance(cid_to_gid, pikepdf.Stream) else None

    def _open_cff(self, data: bytes) -> None:
        if data[:4] == b"OTTO":
            data = TTFont(io.BytesIO(data), lazy=True).getTableData("CFF ")
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(data), None)
        top = fonts.topDictIndex[0]
        self._cff, self._top = data, top
        self._glyph_count = len(top.CharStrings)
        self._cids: dict[int, int] | None = None
        if hasattr(top, "ROS"):
            self._cids = {int(name[3:]): index for index, name in enumerate(top.charset) if name.startswith("cid")}

    def _wrapped_cff(self, widths: dict[int, float]) -> TTFont:
        matrix = getattr(self._top, "FontMatrix", None)
        units = round(1 / matrix[0]) if matrix and matrix[0] else 1000
        names = [f"g{index}" for index in range(self._glyph_count)]
        builder = FontBuilder(units, isTTF=False)
        builder.font.sfntVersion = "OTTO"
        builder.font.recalcTimestamp = builder.font.recalcBBoxes = False
        builder.updateHead(created=_FIXED_TIME, modified=_FIXED_TIME)
        builder.setupGlyphOrder(names)
        metrics = {name: (round(widths.get(index, 1000.0) * units / 1000), 0) for index, name in enumerate(names)}
        builder.setupHorizontalMetrics(metrics)
        builder.setupHorizontalHeader(
            ascent=round(_ASCENT * units),
            descent=-round(_DESCENT * units),
            advanceWidthMax=max(width for width, _ in metrics.values()),
            numberOfHMetrics=len(names),
        )
        maxp = newTable("maxp")
        maxp.tableVersion, maxp.numGlyphs = 0x00005000, len(names)
        builder.font["maxp"] = maxp
        table = DefaultTable("CFF ")
        table.data = self._cff
        builder.font["CFF "] = table
        return builder.font
