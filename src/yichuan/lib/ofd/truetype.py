"""What the makers of small TrueType fonts share: which glyphs come along, and a glyph under new numbers."""

import io
import struct
from collections.abc import Iterable, Mapping

from fontTools.ttLib.sfnt import SFNTWriter

from .fontfile import GlyphSource, components

MOST_GLYPHS = 65_535
_INSTRUCTIONS = 0x100


def numbered(source: GlyphSource, glyphs: Iterable[int]) -> tuple[list[int], dict[int, int]]:
    """Glyphs in their order (one may stand twice), the parts of composites behind; and the place of each.

    Raises OfdError `font_damaged`.
    """
    order = list(glyphs)
    numbers = {index: place for place, index in enumerate(order)}
    for index in order:  # grows while it is walked: a composite brings its parts along
        for _, part in components(source.glyph_data(index)):
            if part not in numbers:
                numbers[part] = len(order)
                order.append(part)
    return order, numbers


def outlines(
    source: GlyphSource, glyphs: Iterable[int], numbers: Mapping[int, int], *, hinted: bool
) -> dict[str, bytes]:
    """The tables `glyf` and `loca` (long) of these glyphs; instructions call programs and stay only if `hinted`."""
    glyf, offsets = bytearray(), [0]
    for index in glyphs:
        glyf += _renumbered(source.glyph_data(index), numbers, hinted=hinted)
        glyf += b"\0" * (-len(glyf) % 4)
        offsets.append(len(glyf))
    return {"glyf": bytes(glyf) or b"\0", "loca": struct.pack(f">{len(offsets)}L", *offsets)}


def font_file(tables: Mapping[str, bytes]) -> bytes:
    """A font file of these tables: OpenType when it holds CFF outlines, else TrueType."""
    out = io.BytesIO()
    writer = SFNTWriter(out, len(tables), sfntVersion="OTTO" if "CFF " in tables else "\x00\x01\x00\x00")
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return out.getvalue()


def _renumbered(data: bytes, numbers: Mapping[int, int], *, hinted: bool) -> bytes:
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
