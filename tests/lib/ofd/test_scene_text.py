"""Text of a page as glyphs in their places."""

import io

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from support.ofd import EMBEDDED, FONT, ofd, song, text_object
from support.scenes import marks, noted, only, origins, scene_of
from yichuan.lib.ofd.fontfile import FontResource, GlyphSource
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.scene import SceneReader
from yichuan.lib.ofd.scene.model import Face, Solid, Text

FILES = {"Doc_0/Res/f.ttf": song()}


def small_font(characters: str, *, bold: bool = False) -> bytes:
    """A TrueType font of squares, half an em wide each, for these characters."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 400), (450, 400), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", *(f"c{index}" for index in range(len(characters)))]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"c{index}" for index, char in enumerate(characters)})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "S", "styleName": "R"})
    builder.setupOS2()
    builder.setupPost()
    builder.font["head"].macStyle = 1 if bold else 0
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def spelt(code: str, attributes: str = "", inner: str = "") -> list[tuple[str, float, float]]:
    """The places of a text in a font of its own, from its Boundary's corner at 10, 20 mm."""
    data = ofd(
        text_object(code, attributes, inner), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": small_font("abcdefi一丁")}
    )
    return [(text, round(x - 10, 2), round(y - 20, 2)) for text, x, y in origins(data)]


def shown(attributes: str = "", inner: str = "", resources: str = FONT, **files: bytes) -> Text:
    """The one text of a page."""
    code = "<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>"
    item = only(ofd(text_object(code, attributes, inner), resources=resources, entries=files or FILES))
    assert isinstance(item, Text)
    return item


LIGATURE = "<ofd:CGTransform CodePosition='1' CodeCount='2' GlyphCount='1'><ofd:Glyphs>2</ofd:Glyphs></ofd:CGTransform>"
PAIR = "<ofd:CGTransform CodePosition='0' CodeCount='1' GlyphCount='2'><ofd:Glyphs>1 2</ofd:Glyphs></ofd:CGTransform>"


def test_displacements_count_glyphs() -> None:
    code = "<ofd:TextCode X='1' Y='8' DeltaX='3 4'>afib</ofd:TextCode>"
    assert spelt(code, inner=LIGATURE) == [("a", 1, 8), ("fi", 4, 8), ("b", 8, 8)]


def test_displacements_that_are_as_many_as_characters_want_count_characters() -> None:
    code = "<ofd:TextCode X='1' Y='8' DeltaX='3 1 4'>afib</ofd:TextCode>"
    assert spelt(code, inner=LIGATURE) == [("a", 1, 8), ("fi", 4, 8), ("b", 9, 8)]


def test_one_character_may_be_shown_by_two_glyphs() -> None:
    code = "<ofd:TextCode X='1' Y='8' DeltaX='2 3'>ab</ofd:TextCode>"
    assert spelt(code, inner=PAIR) == [("a", 1, 8), ("", 3, 8), ("b", 6, 8)]


def test_transforms_count_the_characters_of_the_whole_object() -> None:
    code = "<ofd:TextCode X='0' Y='8'>a</ofd:TextCode><ofd:TextCode X='5' Y='8' DeltaX='3'>fib</ofd:TextCode>"
    assert spelt(code, inner=LIGATURE) == [("a", 0, 8), ("fi", 5, 8), ("b", 8, 8)]


def test_runs_of_equal_displacements_are_written_short() -> None:
    code = "<ofd:TextCode X='0' Y='8' DeltaX='g 2 3 1' DeltaY='0 g 2 1'>abcd</ofd:TextCode>"
    assert spelt(code) == [("a", 0, 8), ("b", 3, 8), ("c", 6, 9), ("d", 7, 10)]


@pytest.mark.parametrize(
    ("direction", "second"), [(0, (5.0, 8.0)), (90, (0.0, 13.0)), (180, (-5.0, 8.0)), (270, (0.0, 3.0))]
)
def test_text_without_displacements_follows_its_reading_direction(direction: int, second: tuple[float, float]) -> None:
    _, (_, x, y) = spelt("<ofd:TextCode X='0' Y='8'>一丁</ofd:TextCode>", f"ReadDirection='{direction}'")
    assert (x, y) == second


def test_text_with_displacements_goes_where_they_say_whatever_its_reading_direction() -> None:
    _, second = spelt("<ofd:TextCode X='0' Y='8' DeltaY='6'>一丁</ofd:TextCode>", "ReadDirection='90'")
    assert second == ("丁", 0, 14)


def test_characters_turn_stretch_slant_and_thicken() -> None:
    text = shown("CharDirection='90' HScale='0.5' Italic='true' Weight='700'")
    assert (text.turn, text.stretch, text.italic, text.bold) == (90, 0.5, True, True)
    plain = shown()
    assert (plain.turn, plain.stretch, plain.italic, plain.bold) == (0, 1, False, False)


