"""Font files: what a document says of them, and their glyphs. Fonts come from strangers; nothing of them is trusted."""

import io
import struct
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fontTools.pens.basePen import AbstractPen, decomposeQuadraticSegment
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from .charstrings import bounded
from .errors import OfdError
from .fontfaults import FONT_ERRORS

_SYMBOLS = 0x100
_KEPT_OUTLINES = 8192
_LARGEST_OUTLINE = 200_000
_DEEPEST_COMPOSITE = 6
_MOST_COMPONENTS = 256
_Point = tuple[float, float]
_BOLD, _ITALIC = 0x1, 0x2
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x1, 0x8, 0x20, 0x40, 0x80


@dataclass(frozen=True)
class FontResource:
    """A Font: its names, its style, and the entry of its file when it is embedded."""

    id: str
    name: str
    family: str
    bold: bool
    italic: bool
    serif: bool
    fixed: bool
    loc: str | None


class GlyphSource:
    """A font file opened for its glyphs. Raises OfdError `font_damaged`."""

    def __init__(self, font: TTFont) -> None:
        self.font = font
        # fontTools reads tables when they are first asked for, from one file position: one thread at a time.
        self._lock = threading.RLock()
        self._outlines: dict[int, str] = {}
        try:
            self.units = int(font["head"].unitsPerEm) or 1000
            self.count = int(font["maxp"].numGlyphs)
            self.true_type = "glyf" in font and "loca" in font
            if self.true_type and not font.isLoaded("cmap"):
                font.setGlyphOrder([f"g{index}" for index in range(self.count)])
            self._order: list[str] = font.getGlyphOrder()
            self._index = {name: index for index, name in enumerate(self._order)}
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"A font file cannot be read: {error!r}.") from error

    @classmethod
    def of(cls, data: bytes) -> "GlyphSource":
        """Open a TrueType or OpenType file held in memory."""
        try:
            return cls(TTFont(io.BytesIO(data), lazy=True, fontNumber=0, recalcBBoxes=False, recalcTimestamp=False))
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"A font file cannot be read: {error!r}.") from error

    def lookup(self, char: str) -> int | None:
        """The glyph number of a character by the font's own map; symbol fonts keep theirs from U+F000."""
        code = ord(char)
        index = self._map.get(code)
        return index if index is not None or code >= _SYMBOLS else self._map.get(0xF000 + code)

    def advance(self, index: int) -> float:
        """The glyph's width in ems."""
        return self.metrics(index)[0] / self.units

    def metrics(self, index: int) -> tuple[int, int]:
        """The glyph's width and left side bearing in font units."""
        table, count = self._metrics
        try:
            width = struct.unpack_from(">H", table, 4 * min(index, count - 1))[0]
            bearing_at = 4 * index + 2 if index < count else 4 * count + 2 * (index - count)
            return width, struct.unpack_from(">h", table, bearing_at)[0]
        except struct.error:
            return self.units, self._left_edge(index)

    def outline(self, index: int) -> str:
        """The glyph's outline as SVG path data in font units, y downward. Raises OfdError `font_damaged`."""
        if index in self._outlines:
            return self._outlines[index]
        if not 0 <= index < self.count:
            raise OfdError("font_damaged", f"The font has no glyph number {index}.")
        try:
            if self.true_type and self._weight(index, 0) > _MOST_COMPONENTS:
                raise OfdError("font_damaged", f"Glyph number {index} is put together of too many others.")
            with self._lock:
                pen, name = _OutlinePen(self._glyph_set), self._order[index]
                if not self.true_type:
                    bounded(self._glyph_set, name)
                self._glyph_set[name].draw(pen)
            path = "".join(pen.parts)
        except OfdError:
            raise
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"Glyph number {index} cannot be drawn: {error!r}.") from error
        if len(path) > _LARGEST_OUTLINE:
            raise OfdError("font_damaged", f"Glyph number {index} has an outline of {len(path)} characters.")
        if len(self._outlines) < _KEPT_OUTLINES:
            self._outlines[index] = path
        return path

    @cached_property
    def bold(self) -> bool:
        """Whether the file says that its face is bold."""
        return bool(self._style & _BOLD)

    @cached_property
    def italic(self) -> bool:
        """Whether the file says that its face slants."""
        return bool(self._style & _ITALIC)

    @cached_property
    def _style(self) -> int:
        try:
            with self._lock:
                return int(self.font["head"].macStyle)
        except FONT_ERRORS:
            return 0

    def _left_edge(self, index: int) -> int:
        """Where a TrueType glyph says that it begins, for a font whose table of widths ends early."""
        try:
            data = self.glyph_data(index) if self.true_type else b""
        except OfdError:
            return 0
        return int(struct.unpack_from(">h", data, 2)[0]) if len(data) >= 10 else 0

    def glyph_data(self, index: int) -> bytes:
        """The bytes of a TrueType glyph. Raises OfdError `font_damaged`."""
        offsets = self._offsets
        if not 0 <= index < len(offsets) - 1:
            return b""
        return self._glyf[offsets[index] : offsets[index + 1]]

    def table(self, tag: str) -> bytes:
        """A table's bytes as the file has them; a table that is open already would be written anew, slowly.

        Raises OfdError `font_damaged`.
        """
        reader = self.font.reader
        try:
            with self._lock:
                known = reader is not None and tag in reader
                return bytes(reader[tag] if known else self.font.getTableData(tag))
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"A font file's table {tag!r} cannot be read: {error!r}.") from error

    @cached_property
    def _glyph_set(self) -> Any:
        return self.font.getGlyphSet()

    @cached_property
    def _glyf(self) -> bytes:
        return self.table("glyf")

    @cached_property
    def _offsets(self) -> list[int]:
        try:
            with self._lock:
                return list(self.font["loca"].locations)
        except FONT_ERRORS as error:
            raise OfdError("font_damaged", f"A font file cannot be read: {error!r}.") from error

    @cached_property
    def _metrics(self) -> tuple[bytes, int]:
        try:
            with self._lock:
                return self.table("hmtx"), int(self.font["hhea"].numberOfHMetrics)
        except FONT_ERRORS:  # an OfdError among them
            return b"", 0

    @cached_property
    def _map(self) -> dict[int, int]:
        found: dict[int, int] = {}
        try:
            with self._lock:
                tables = self.font["cmap"].tables if "cmap" in self.font else []
                # The Unicode tables last, so that theirs is the last word.
                for table in sorted(tables, key=lambda each: (each.isUnicode(), each.platformID, each.platEncID)):
                    if hasattr(table, "cmap"):
                        found.update((code, self._index.get(name, 0)) for code, name in table.cmap.items())
        except FONT_ERRORS:
            return {}
        return found

    def _weight(self, index: int, depth: int) -> int:
        """How many simple glyphs a glyph is put together of."""
        parts = components(self.glyph_data(index))
        if not parts:
            return 1
        if depth >= _DEEPEST_COMPOSITE or len(parts) > _MOST_COMPONENTS:
            return _MOST_COMPONENTS + 1
        total = 0
        for _, part in parts:
            total += self._weight(part, depth + 1)
            if total > _MOST_COMPONENTS:
                break
        return total


