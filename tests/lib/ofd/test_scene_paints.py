"""Colours, shadings and patterns as paint."""

import math

import pytest

from support.ofd import ofd, square
from support.scenes import noted, only
from yichuan.lib.ofd.scene.model import Axial, Mesh, Paint, Radial, Shape, Solid, Stop, Tiling

SPACES = (
    "<ofd:ColorSpaces><ofd:ColorSpace ID='7' Type='CMYK'/><ofd:ColorSpace ID='5' Type='RGB' BitsPerComponent='4'/>"
    "<ofd:ColorSpace ID='6' Type='RGB' Profile='p.icc'><ofd:Palette><ofd:CV>255 0 0</ofd:CV><ofd:CV>0 0 255</ofd:CV>"
    "</ofd:Palette></ofd:ColorSpace></ofd:ColorSpaces>"
)
R, B = (255, 0, 0), (0, 0, 255)


def segments(*colours: str) -> str:
    return "".join(f"<ofd:Segment><ofd:Color Value='{colour}'/></ofd:Segment>" for colour in colours)


TWO = segments("255 0 0", "0 0 255")


def fill_of(colour: str, attributes: str = "", place: tuple[float, float] = (10, 20)) -> Paint:
    """The fill of a square of 40 mm with this FillColor, in a document with colour spaces."""
    item = only(ofd(square(*place, f"<ofd:FillColor{colour}", attributes), resources=SPACES))
    assert isinstance(item, Shape)
    assert item.fill is not None
    return item.fill


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        (" Value='255 128 0'/>", (255, 128, 0)),
        (" Value='255,128,0'/>", (255, 128, 0)),
        (" Value='#FF #80 #00'/>", (255, 128, 0)),
        (" Value='15 0 15' ColorSpace='5'/>", (255, 0, 255)),
        (" Value='0 255 255 0' ColorSpace='7'/>", (255, 0, 0)),
        (" Value='0 255 255 0'/>", (255, 0, 0)),
        (" Index='1' ColorSpace='6'/>", (0, 0, 255)),
        ("/>", (0, 0, 0)),
        (" ColorSpace='7'/>", (255, 255, 255)),
        (" Value='300 -5 0'/>", (255, 0, 0)),
    ],
)
def test_colours_are_srgb_whatever_their_space(colour: str, shown: tuple[int, ...]) -> None:
    assert fill_of(colour) == Solid(shown)  # type: ignore[arg-type]


def test_a_colour_may_be_half_clear() -> None:
    assert fill_of(" Value='255 0 0' Alpha='51'/>") == Solid(R, 0.2)


def test_what_is_not_shown_of_a_colour_is_noted() -> None:
    _, codes = noted(ofd(square(10, 10, "<ofd:FillColor Value='red'/>"), resources=SPACES))
    assert {"colour_unreadable", "profile_ignored"} <= set(codes)


def test_an_axial_shading_stands_in_the_space_of_its_path() -> None:
    shading = f"><ofd:AxialShd StartPoint='10 0' EndPoint='30 5' Extend='2'>{TWO}</ofd:AxialShd></ofd:FillColor>"
    paint = fill_of(shading, "CTM='2 0 0 2 0 0'")
    assert paint == Axial((10, 0), (30, 5), (Stop(0, R), Stop(1, B)), before=False, after=True)


def test_segments_without_positions_stand_evenly() -> None:
    three = segments("255 0 0", "0 255 0", "0 0 255")
    paint = fill_of(f"><ofd:AxialShd StartPoint='0 0' EndPoint='9 0'>{three}</ofd:AxialShd></ofd:FillColor>")
    assert isinstance(paint, Axial)
    assert [stop.offset for stop in paint.stops] == [0, 0.5, 1]


def test_repeated_shadings_are_unrolled_as_far_as_the_path_goes() -> None:
    way = "StartPoint='10 0' EndPoint='30 0' MapUnit='10'"
    paint = fill_of(f"><ofd:AxialShd {way} MapType='Repeat'>{TWO}</ofd:AxialShd></ofd:FillColor>")
    assert isinstance(paint, Axial)
    assert [(stop.offset, stop.rgb) for stop in paint.stops] == [(0, R), (0.5, B), (0.5, R), (1, B)]
    assert (paint.start, paint.end) == ((10, 0), (30, 0))
    extended = fill_of(f"><ofd:AxialShd {way} MapType='Reflect' Extend='3'>{TWO}</ofd:AxialShd></ofd:FillColor>")
    assert isinstance(extended, Axial)
    assert (extended.start, extended.end) == ((0, 0), (40, 0))
    colours = {round(stop.offset * 40): stop.rgb for stop in extended.stops}
    assert colours == {0: B, 10: R, 20: B, 30: R, 40: B}


def test_a_repetition_may_end_on_its_way() -> None:
    way = "StartPoint='0 0' EndPoint='30 0' MapType='Repeat' MapUnit='20'"
    paint = fill_of(f"><ofd:AxialShd {way}>{TWO}</ofd:AxialShd></ofd:FillColor>")
    assert isinstance(paint, Axial)
    assert (paint.start, paint.end) == ((0, 0), (30, 0))
    assert paint.stops[-1].offset == 1
    assert all(abs(part - half) <= 1 for part, half in zip(paint.stops[-1].rgb, (128, 0, 128), strict=True))


