"""Small TrueType programs for a PDF: chosen glyphs under new numbers, without names, maps or layout tables."""

import struct

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from ..fontfile import GlyphSource
from ..truetype import MOST_GLYPHS, font_file, numbered, outlines

_HINTS = ("cvt ", "fpgm", "prep")
_MOST_HINT_BYTES = 64 * 1024


def true_type_program(source: GlyphSource, glyphs: list[int]) -> bytes:
    """A TrueType file in which glyph number i is number `glyphs[i]` of the source; the first should be 0.

    The parts of composites follow behind. Hints stay where the font has the programs they call, so that a viewer
    draws the glyphs as it would have drawn the whole font. Raises OfdError `font_damaged`.
    """
    try:
        return _program(source, glyphs)
    except FONT_ERRORS as error:
        raise OfdError("font_damaged", f"A font cannot be made ready for paper: {error!r}.") from error


def _program(source: GlyphSource, glyphs: list[int]) -> bytes:
    order, numbers = numbered(source, glyphs)
    if len(order) > MOST_GLYPHS:
        raise OfdError("font_damaged", "A font's composite glyphs have too many parts.")
    hints = _hints(source)
    head, hhea, maxp = (bytearray(source.table(tag)) for tag in ("head", "hhea", "maxp"))
    struct.pack_into(">H", head, 50, 1)  # indexToLocFormat: long
    struct.pack_into(">H", hhea, 34, len(order))
    struct.pack_into(">H", maxp, 4, len(order))
    tables = {
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(struct.pack(">Hh", *source.metrics(index)) for index in order),
        "maxp": bytes(maxp),
    }
    return font_file(tables | hints | outlines(source, order, numbers, hinted=bool(hints)))


def _hints(source: GlyphSource) -> dict[str, bytes]:
    """The programs that glyphs' instructions call; nothing unless they are complete."""
    if not all(tag in source.font for tag in _HINTS):
        return {}
    found = {tag: source.table(tag) for tag in _HINTS}
    return found if sum(map(len, found.values())) <= _MOST_HINT_BYTES else {}
