"""Small fonts for one page: only its glyphs, with a character map that leads from its text to them.

The file is written anew from outlines and widths; programs, names and tables of the original stay behind.
"""

import struct
from functools import lru_cache

from fontTools.fontBuilder import FontBuilder

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from ..fontfile import GlyphSource
from ..truetype import MOST_GLYPHS, font_file, numbered, outlines

_FIXED_TIME = 3_786_825_600
_METRICS_AT = 34
"""Where the horizontal header says how many widths there are."""
_MAXP_KEPT = ("maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours")
_MAXP_NESTED = ("maxComponentElements", "maxComponentDepth")
_Tables = dict[str, bytes]


def web_font(source: GlyphSource, characters: dict[int, int]) -> bytes:
    """A font file in which each code point shows the glyph number given for it in `source`.

    Raises OfdError `font_damaged`.
    """
    try:
        return _true_type(source, characters) if source.true_type else _compact(source, characters)
    except FONT_ERRORS as error:
        raise OfdError("font_damaged", f"A font cannot be made ready for the page: {error!r}.") from error


def _true_type(source: GlyphSource, characters: dict[int, int]) -> bytes:
    order, numbers = numbered(source, [0, *sorted(set(characters.values()) - {0})])
    maxp = source.font["maxp"]
    tables = _frame(source.units) | outlines(source, order, numbers, hinted=False)
    tables |= {
        # Nothing is kept of what programs need: one zone, no twilight, storage, functions or stack.
        "maxp": struct.pack(
            ">LH4H7H2H",
            0x00010000,
            len(order),
            *(getattr(maxp, field, 0) for field in _MAXP_KEPT),
            *(1, 0, 0, 0, 0, 0, 0),
            *(getattr(maxp, field, 0) for field in _MAXP_NESTED),
        ),
    }
    metrics = [source.metrics(index) for index in order]
    return _finished(tables, {code: numbers[index] for code, index in characters.items()}, metrics)


def _compact(source: GlyphSource, characters: dict[int, int]) -> bytes:
    """CFF outlines are kept whole; a document's own fonts are subsets already."""
    tables = _frame(source.units) | {
        "CFF ": source.table("CFF "),
        "maxp": struct.pack(">LH", 0x00005000, source.count),
    }
    return _finished(tables, characters, [source.metrics(index) for index in range(source.count)])


@lru_cache(maxsize=64)
def _frame(units: int) -> _Tables:
    """The tables that are the same in all fonts of one scale."""
    builder = FontBuilder(units)
    builder.font.recalcTimestamp = builder.font.recalcBBoxes = False
    builder.updateHead(created=_FIXED_TIME, modified=_FIXED_TIME, indexToLocFormat=1)
    builder.setupGlyphOrder([".notdef"])
    builder.setupHorizontalMetrics({".notdef": (units, 0)})
    builder.setupHorizontalHeader(ascent=round(0.88 * units), descent=-round(0.12 * units))
    builder.setupCharacterMap({ord("x"): ".notdef"})
    builder.setupNameTable({"familyName": "Page", "styleName": "Regular", "psName": "Page"}, mac=False)
    builder.setupOS2(sTypoAscender=round(0.88 * units), sTypoDescender=-round(0.12 * units), usWinAscent=units)
    builder.setupPost(keepGlyphNames=False)
    return {tag: bytes(builder.font.getTableData(tag)) for tag in ("head", "hhea", "name", "OS/2", "post")}


def _finished(tables: _Tables, characters: dict[int, int], metrics: list[tuple[int, int]]) -> bytes:
    if len(metrics) > MOST_GLYPHS:
        raise OfdError("font_damaged", "A font's composite glyphs have too many parts.")
    hhea = bytearray(tables["hhea"])
    struct.pack_into(">H", hhea, _METRICS_AT, len(metrics))
    hmtx = b"".join([struct.pack(">Hh", *each) for each in metrics])
    tables = tables | {"hhea": bytes(hhea), "hmtx": hmtx, "cmap": _character_map(characters)}
    return font_file(tables)


def _character_map(characters: dict[int, int]) -> bytes:
    """A map of one subtable, format 12 of Unicode, a group for each character."""
    groups = b"".join([struct.pack(">LLL", code, code, glyph) for code, glyph in sorted(characters.items()) if glyph])
    subtable = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + subtable
