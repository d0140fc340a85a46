"""The text of an OFD page in SVG: selectable, in its own glyphs, each in its place."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont
from lxml import etree

from support.ofd import (
    DRAWN,
    EMBEDDED,
    FONT,
    NOTICE,
    converted,
    ink,
    notes_of,
    ofd,
    ofd_characters,
    picture_of_svg,
    song,
    svg_of,
    svg_text,
    text_object,
)
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import FontResource, GlyphSource, page_to_svg


@pytest.mark.parametrize("source", [NOTICE, DRAWN, "office #emph[affluent] $ x^2 + sqrt(y) $"])
def test_the_text_of_the_page_can_be_selected(source: str) -> None:
    data = converted(source)
    assert svg_text(svg_of(data)) == "".join(char for char, _, _ in ofd_characters(data))


def test_the_fonts_inside_show_the_same_glyphs_as_the_document_s() -> None:
    data = converted(NOTICE)
    package = Package.open(data)
    originals = [GlyphSource.of(package.read(name)) for name in package.names() if name.endswith(".ttf")]
    faces = re.findall(r"base64,([A-Za-z0-9+/=]+)\)", svg_of(data))
    assert len(faces) == len(originals)
    for face in faces:
        font = GlyphSource.of(base64.b64decode(face))
        char = chr(max(TTFont(io.BytesIO(base64.b64decode(face))).getBestCmap()))
        outline = font.outline(font.lookup(char) or 0)
        assert outline
        assert outline in [each.outline(each.lookup(char) or 0) for each in originals]


def test_a_page_carries_only_its_own_characters() -> None:
    data = converted(NOTICE + "#pagebreak()\n字")
    assert len(svg_of(data, 1)) < len(svg_of(data, 0)) / 5


def test_displacements_place_every_character() -> None:
    code = "<ofd:TextCode X='1' Y='8' DeltaX='g 2 10 5.5' DeltaY='0 0 3'>甲乙丙丁</ofd:TextCode>"
    (text,) = etree.fromstring(svg_of(ofd(text_object(code), resources=FONT)).encode()).iter("{*}text")
    assert text.get("x") == "1 11 21 26.5"
    assert text.get("y") == "8 8 8 11"


def test_text_without_displacements_is_set_by_the_font_and_noted() -> None:
    svg, notes = notes_of(ofd(text_object("<ofd:TextCode X='0' Y='8'>甲乙a丙</ofd:TextCode>"), resources=FONT))
    assert re.search(r'x="0 10 20 25"', svg)
    assert "text_without_deltas" in notes


def test_glyph_numbers_win_over_the_font_s_own_map() -> None:
    source = GlyphSource.of(song())
    glyph = source.lookup("丁")
    inner = f"<ofd:CGTransform CodePosition='1'><ofd:Glyphs>{glyph}</ofd:Glyphs></ofd:CGTransform>"
    code = "<ofd:TextCode X='0' Y='8' DeltaX='10'>甲乙</ofd:TextCode>"
    data = ofd(text_object(code, inner=inner), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
    assert svg_text(svg_of(data)) == "甲乙"
    (face,) = re.findall(r"base64,([A-Za-z0-9+/=]+)\)", svg_of(data))
    shown = GlyphSource.of(base64.b64decode(face))
    assert shown.outline(shown.lookup("乙") or 0) == source.outline(glyph or 0)
    assert source.outline(glyph or 0) in svg_of(data, text="paths")


def test_one_character_with_two_glyphs_gets_two_fonts() -> None:
    source = GlyphSource.of(song())
    inner = f"<ofd:CGTransform CodePosition='0'><ofd:Glyphs>{source.lookup('丁')}</ofd:Glyphs></ofd:CGTransform>"
    code = "<ofd:TextCode X='0' Y='8' DeltaX='10'>甲甲</ofd:TextCode>"
    data = ofd(text_object(code, inner=inner), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
    assert len(re.findall("@font-face", svg_of(data))) == 2


def test_a_ligature_is_drawn_once_and_found_by_its_letters() -> None:
    inner = (
        "<ofd:CGTransform CodePosition='0' CodeCount='2' GlyphCount='1'><ofd:Glyphs>40</ofd:Glyphs></ofd:CGTransform>"
    )
    code = "<ofd:TextCode X='0' Y='8' DeltaX='5'>fi</ofd:TextCode>"
    data = ofd(text_object(code, inner=inner), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": song()})
    root = etree.fromstring(svg_of(data).encode())
    assert len(list(root.iter("{*}use"))) == 1
    (text,) = root.iter("{*}text")
    assert (text.text, text.get("fill-opacity")) == ("fi", "0")


def test_in_outlines_a_font_that_is_not_carried_is_asked_for_by_name() -> None:
    asked: list[str] = []

    def resolver(font: FontResource) -> GlyphSource:
        asked.append(font.name)
        return GlyphSource.of(song())

    data = ofd(text_object("<ofd:TextCode X='0' Y='8' DeltaX='10'>甲乙</ofd:TextCode>") * 2, resources=FONT)
    svg = page_to_svg(Package.open(data), 0, text="paths", fonts=resolver)
    assert asked == ["宋体"]
    assert svg.count("<use") == 4


def test_a_character_no_font_has_is_a_box_with_a_note() -> None:
    data = ofd(text_object("<ofd:TextCode X='0' Y='8'>甲</ofd:TextCode>"), resources=FONT)
    svg, notes = notes_of(data, text="paths")
    assert {"font_missing", "glyph_missing"} <= set(notes)
    assert ink(picture_of_svg(svg)) > 0


def test_letters_of_a_stand_in_keep_to_the_room_of_the_ones_they_stand_for() -> None:
    source = GlyphSource.of(song())
    natural = source.advance(source.lookup("W") or 0) * 10
    code = f"<ofd:TextCode X='0' Y='8' DeltaX='{natural * 0.6} 30'>WWW</ofd:TextCode>"
    data = ofd(text_object(code), resources=FONT)
    svg = page_to_svg(Package.open(data), 0, text="paths", fonts=lambda font: source)
    assert [
        use.get("transform", "").endswith("scale(0.6 1)") for use in etree.fromstring(svg.encode()).iter("{*}use")
    ] == [
        True,
        False,
        False,
    ]
