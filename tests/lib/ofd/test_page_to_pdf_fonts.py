"""Font programs in a PDF: small, the same shapes, and bounded where a font is made to mislead."""

import io
from array import array

import pytest
from fontTools.cffLib import CFFFontSet, SubrsIndex
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from fontTools.ttLib.tables.ttProgram import Program

from support.ofd import song
from support.paper import (
    BLACK,
    RED_RGB,
    colours,
    face,
    filled,
    inked,
    opened,
    paper,
    said,
)
from support.paper import song as song_source
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.fontfile import GlyphSource
from yichuan.lib.ofd.paper.cff import compact_program
from yichuan.lib.ofd.paper.sfnt import true_type_program
from yichuan.lib.ofd.scene.model import Cell, Text


def test_composite_glyphs_bring_their_parts_and_keep_their_shape():
    source = GlyphSource.of(_composite_font())
    glyph = source.lookup("=") or 0
    pdf = paper(Text(face(source), 50, (Cell("=", glyph, 10, 60),), BLACK))
    assert inked(pdf) == pytest.approx((15, 25, 35, 55), abs=0.4)
    program = TTFont(io.BytesIO(true_type_program(source, [0, glyph])))
    assert program["maxp"].numGlyphs == 3


def test_hints_stay_only_with_the_programs_that_they_call():
    source = song_source()
    glyph = source.lookup("国") or 0
    stripped = TTFont(io.BytesIO(true_type_program(source, [0, glyph])))
    complete = all(tag in source.font for tag in ("cvt ", "fpgm", "prep"))
    assert ("fpgm" in stripped) == complete
    hinted = GlyphSource.of(_composite_font(programs=True))
    kept = TTFont(io.BytesIO(true_type_program(hinted, [0, hinted.lookup("-") or 0])))
    assert {"cvt ", "fpgm", "prep"} <= set(kept.keys())


@pytest.mark.parametrize("keyed", [False, True])
def test_cff_fonts_are_small_and_look_the_same(keyed: bool):
    data = _compact_font(keyed=keyed)
    source = GlyphSource.of(data)
    a, b = source.lookup("a") or 0, source.lookup("b") or 0
    cells = (Cell("a", a, 10, 80), Cell("bb", b, 50, 80))
    pdf = paper(Text(face(source), 40, cells, BLACK))
    assert said(pdf).split() == ["a", "bb"]
    assert inked(pdf, (0, 0, 45, 100)) == pytest.approx((14, 40, 34, 80), abs=0.4)
    assert inked(pdf, (45, 0, 100, 100)) == pytest.approx((54, 60, 74, 80), abs=0.4)
    with opened(pdf) as found:
        (font,) = found.pages[0].Resources.Font.values()
        inner = font.DescendantFonts[0]
        assert (inner.Subtype, inner.FontDescriptor.FontFile3.Subtype) == ("/CIDFontType0", "/CIDFontType0C")
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(inner.FontDescriptor.FontFile3.read_bytes()), None)
        top = fonts[0]
        assert len(top.CharStrings) == 3
        assert not hasattr(top, "GlobalSubrs") or not len(top.GlobalSubrs)
        assert top.FDArray[0].Private.BlueValues == [-10, 0, 500, 510]


def test_subroutines_that_call_each_other_without_end_are_refused():
    def bomb(level: int) -> list[object]:
        return [*([level - 107 - 1, "callsubr"] * 20), "return"] if level else [1, 1, "rlineto", "return"]

    source = GlyphSource.of(_compact_font(subroutines=[bomb(level) for level in range(9)], call=8 - 107))
    glyph = source.lookup("a") or 0
    for read in (lambda: compact_program(source, [0, glyph]), lambda: source.outline(glyph)):
        with pytest.raises(OfdError) as caught:
            read()
        assert caught.value.code == "font_damaged"


def test_a_damaged_font_leaves_its_text():
    broken = bytearray(song())
    source = GlyphSource.of(bytes(broken))
    source.table = lambda tag: b"" if tag == "maxp" else GlyphSource.table(source, tag)  # type: ignore[method-assign]
    notes: list[str] = []
    cells = tuple(Cell(char, source.lookup(char), 10 + 10 * place, 50) for place, char in enumerate("山水"))
    pdf = paper(Text(face(source), 10, cells, BLACK), filled(0, 90, 10, 100), notes=notes)
    assert (said(pdf), notes) == ("山水", ["font_damaged"])
    assert colours(pdf, (5, 95)) == [RED_RGB]


def _composite_font(*, programs: bool = False) -> bytes:
    """A font of 1,000 units: "-" is a box of 400 by 200 at 100, 100; "=" is two of them, the second 400 higher."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "hyphen", "equal"])
    builder.setupCharacterMap({45: "hyphen", 61: "equal"})
    pen = TTGlyphPen(None)
    pen.moveTo((100, 100))
    for point in ((100, 300), (500, 300), (500, 100)):
        pen.lineTo(point)
    pen.closePath()
    hyphen = pen.glyph()
    pen = TTGlyphPen({"hyphen": hyphen})
    pen.addComponent("hyphen", (1, 0, 0, 1, 0, 0))
    pen.addComponent("hyphen", (1, 0, 0, 1, 0, 400))
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "hyphen": hyphen, "equal": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "hyphen": (600, 100), "equal": (600, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    font = builder.font
    if programs:
        for tag in ("fpgm", "prep"):
            font[tag] = newTable(tag)
            font[tag].program = Program()
            font[tag].program.fromBytecode(b"")
        font["cvt "] = newTable("cvt ")
        font["cvt "].values = array("h", [1])
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _compact_font(
    *, keyed: bool = False, subroutines: list[list[object]] | None = None, call: int | None = None
) -> bytes:
    """An OpenType font with CFF outlines: "a" is a box of 500 by 1,000 at 100, 0; "b" one of 500 by 500."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "c", "a", "b"])
    builder.setupCharacterMap({97: "a", 98: "b", 99: "c"})

    def outline(height: int) -> T2CharString:
        pen = T2CharStringPen(700, None)
        pen.moveTo((100, 0))
        for point in ((100, height), (600, height), (600, 0)):
            pen.lineTo(point)
        pen.closePath()
        return pen.getCharString()

    strings = {".notdef": outline(0), "c": outline(100), "a": outline(1000), "b": outline(500)}
    builder.setupCFF("Test", {"FullName": "Test"}, strings, {"BlueValues": [-10, 0, 500, 510]})
    builder.setupHorizontalMetrics(dict.fromkeys(strings, (700, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    top = builder.font["CFF "].cff[0]
    if subroutines is not None:
        private = top.Private
        private.Subrs = SubrsIndex()
        for program in subroutines:
            string = T2CharString(program=program, private=private, globalSubrs=top.GlobalSubrs)
            private.Subrs.append(string)
        strings["a"].program = [0, "hmoveto", call, "callsubr", "endchar"]
    builder.font.recalcBBoxes = False
    out = io.BytesIO()
    builder.font.save(out)
    return _keyed(out.getvalue()) if keyed else out.getvalue()


def _keyed(data: bytes) -> bytes:
    """The same font with its outlines as a CID-keyed CFF."""
    program = compact_program(GlyphSource.of(data), [0, 1, 2, 3])
    font = TTFont(io.BytesIO(data))
    font.recalcBBoxes = False
    font["CFF "] = DefaultTable("CFF ")
    font["CFF "].data = program
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