def test_a_face_that_is_bold_is_not_made_bolder() -> None:
    bold = {"Doc_0/Res/f.ttf": small_font("一", bold=True)}
    assert not shown("Weight='700'", resources=EMBEDDED, **bold).bold
    assert shown("Weight='700'", resources=EMBEDDED, **{"Doc_0/Res/f.ttf": small_font("一")}).bold
    assert not shown(resources=EMBEDDED.replace("FontName", "Bold='true' FontName")).bold


def test_the_pen_of_a_text_is_clear_unless_it_has_a_colour() -> None:
    assert shown("Stroke='true'").pen is None
    pen = shown("Stroke='true' Fill='false'", "<ofd:StrokeColor Value='0 0 255'/>").pen
    assert pen is not None
    assert pen.paint == Solid((0, 0, 255))


def test_a_glyph_number_counts_only_in_the_font_that_the_document_carries() -> None:
    numbered = "<ofd:CGTransform CodePosition='0'><ofd:Glyphs>77</ofd:Glyphs></ofd:CGTransform>"
    assert shown(inner=numbered, resources=EMBEDDED).cells[0].glyph == 77
    code = "<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>"
    package = Package.open(ofd(text_object(code, inner=numbered), resources=FONT))
    source = GlyphSource.of(song())
    ((item, _),) = marks(SceneReader(package, fonts=lambda font: source).scene(0).items)
    assert isinstance(item, Text)
    assert item.cells[0].glyph == source.lookup("一")
    assert "glyphs_without_font" in [note.code for note in package.notes]


def test_a_ligature_in_a_font_that_is_not_there_is_spelt() -> None:
    data = ofd(
        text_object("<ofd:TextCode X='0' Y='8' DeltaX='3 4'>afib</ofd:TextCode>", inner=LIGATURE), resources=FONT
    )
    source = GlyphSource.of(small_font("abfi"))
    ((item, _),) = marks(SceneReader(Package.open(data), fonts=lambda font: source).scene(0).items)
    assert isinstance(item, Text)
    assert [(cell.text, round(cell.x, 2)) for cell in item.cells] == [("a", 0), ("f", 3), ("i", 8), ("b", 7)]


def test_a_character_its_font_lacks_is_taken_from_another() -> None:
    asked: list[str] = []

    def resolver(font: FontResource) -> GlyphSource:
        asked.append(font.name)
        return source

    source = GlyphSource.of(song())
    code = "<ofd:TextCode X='0' Y='8' DeltaX='10 10'>一堃一</ofd:TextCode>"
    data = ofd(text_object(code), resources=EMBEDDED, entries={"Doc_0/Res/f.ttf": small_font("一")})
    texts = [item for item, _ in marks(SceneReader(Package.open(data), fonts=resolver).scene(0).items)]
    assert ["".join(cell.text for cell in text.cells) for text in texts if isinstance(text, Text)] == ["一", "堃", "一"]
    middle = texts[1]
    assert isinstance(middle, Text)
    assert (middle.face.source, middle.face.embedded, middle.cells[0].glyph) == (source, False, source.lookup("堃"))
    assert asked == ["宋体"]


def test_fonts_stay_names_where_nobody_is_to_be_asked() -> None:
    data = ofd(text_object("<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>"), resources=FONT)
    reader = SceneReader(Package.open(data), fonts=lambda font: GlyphSource.of(song()))
    ((item, _),) = marks(reader.scene(0, resolve=False).items)
    assert isinstance(item, Text)
    assert (item.face.source, item.cells[0].glyph) == (None, None)


def test_unseen_text_is_there_to_be_found() -> None:
    text = shown("Fill='false'")
    assert (text.fill, text.pen, text.cells[0].text) == (None, None, "一")


def test_a_font_that_is_not_listed_is_noted_and_its_text_kept() -> None:
    scene, codes = noted(ofd(text_object("<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>")))
    ((item, _),) = marks(scene.items)
    assert isinstance(item, Text)
    assert isinstance(item.face, Face)
    assert "font_missing" in codes


def test_a_text_of_no_size_leaves_nothing() -> None:
    data = ofd(text_object("<ofd:TextCode X='0' Y='8'>一</ofd:TextCode>").replace("Size='10'", "Size='0'"))
    assert scene_of(data).items == ()


def test_a_list_of_displacements_that_ends_early_goes_on_with_its_last():
    assert spelt("<ofd:TextCode X='0' Y='8' DeltaX='3'>abcd</ofd:TextCode>") == [
        ("a", 0, 8),
        ("b", 3, 8),
        ("c", 6, 8),
        ("d", 9, 8),
    ]
    assert spelt("<ofd:TextCode X='0' Y='8' DeltaX='g 2 5 1.5' DeltaY='0'>一丁abc</ofd:TextCode>") == [
        ("一", 0, 8),
        ("丁", 5, 8),
        ("a", 10, 8),
        ("b", 11.5, 8),
        ("c", 13, 8),
    ]
