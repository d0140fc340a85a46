"""Text of OFD pages in a PDF: it looks as it should, and it is found and copied as the document has it."""

import io
import math

import pytest
from fontTools.ttLib import TTFont
from PIL import ImageChops

from support.ofd import EMBEDDED, FONT, NOTICE, converted, ofd, song, text_object
from support.paper import (
    BLACK,
    BLUE,
    RED,
    colours,
    drawn,
    face,
    ink,
    inked,
    near,
    opened,
    paper,
    papers,
    said,
    scene,
    text,
)
from support.paper import song as song_source
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ofd.scene.model import Axial, Cell, Pen, Stop, Text
from yichuan.lib.ofd.words import page_words

NOTICE_WORD = "<ofd:TextCode X='0' Y='10' DeltaX='10'>通知</ofd:TextCode>"


def _plain(words: str) -> str:
    return "".join(words.split())


def test_the_text_of_a_document_is_the_text_of_its_pdf():
    package = Package.open(converted(NOTICE))
    pdf = ofd_to_pdf(package)
    assert [_plain(said(pdf, 0))] == [_plain(words) for words in page_words(package)]


def test_glyphs_stand_where_their_cells_say():
    pdf = paper(text("一一", 10, 50, 20, step=40))
    first, second = inked(pdf, (0, 0, 45, 100)), inked(pdf, (45, 0, 100, 100))
    width, bearing = (
        value * 20 / song_source().units for value in song_source().metrics(song_source().lookup("一") or 0)
    )
    assert first[0] == pytest.approx(10 + bearing, abs=0.4)
    assert second[0] - first[0] == pytest.approx(40, abs=0.3)
    assert first[2] - first[0] < width


def test_a_line_of_uneven_steps_does_not_drift():
    source = song_source()
    steps = [0.0, 3.3, 7.77, 11.0, 22.22, 31.7, 44.444, 58.0, 71.5, 84.123]
    cells = tuple(Cell("一", source.lookup("一"), x, 50.0) for x in steps)
    together = paper(Text(face(), 6, cells, BLACK))
    apart = paper(*(Text(face(), 6, (cell,), BLACK) for cell in cells))
    assert ImageChops.difference(drawn(together), drawn(apart)).convert("L").getextrema()[1] < 60


def test_stretched_turned_and_slanted_glyphs():
    plain = inked(paper(text("一", 40, 50, 20)))
    wide = inked(paper(text("一", 40, 50, 20, stretch=2.0)))
    assert wide[2] - wide[0] == pytest.approx(2 * (plain[2] - plain[0]), abs=0.6)
    assert (wide[1], wide[3]) == pytest.approx((plain[1], plain[3]), abs=0.4)
    turned = inked(paper(text("一", 40, 50, 20, turn=90.0)))  # clockwise: what was right of the origin is below it
    assert turned[1] - 50 == pytest.approx(plain[0] - 40, abs=0.5)
    assert 40 - turned[0] == pytest.approx(plain[1] - 50, abs=20)
    assert turned[3] - turned[1] == pytest.approx(plain[2] - plain[0], abs=0.5)
    upright, slanted = inked(paper(text("丨", 40, 50, 40))), inked(paper(text("丨", 40, 50, 40, italic=True)))
    leaning = math.tan(math.radians(12)) * (upright[3] - upright[1])
    assert (slanted[2] - slanted[0]) - (upright[2] - upright[0]) == pytest.approx(leaning, abs=0.7)


def test_a_bold_face_is_heavier_and_a_pen_draws_outlines():
    plain, bold = (ink(paper(text("国", 10, 80, 80, bold=bold))) for bold in (False, True))
    assert 1.2 < bold / plain < 2.2
    hollow = paper(text("国", 10, 80, 80, fill=None, pen=Pen(BLACK, 0.5)))
    assert 0 < ink(hollow) < plain
    both = paper(text("一", 10, 80, 80, fill=RED, pen=Pen(BLUE, 2)))
    found = {colour for _, colour in drawn(both).getcolors(100_000) or []}
    assert {(255, 0, 0), (0, 0, 255)} <= found


def test_text_is_painted_with_shadings():
    way = Axial((0, 0), (100, 0), (Stop(0, (255, 0, 0)), Stop(1, (0, 0, 255))), True, True)
    pdf = paper(text("一", 0, 80, 100, fill=way))
    picture = drawn(pdf)
    for part, strong, weak in (((20, 0, 120, 400), 0, 2), ((280, 0, 380, 400), 2, 0)):
        darkest = [band.getextrema()[0] for band in picture.crop(part).split()]
        assert darkest[strong] > 150 > darkest[weak]


