"""Shadings, patterns, masks and odd text as a browser shows them."""

import pytest
from lxml import etree
from PIL import Image

from support.ofd import EMBEDDED, FONT, ofd, song, square, svg_of, svg_text, text_object
from support.scenes import at, picture_in_browser

pytestmark = pytest.mark.e2e

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
TWO = "".join(f"<ofd:Segment><ofd:Color Value='{each}'/></ofd:Segment>" for each in ("255 0 0", "0 0 255"))
FILES = {"Doc_0/Res/f.ttf": song()}
TEXT = "<ofd:TextCode X='0' Y='36' DeltaX='40'>一丨</ofd:TextCode>"


def filled(paint: str, attributes: str = "") -> str:
    """A square of 40 mm at 10, 10 mm in this paint."""
    return square(10, 10, f"<ofd:FillColor>{paint}</ofd:FillColor>", attributes)


def shown(objects: str, **options: object) -> Image.Image:
    return picture_in_browser(svg_of(ofd(objects, resources=EMBEDDED, entries=FILES), **options))


def near(colour: tuple[int, ...], wanted: tuple[int, int, int], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


def test_a_shading_ends_where_it_does_not_go_on() -> None:
    picture = shown(filled(f"<ofd:AxialShd StartPoint='10 0' EndPoint='30 0' Extend='2'>{TWO}</ofd:AxialShd>"))
    assert at(picture, 15, 30) == WHITE
    assert near(at(picture, 21, 30), (242, 0, 13))
    assert near(at(picture, 30, 30), (128, 0, 128))
    assert at(picture, 48, 30) == BLUE


def test_rings_are_shown_and_ellipses_turned() -> None:
    circles = "StartPoint='20 20' EndPoint='20 20' EndRadius='18' Eccentricity='0.9' Angle='90'"
    picture = shown(filled(f"<ofd:RadialShd {circles}>{TWO}</ofd:RadialShd>"))
    assert near(at(picture, 30, 30), RED, 20)
    assert near(at(picture, 30, 46), (28, 0, 227), 20)
    assert at(picture, 42, 30) == WHITE


def test_circles_that_move_aside_are_shown() -> None:
    circles = "StartPoint='8 20' StartRadius='3' EndPoint='30 20' EndRadius='8'"
    picture = shown(filled(f"<ofd:RadialShd {circles}>{TWO}</ofd:RadialShd>"))
    assert near(at(picture, 16, 30), RED, 20)
    assert near(at(picture, 40, 30), BLUE)
    assert at(picture, 40, 42) == WHITE
    extended = shown(filled(f"<ofd:RadialShd {circles} Extend='3'>{TWO}</ofd:RadialShd>"))
    assert near(at(extended, 49, 38), BLUE)
    assert near(at(extended, 11, 30), RED)


def test_a_mesh_is_shown_without_seams() -> None:
    corners = ((0, 0, "255 0 0"), (40, 0, "255 0 0"), (0, 40, "0 0 255"), (40, 40, "0 0 255"))
    points = "".join(f"<ofd:Point X='{x}' Y='{y}'><ofd:Color Value='{c}'/></ofd:Point>" for x, y, c in corners)
    picture = shown(filled(f"<ofd:LaGouraudShd VerticesPerRow='2'>{points}</ofd:LaGouraudShd>"))
    middle = [at(picture, 11 + step / 4, 30) for step in range(150)]
    assert all(near(colour, (128, 0, 128), 20) for colour in middle)
    assert near(at(picture, 30, 12), (242, 0, 13), 20)


@pytest.mark.parametrize(
    ("mirror", "colours"),
    [
        ("Normal", (RED, RED, RED)),
        ("Row", (RED, WHITE, RED)),
        ("Column", (RED, RED, WHITE)),
        ("RowAndColumn", (RED, WHITE, WHITE)),
    ],
)
def test_neighbours_in_a_pattern_are_mirrored(mirror: str, colours: tuple[tuple[int, int, int], ...]) -> None:
    cell = (
        "<ofd:PathObject ID='8' Boundary='0 0 10 10' Stroke='false' Fill='true'><ofd:FillColor Value='255 0 0'/>"
        "<ofd:AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    size = f"Width='10' Height='10' ReflectMethod='{mirror}'"
    picture = shown(filled(f"<ofd:Pattern {size}><ofd:CellContent>{cell}</ofd:CellContent></ofd:Pattern>"))
    assert (at(picture, 12, 12), at(picture, 22, 12), at(picture, 12, 22)) == colours
    assert at(picture, 18, 18) == WHITE


@pytest.mark.parametrize("mode", ["text", "paths"])
def test_shaded_text_is_shaded_as_a_whole_and_can_be_copied(mode: str) -> None:
    paint = f"<ofd:AxialShd StartPoint='0 0' EndPoint='80 0' Extend='3'>{TWO}</ofd:AxialShd>"
    text = text_object(TEXT, inner=f"<ofd:FillColor>{paint}</ofd:FillColor>").replace("Size='10'", "Size='40'")
    data = ofd(text, resources=EMBEDDED, entries=FILES)
    svg = svg_of(data, text=mode)
    picture = picture_in_browser(svg)
    row = [at(picture, x / 4 + 10, y / 4 + 20) for x in range(0, 320, 2) for y in range(0, 160, 2)]
    assert any(near(colour, (210, 0, 45), 40) for colour in row)
    assert any(near(colour, (64, 0, 191), 40) for colour in row)
    assert svg_text(svg) == ("一丨" if mode == "text" else "")


def test_what_text_clips_shows_through_its_letters_only() -> None:
    text = f"<ofd:Text Boundary='0 0 80 40' Font='3' Size='40'>{TEXT}</ofd:Text>"
    clips = f"<ofd:Clips><ofd:Clip><ofd:Area>{text}</ofd:Area></ofd:Clip></ofd:Clips>"
    picture = shown(square(10, 10, clips + "<ofd:FillColor Value='255 0 0'/>"))
    red = sum(at(picture, x, y) == RED for x in range(10, 50) for y in range(10, 50))
    assert 10 < red < 300


def test_stretched_and_turned_text_keeps_its_place() -> None:
    def box(attributes: str) -> tuple[int, int, int, int]:
        code = "<ofd:TextCode X='40' Y='40'>口</ofd:TextCode>"
        text = text_object(code, attributes).replace("Size='10'", "Size='20'").replace("100 20'", "100 100'")
        found = shown(text).convert("L").point(lambda value: 255 * (value < 128)).getbbox()
        assert found is not None
        return tuple(round(side / 4) for side in found)  # type: ignore[return-value]

    left, _, right, _ = box("")
    assert 50 <= left < right <= 71
    narrow = box("HScale='0.5'")
    assert narrow[0] <= left
    assert abs((narrow[2] - narrow[0]) * 2 - (right - left)) <= 2
    turned = box("CharDirection='90' HScale='0.5'")
    # A quarter clockwise about its origin at 50, 60: below it and to its right.
    assert turned[0] >= 46
    assert 59 <= turned[1] < turned[3] <= 71
    assert abs((turned[3] - turned[1]) * 2 - (right - left)) <= 2


@pytest.mark.parametrize("mode", ["text", "paths"])
def test_emboldened_text_has_more_ink(mode: str) -> None:
    def ink(attributes: str) -> int:
        text = text_object("<ofd:TextCode X='0' Y='36'>永</ofd:TextCode>", attributes).replace("Size='10'", "Size='40'")
        return sum(shown(text, text=mode).convert("L").histogram()[:128])

    assert ink("Weight='700'") > 1.1 * ink("")


def test_a_ligature_in_a_font_that_is_only_named_is_spelt_by_the_browser() -> None:
    pair = "<ofd:CGTransform CodePosition='0' CodeCount='2' GlyphCount='1'><ofd:Glyphs>9</ofd:Glyphs></ofd:CGTransform>"
    code = "<ofd:TextCode X='0' Y='8' DeltaX='20'>fix</ofd:TextCode>"
    texts = list(etree.fromstring(svg_of(ofd(text_object(code, inner=pair), resources=FONT)).encode()).iter("{*}text"))
    assert [(text.text, text.get("x")) for text in texts] == [("fi", "0"), ("x", "20")]
