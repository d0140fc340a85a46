"""Font programs of a PDF made into font files that stand alone.

A PDF strips a font of its character map, names and metrics for the system; an OFD reader needs them. The
outlines are kept: TrueType stays TrueType, CFF is wrapped as OpenType, Type 1 is written as CFF.
"""

import io
from typing import Any, Protocol

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from ..geometry import Point
from .state import Segment

ASCENT, DESCENT = 0.88, 0.12
"""Of the em: the box of a Chinese font."""
FIXED_TIME = 3_786_825_600
"""Seconds since 1904: the same font file for the same input."""
LARGE = 1024 * 1024
"""Bytes from which on a font file keeps only the glyphs that are used."""


class Program(Protocol):
    """The outlines of a font. Glyphs are told by their number in the file that `build` gives."""

    suffix: str
    encoding: dict[int, str]
    """The program's own encoding: glyph name by code."""

    def cid_glyph(self, cid: int) -> int:
        """The glyph of a character identifier."""

    def named_glyph(self, name: str) -> int | None:
        """The glyph of a name of an encoding."""

    def code_glyph(self, code: int) -> int | None:
        """The glyph that a TrueType program's own character maps give a code without a name."""

    def text_glyph(self, text: str) -> int | None:
        """The glyph of a character, from the program's Unicode character map."""

    def advance(self, glyph: int) -> float | None:
        """The glyph's own width in thousandths of the em."""

    def outline(self, glyph: int) -> list[Segment]:
        """The glyph's outline, its em being 1, y upward."""

    def build(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        """The font file: `character_map` leads from code points to glyph numbers, `widths` (thousandths of the em,
        by glyph number) are those of the used glyphs."""


class SegmentPen(BasePen):  # type: ignore[misc]  # fontTools is not typed
    """Records an outline in the segments of a path, scaled."""

    def __init__(self, glyphs: Any, scale: float) -> None:
        super().__init__(glyphs)
        self.segments: list[Segment] = []
        self._scale = scale

    def _add(self, code: str, *points: Point) -> None:
        self.segments.append((code, tuple((x * self._scale, y * self._scale) for x, y in points)))

    def _moveTo(self, pt: Point) -> None:
        self._add("M", pt)

    def _lineTo(self, pt: Point) -> None:
        self._add("L", pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        self._add("B", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self._add("C")

    _endPath = _closePath


def finish(font: TTFont, name: str, character_map: dict[int, int], *, bold: bool) -> bytes:
    """The font file with a character map, names and the metrics that a system wants."""
    order = font.getGlyphOrder()
    units = font["head"].unitsPerEm
    builder = FontBuilder(font=font)
    builder.setupCharacterMap({code: order[index] for code, index in sorted(character_map.items())})
    style = "Bold" if bold else "Regular"
    builder.setupNameTable({"familyName": name, "styleName": style, "fullName": name, "psName": name}, mac=False)
    builder.setupOS2(
        sTypoAscender=round(ASCENT * units),
        sTypoDescender=-round(DESCENT * units),
        usWinAscent=units,
        usWinDescent=round(0.2 * units),
        usWeightClass=700 if bold else 400,
    )
    builder.setupPost(keepGlyphNames=False)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def cut(font: TTFont, glyphs: set[int]) -> None:
    """Take out of a font the outlines of all other glyphs; glyph numbers stay."""
    options = subset.Options(retain_gids=True, notdef_outline=True, glyph_names=False, hinting=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "kern"]
    cutter = subset.Subsetter(options)
    cutter.populate(gids=sorted(glyphs | {0}))
    cutter.subset(font)