def test_text_without_paint_is_found_unseen():
    pdf = paper(text("密件", 10, 50, fill=None))
    assert (said(pdf), ink(pdf)) == ("密件", 0)


def _cells(*cells: tuple[str, str | None]) -> Text:
    """Cells with their text and the character whose glyph is shown."""
    source = song_source()
    return Text(
        face(),
        10,
        tuple(
            Cell(words, source.lookup(shown) if shown else None, 10 + 10 * place, 50)
            for place, (words, shown) in enumerate(cells)
        ),
        BLACK,
    )


def test_a_glyph_that_stands_for_several_characters_is_copied_as_them():
    assert _plain(said(paper(_cells(("ffi", "山"), ("水", "水"))))) == "ffi水"


def test_several_glyphs_that_stand_for_one_text_are_copied_once():
    assert _plain(said(paper(_cells(("前", "前"), ("ABC", "山"), ("", "水"), ("后", "后"))))) == "前ABC后"


def test_a_glyph_that_stands_for_two_characters_in_turn_is_copied_as_each():
    pdf = paper(_cells(("甲", "一"), ("乙", "一"), ("甲", "一")))
    assert said(pdf) == "甲乙甲"
    with opened(pdf) as found:
        (font,) = found.pages[0].Resources.Font.values()
        program = TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
        assert program["maxp"].numGlyphs == 2, ".notdef and the one shape"


def test_characters_beyond_the_basic_plane_are_copied_whole():
    assert said(paper(_cells(("\U00020bb7", "山"), ("田", "田")))) == "\U00020bb7田"


def test_a_glyph_that_no_font_has_is_a_box_that_can_be_found():
    notes: list[str] = []
    pdf = paper(_cells(("山", "山"), ("\U0001f600", None), (" ", None), ("水", "水")), notes=notes)
    assert said(pdf) == "山\U0001f600 水"
    assert notes == ["glyph_missing"]
    assert inked(pdf, (19.5, 0, 30, 100)) == pytest.approx((21, 42, 29, 50), abs=0.5)
    assert near(colours(pdf, (25, 46))[0], (255, 255, 255)), "hollow"
    beyond = Text(face(), 10, (Cell("田", 99_999, 10, 50),), BLACK)
    assert said(paper(beyond)) == "田"


def test_a_face_without_a_file_is_boxes_with_text():
    package = Package.open(ofd(text_object(NOTICE_WORD), resources=FONT))
    pdf = ofd_to_pdf(package)
    assert said(pdf) == "通知"
    assert {"font_missing", "glyph_missing"} <= {note.code for note in package.notes}
    assert ink(pdf) > 0


def test_a_resolver_gives_the_face_for_a_font_that_is_not_carried():
    data = ofd(text_object(NOTICE_WORD), resources=FONT)
    carried = ofd(
        text_object(NOTICE_WORD),
        resources=EMBEDDED,
        entries={"Doc_0/Res/f.ttf": song()},
    )
    with_stand_in = ofd_to_pdf(Package.open(data), fonts=lambda font: song_source())
    assert ImageChops.difference(drawn(with_stand_in), drawn(ofd_to_pdf(Package.open(carried)))).getbbox() is None


def test_letters_of_a_stand_in_keep_to_the_room_there_is():
    source = song_source()
    cells = tuple(Cell("M", source.lookup("M"), 10 + 5 * place, 50) for place in range(3))
    own, other = (paper(Text(face(embedded=embedded), 10, cells, BLACK)) for embedded in (True, False))
    natural = source.advance(source.lookup("M") or 0) * 10
    assert natural > 8, "or the test says nothing"
    assert inked(own)[2] == pytest.approx(inked(other)[2], abs=0.1), "the last one has all the room it wants"
    assert inked(other, (10, 0, 15, 100))[2] < 15
    assert drawn(other).crop((59, 0, 61, 400)).convert("L").getextrema()[0] > 100, "none reaches into the next"


def test_all_pages_share_one_font_with_only_what_they_show():
    pdf = papers(scene(text("山水", 10, 50)), scene(text("水田", 10, 50)))
    with opened(pdf) as found:
        fonts = [font for page in found.pages for font in page.Resources.Font.values()]
        assert fonts[0].objgen == fonts[1].objgen
        inner = fonts[0].DescendantFonts[0]
        program = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
        assert (program["maxp"].numGlyphs, inner.Subtype, fonts[0].Encoding) == (4, "/CIDFontType2", "/Identity-H")
        assert [float(width) for width in inner.W[1]] == [1000] * 4
    assert len(pdf) < 8_000
    assert (said(pdf), said(pdf, 1)) == ("山水", "水田")
