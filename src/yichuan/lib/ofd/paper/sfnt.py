"""Small TrueType programs for a PDF: chosen glyphs under new numbers, without names, maps or layout tables."""

import io
import struct

from fontTools.ttLib.sfnt import SFNTWriter

from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from ..fontfile import GlyphSource, components

_HINTS = ("cvt ", "fpgm", "prep")
_MOST_HINT_BYTES = 64 * 1024
_INSTRUCTIONS = 0x100
_MOST_GLYPHS = 65_535


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
    order = list(glyphs)
    numbers = {index: place for place, index in enumerate(order)}
    for index in order:  # grows while it is walked: a composite brings its parts along
        for _, part in components(source.glyph_data(index)):
            if part not in numbers:
                numbers[part] = len(order)
                order.append(part)
    if len(order) > _MOST_GLYPHS:
        raise OfdError("font_damaged", "A font's composite glyphs have too many parts.")
    hints = _hints(source)
    glyf, offsets = bytearray(), [0]
    for index in order:
        glyf += _renumbered(source.glyph_data(index), numbers, hinted=bool(hints))
        glyf += b"\0" * (-len(glyf) % 4)
        offsets.append(len(glyf))
    head, hhea, maxp = (bytearray(source.table(tag)) for tag in ("head", "hhea", "maxp"))
    struct.pack_into(">H", head, 50, 1)  # indexToLocFormat: long
    struct.pack_into(">H", hhea, 34, len(order))
    struct.pack_into(">H", maxp, 4, len(order))
    tables = {
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(struct.pack(">Hh", *source.metrics(index)) for index in order),
        "maxp": bytes(maxp),
        "loca": struct.pack(f">{len(offsets)}L", *offsets),
        "glyf": bytes(glyf) or b"\0",
    } | hints
    out = io.BytesIO()
    writer = SFNTWriter(out, len(tables), sfntVersion="\x00\x01\x00\x00")
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return out.getvalue()


def _hints(source: GlyphSource) -> dict[str, bytes]:
    """The programs that glyphs' instructions call; nothing unless they are complete."""
    if not all(tag in source.font for tag in _HINTS):
        return {}
    found = {tag: source.table(tag) for tag in _HINTS}
    return found if sum(map(len, found.values())) <= _MOST_HINT_BYTES else {}


def _renumbered(data: bytes, numbers: dict[int, int], *, hinted: bool) -> bytes:
    """A glyph with its parts under their new numbers, and without instructions unless `hinted`."""
    if len(data) < 12:
        return b""
    contours = struct.unpack_from(">h", data)[0]
    if contours >= 0:
        place = 10 + 2 * contours
        if hinted or place + 2 > len(data):
            return data if hinted else b""
        length = struct.unpack_from(">H", data, place)[0]
        return data[:place] + b"\0\0" + data[place + 2 + length :]
    copy = bytearray(data)
    for place, part in components(data):
        flags = struct.unpack_from(">H", copy, place - 2)[0]
        struct.pack_into(">HH", copy, place - 2, flags if hinted else flags & ~_INSTRUCTIONS, numbers[part])
    return bytes(copy)
