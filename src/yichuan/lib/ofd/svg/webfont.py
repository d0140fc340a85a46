"""Small fonts for one page: only its glyphs, with a character map that leads from its text to them.

The file is written anew from outlines and widths; programs, names and tables of the original stay behind.
"""

import io
import struct

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from ..fontfile import GlyphSource, components

_FIXED_TIME = 3_786_825_600
_INSTRUCTIONS = 0x100
_MAXP_KEPT = (
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentElements",
    "maxComponentDepth",
)
_MAXP_ZERO = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
)


def web_font(source: GlyphSource, characters: dict[int, int]) -> bytes:
    """A font file in which each code point shows the glyph number given for it in `source`.

    Raises OfdError `font_damaged`.
    """
    try:
        return _true_type(source, characters) if source.true_type else _compact(source, characters)
    except FONT_ERRORS as error:
        raise OfdError("font_damaged", f"A font cannot be made ready for the page: {error!r}.") from error


def _true_type(source: GlyphSource, characters: dict[int, int]) -> bytes:
    order = [0, *sorted(set(characters.values()) - {0})]
    seen = set(order)
    for index in order:  # grows while it is walked: a composite brings its parts along
        for _, part in components(source.glyph_data(index)):
            if part not in seen:
                seen.add(part)
                order.append(part)
    numbers = {index: place for place, index in enumerate(order)}
    glyf, offsets = bytearray(), [0]
    for index in order:
        glyf += _without_instructions(source.glyph_data(index), numbers)
        glyf += b"\0" * (-len(glyf) % 4)
        offsets.append(len(glyf))
    builder = _builder(source.units, [f"g{place}" for place in range(len(order))], is_true_type=True)
    font = builder.font
    font["loca"] = _raw("loca", struct.pack(f">{len(offsets)}L", *offsets))
    font["glyf"] = _raw("glyf", bytes(glyf) or b"\0")
    font["head"].indexToLocFormat = 1
    maxp = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, len(order)
    for field in _MAXP_KEPT:
        setattr(maxp, field, getattr(source.font["maxp"], field, 0))
    for field in _MAXP_ZERO:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["maxp"] = maxp
    metrics = [source.metrics(index) for index in order]
    return _finished(builder, {code: numbers[index] for code, index in characters.items()}, metrics)


def _compact(source: GlyphSource, characters: dict[int, int]) -> bytes:
    """CFF outlines are kept whole; a document's own fonts are subsets already."""
    builder = _builder(source.units, [f"g{index}" for index in range(source.count)], is_true_type=False)
    builder.font.sfntVersion = "OTTO"
    builder.font["CFF "] = _raw("CFF ", source.table("CFF "))
    maxp = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00005000, source.count
    builder.font["maxp"] = maxp
    return _finished(builder, characters, [source.metrics(index) for index in range(source.count)])


def _builder(units: int, order: list[str], *, is_true_type: bool) -> FontBuilder:
    builder = FontBuilder(units, isTTF=is_true_type)
    builder.font.recalcTimestamp = builder.font.recalcBBoxes = False
    builder.updateHead(created=_FIXED_TIME, modified=_FIXED_TIME)
    builder.setupGlyphOrder(order)
    return builder


def _finished(builder: FontBuilder, characters: dict[int, int], metrics: list[tuple[int, int]]) -> bytes:
    font: TTFont = builder.font
    units = font["head"].unitsPerEm
    builder.setupHorizontalMetrics(dict(zip(font.getGlyphOrder(), metrics, strict=True)))
    builder.setupHorizontalHeader(ascent=round(0.88 * units), descent=-round(0.12 * units))
    builder.setupCharacterMap({code: f"g{index}" for code, index in sorted(characters.items()) if index})
    builder.setupNameTable({"familyName": "Page", "styleName": "Regular", "psName": "Page"}, mac=False)
    builder.setupOS2(sTypoAscender=round(0.88 * units), sTypoDescender=-round(0.12 * units), usWinAscent=units)
    builder.setupPost(keepGlyphNames=False)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _raw(tag: str, data: bytes) -> DefaultTable:
    table = DefaultTable(tag)
    table.data = data
    return table


def _without_instructions(data: bytes, numbers: dict[int, int]) -> bytes:
    """The glyph without its hinting program (which calls functions that stay behind), its parts renumbered."""
    if len(data) < 12:
        return b""
    contours = struct.unpack_from(">h", data)[0]
    if contours >= 0:
        place = 10 + 2 * contours
        if place + 2 > len(data):
            return b""
        length = struct.unpack_from(">H", data, place)[0]
        return data[:place] + b"\0\0" + data[place + 2 + length :]
    parts = components(data)
    copy = bytearray(data)
    for place, part in parts:
        flags = struct.unpack_from(">H", copy, place - 2)[0] & ~_INSTRUCTIONS
        struct.pack_into(">HH", copy, place - 2, flags, numbers[part])
    return bytes(copy)