def test_a_shading_that_repeats_too_often_is_shown_once_and_noted() -> None:
    way = "StartPoint='0 0' EndPoint='30 0' MapType='Repeat' MapUnit='0.001'"
    colour = f"<ofd:FillColor><ofd:AxialShd {way}>{TWO}</ofd:AxialShd></ofd:FillColor>"
    _, codes = noted(ofd(square(10, 10, colour)))
    assert "shading_simplified" in codes


def test_a_radial_shading_may_be_of_ellipses() -> None:
    circles = "StartPoint='20 20' StartRadius='2' EndPoint='20 20' EndRadius='10' Eccentricity='0.8' Angle='30'"
    paint = fill_of(f"><ofd:RadialShd {circles} Extend='1'>{TWO}</ofd:RadialShd></ofd:FillColor>")
    assert isinstance(paint, Radial)
    assert (paint.start_radius, paint.end_radius, paint.angle, round(paint.squash, 6)) == (2, 10, 30, 0.6)
    assert (paint.before, paint.after) == (True, False)


def test_rings_go_on_over_the_whole_path() -> None:
    circles = "StartPoint='20 20' EndPoint='20 20' EndRadius='10' MapType='Repeat' MapUnit='5' Extend='2'"
    paint = fill_of(f"><ofd:RadialShd {circles}>{TWO}</ofd:RadialShd></ofd:FillColor>")
    assert isinstance(paint, Radial)
    assert paint.end_radius >= math.hypot(20, 20)
    turns = [stop.offset * paint.end_radius for stop in paint.stops if stop.rgb == R]
    assert [round(each, 3) for each in turns[:4]] == [0, 5, 10, 15]


def vertex(x: float, y: float, colour: str, flag: int = 0) -> str:
    return f"<ofd:Point X='{x}' Y='{y}' EdgeFlag='{flag}'><ofd:Color Value='{colour}'/></ofd:Point>"


def test_triangles_go_on_from_the_side_that_is_named() -> None:
    corners = vertex(0, 0, "255 0 0") + vertex(40, 0, "0 255 0") + vertex(0, 40, "0 0 255")
    more = vertex(40, 40, "0 0 0", 1) + vertex(9, 9, "9 9 9", 2)
    ground = "<ofd:BackColor Value='1 2 3'/>"
    mesh = fill_of(f" Alpha='51'><ofd:GouraudShd>{corners}{more}{ground}</ofd:GouraudShd></ofd:FillColor>")
    assert isinstance(mesh, Mesh)
    points = [tuple(point for point, _ in triangle) for triangle in mesh.triangles]
    assert points == [
        ((0, 0), (40, 0), (0, 40)),
        ((40, 0), (0, 40), (40, 40)),
        ((40, 0), (40, 40), (9, 9)),
    ]
    assert (mesh.background, mesh.alpha) == ((1, 2, 3), 0.2)


def test_a_lattice_is_cut_into_triangles() -> None:
    points = "".join(vertex(x, y, f"{x} {y} 0") for y in (0, 10) for x in (0, 10, 20))
    mesh = fill_of(f"><ofd:LaGouraudShd VerticesPerRow='3'>{points}</ofd:LaGouraudShd></ofd:FillColor>")
    assert isinstance(mesh, Mesh)
    assert len(mesh.triangles) == 4
    assert mesh.triangles[-1][1] == ((20, 10), (20, 10, 0))


def pattern(attributes: str) -> str:
    cell = square(0, 0).replace("'0 0 40 40'", "'0 0 4 4'")
    return f"><ofd:Pattern Width='5' Height='6' {attributes}><ofd:CellContent>{cell}</ofd:CellContent></ofd:Pattern>"


def test_a_pattern_repeats_its_cell_by_its_steps() -> None:
    paint = fill_of(pattern("XStep='8' YStep='3' ReflectMethod='Row' CTM='1 0 0 1 2 3'") + "</ofd:FillColor>")
    assert isinstance(paint, Tiling)
    assert (paint.box, paint.steps, paint.mirror) == ((0, 0, 5, 6), (8, 6), "row")
    assert paint.matrix == (1, 0, 0, 1, 2, 3)
    assert len(paint.cell) == 1


def test_a_pattern_relative_to_the_page_begins_at_the_pages_corner() -> None:
    paint = fill_of(pattern("RelativeTo='Page'") + "</ofd:FillColor>", place=(13, 27))
    assert isinstance(paint, Tiling)
    assert paint.matrix == (1, 0, 0, 1, -13, -27)


def test_a_pattern_without_a_size_is_grey_and_noted() -> None:
    colour = f"<ofd:FillColor{pattern('').replace('5', '0')}</ofd:FillColor>"
    scene, codes = noted(ofd(square(10, 10, colour)))
    assert "pattern_unreadable" in codes
    assert scene.items