def components(data: bytes) -> list[tuple[int, int]]:
    """The components of a composite TrueType glyph: where each number stands in the data, and the number."""
    if len(data) < 10 or struct.unpack_from(">h", data)[0] >= 0:
        return []
    found: list[tuple[int, int]] = []
    position, more = 10, True
    while more and position + 4 <= len(data):
        flags, index = struct.unpack_from(">HH", data, position)
        found.append((position + 2, index))
        position += 4 + (4 if flags & _WORDS else 2)
        position += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
        more = bool(flags & _MORE)
    return found


class _OutlinePen(AbstractPen):  # type: ignore[misc]
    """Collects a glyph's outline in `parts`. Written out by hand because a page holds hundreds of them."""

    def __init__(self, glyph_set: Any) -> None:
        self.parts: list[str] = []
        self._glyph_set = glyph_set

    def moveTo(self, point: _Point) -> None:
        self.parts.append("M" + _pair(point))

    def lineTo(self, point: _Point) -> None:
        self.parts.append("L" + _pair(point))

    def curveTo(self, *points: _Point) -> None:
        self.parts.append("C" + " ".join(map(_pair, points)))

    def qCurveTo(self, *points: _Point | None) -> None:
        known: list[_Point] = [point for point in points if point is not None]
        if points[-1] is None:
            # A contour without any point on it starts half way between its last and first.
            start = ((known[-1][0] + known[0][0]) / 2, (known[-1][1] + known[0][1]) / 2)
            self.moveTo(start)
            known.append(start)
        for control, point in decomposeQuadraticSegment(known) if len(known) > 1 else ():
            self.parts.append(f"Q{_pair(control)} {_pair(point)}")
        if len(known) == 1:
            self.lineTo(known[0])

    def closePath(self) -> None:
        self.parts.append("Z")

    def endPath(self) -> None:
        self.parts.append("Z")

    def addComponent(self, name: str, transformation: Any) -> None:
        self._glyph_set[name].draw(TransformPen(self, transformation))


def _pair(point: _Point) -> str:
    x, y = point
    return f"{round(x, 1):g} {round(-y, 1):g}"
