"""What shapes are painted with in a PDF: shadings, meshes, tilings."""

import pytest

from support.paper import (
    BLACK,
    BLUE,
    BLUE_RGB,
    RED,
    RED_RGB,
    WHITE_RGB,
    box,
    colours,
    drawn,
    filled,
    near,
    opened,
    paper,
)
from yichuan.lib.ofd.scene.model import Axial, Group, Mesh, Paint, Pen, Radial, Shape, Stop, Tiling

RED_TO_BLUE = (Stop(0, (255, 0, 0)), Stop(1, (0, 0, 255)))
ALL = (0.0, 0.0, 100.0, 100.0)


def _painted(paint: Paint, *points: tuple[float, float]) -> list[tuple[int, ...]]:
    return colours(paper(filled(*ALL, paint)), *points)


def test_a_shading_along_a_line_goes_on_only_where_it_is_told():
    start, end = (20.0, 0.0), (80.0, 0.0)
    before, first, middle, last, after = _painted(
        Axial(start, end, RED_TO_BLUE, before=True), (10, 50), (20, 50), (50, 50), (79.5, 50), (90, 50)
    )
    assert before == RED_RGB
    assert near(first, RED_RGB)
    assert near(middle, (128, 0, 128))
    assert near(last, BLUE_RGB)
    assert after == WHITE_RGB
    before, after = _painted(Axial(start, end, RED_TO_BLUE, after=True), (10, 50), (90, 50))
    assert before == WHITE_RGB
    assert near(after, BLUE_RGB, 1)


def test_stops_may_stand_anywhere_and_jump():
    stops = (Stop(0.25, (255, 0, 0)), Stop(0.5, (0, 255, 0)), Stop(0.5, (0, 0, 255)), Stop(0.75, (0, 0, 0)))
    found = _painted(Axial((0, 0), (100, 0), stops), (10, 50), (37.5, 50), (49, 50), (51, 50), (62.5, 50), (90, 50))
    wanted = [(255, 0, 0), (128, 128, 0), (10, 245, 0), (0, 0, 245), (0, 0, 128), (0, 0, 0)]
    assert all(near(one, other, 10) for one, other in zip(found, wanted, strict=True))


def test_a_shading_without_a_way_is_its_last_colour():
    assert _painted(Axial((50, 50), (50, 50), RED_TO_BLUE), (20, 20)) == [BLUE_RGB]


def test_a_shading_between_circles():
    paint = Radial((50, 50), 10, (50, 50), 40, RED_TO_BLUE)
    hole, inner, middle, outer, beyond = _painted(paint, (50, 50), (61, 50), (75, 50), (89, 50), (95, 50))
    assert hole == WHITE_RGB
    assert near(inner, RED_RGB, 15)
    assert near(middle, (128, 0, 128))
    assert near(outer, BLUE_RGB, 15)
    assert beyond == WHITE_RGB
    filled_out = Radial((50, 50), 10, (50, 50), 40, RED_TO_BLUE, before=True, after=True)
    inside, outside = _painted(filled_out, (50, 50), (99, 99))
    assert near(inside, RED_RGB, 1)
    assert near(outside, BLUE_RGB, 1)


@pytest.mark.parametrize(("angle", "long", "short"), [(0, (80, 50), (50, 80)), (90, (50, 80), (80, 50))])
def test_ellipses_are_squashed_and_turned(angle: float, long: tuple[float, float], short: tuple[float, float]):
    paint = Radial((50, 50), 0, (50, 50), 40, RED_TO_BLUE, angle=angle, squash=0.5)
    along, across = _painted(paint, long, short)
    assert near(along, (64, 0, 191))
    assert across == WHITE_RGB


def test_the_end_of_a_squashed_shading_stays_where_it_is():
    paint = Radial((30, 50), 0, (30, 80), 5, RED_TO_BLUE, squash=0.5)
    assert near(_painted(paint, (30, 80))[0], (20, 0, 235), 40)


def test_shadings_follow_the_groups_they_stand_in():
    half = Group((filled(*ALL, Axial((0, 0), (100, 0), RED_TO_BLUE)),), (0.5, 0.0, 0.0, 0.5, 50.0, 0.0))
    plain, deep = (colours(paper(item), (75, 25))[0] for item in (half, Group((half, filled(0, 0, 1, 1)), alpha=0.5)))
    assert near(plain, (128, 0, 128))
    assert near(deep, (191, 128, 191))


def test_a_mesh_mixes_the_colours_of_its_corners():
    triangle = (((0.0, 0.0), (255, 0, 0)), ((100.0, 0.0), (0, 255, 0)), ((0.0, 100.0), (0, 0, 255)))
    red, green, blue, middle, beyond = _painted(Mesh((triangle,)), (2, 2), (96, 2), (2, 96), (33, 33), (90, 90))
    assert near(red, (255, 0, 0), 16)
    assert near(green, (0, 255, 0), 16)
    assert near(blue, (0, 0, 255), 16)
    assert near(middle, (86, 84, 84), 12)
    assert beyond == WHITE_RGB
    assert near(_painted(Mesh((triangle,), background=(9, 9, 9)), (90, 90))[0], (9, 9, 9), 1)


def _tiling(**options: object) -> Tiling:
    """A red square in the top left quarter of cells of 20."""
    return Tiling((filled(0, 0, 10, 10),), (0.0, 0.0, 20.0, 20.0), (20.0, 20.0), **options)  # type: ignore[arg-type]


def test_a_pattern_repeats_its_cell():
    for x, y in ((0, 0), (20, 0), (60, 80)):
        assert _painted(_tiling(), (x + 5, y + 5), (x + 15, y + 5), (x + 5, y + 15)) == [RED_RGB, WHITE_RGB, WHITE_RGB]
    moved = _tiling(matrix=(2.0, 0.0, 0.0, 2.0, 10.0, 0.0))
    assert _painted(moved, (15, 5), (5, 5), (25, 15), (35, 5)) == [RED_RGB, WHITE_RGB, RED_RGB, WHITE_RGB]
    gaps = Tiling((filled(0, 0, 10, 10),), (0.0, 0.0, 10.0, 10.0), (25.0, 25.0))
    assert _painted(gaps, (5, 5), (20, 5), (30, 5)) == [RED_RGB, WHITE_RGB, RED_RGB]


@pytest.mark.parametrize(
    ("mirror", "right", "below", "both"),
    [
        ("row", (35, 5), (5, 25), (35, 25)),
        ("column", (25, 5), (5, 35), (25, 35)),
        ("both", (35, 5), (5, 35), (35, 35)),
    ],
)
def test_neighbouring_cells_are_mirrored(
    mirror: str, right: tuple[float, float], below: tuple[float, float], both: tuple[float, float]
):
    places = ((25, 5), (35, 5), (5, 25), (5, 35), (25, 25), (35, 25), (25, 35), (35, 35))
    found = dict(zip(places, _painted(_tiling(mirror=mirror), *places), strict=True))
    assert {place for place, colour in found.items() if colour == RED_RGB} == {right, below, both}


def test_a_cell_keeps_within_its_box_also_beside_mirrored_ones():
    wide = Tiling((filled(0, 0, 30, 5),), (0.0, 0.0, 20.0, 20.0), (20.0, 20.0), mirror="column")
    assert _painted(wide, (5, 2), (5, 38), (5, 22)) == [RED_RGB, RED_RGB, WHITE_RGB]


def test_a_pattern_too_fine_to_draw_is_grey_and_said_so():
    notes: list[str] = []
    fine = Tiling((filled(0, 0, 1, 1),), (0.0, 0.0, 0.01, 0.01), (0.01, 0.01))
    flat = Tiling((filled(0, 0, 1, 1),), (0.0, 0.0, 1.0, 1.0), (0.0, 1.0))
    pdf = paper(filled(0, 0, 50, 100, fine), filled(50, 0, 100, 100, flat), notes=notes)
    assert colours(pdf, (20, 20), (70, 20)) == [(128, 128, 128)] * 2
    assert notes == ["pattern_too_fine", "pattern_flat"]


def test_lines_are_painted_like_areas():
    line = (("M", (0.0, 50.0)), ("L", (100.0, 50.0)))
    left, right = colours(paper(Shape(line, None, Pen(Axial((0, 0), (100, 0), RED_TO_BLUE), 20))), (5, 50), (95, 50))
    assert near(left, (242, 0, 13), 12)
    assert near(right, (13, 0, 242), 12)
    assert colours(paper(Shape(line, None, Pen(_tiling(), 20))), (5, 45), (15, 45)) == [RED_RGB, WHITE_RGB]


def test_paints_have_an_opacity():
    for paint in (
        Axial((0, 0), (100, 0), (Stop(0, (255, 0, 0)), Stop(1, (255, 0, 0))), True, True, alpha=0.5),
        Mesh(((((-100.0, 0.0), (255, 0, 0)), ((200.0, 0.0), (255, 0, 0)), ((50.0, 300.0), (255, 0, 0))),), alpha=0.5),
        Tiling((filled(0, 0, 20, 20),), (0.0, 0.0, 20.0, 20.0), (20.0, 20.0), alpha=0.5),
    ):
        assert near(_painted(paint, (50, 50))[0], (255, 128, 128)), type(paint).__name__


def test_a_pattern_may_hold_patterns():
    inner = Tiling((filled(0, 0, 2.5, 5, BLUE),), (0.0, 0.0, 5.0, 5.0), (5.0, 5.0))
    outer = Tiling((filled(0, 0, 20, 10, inner),), (0.0, 0.0, 20.0, 20.0), (20.0, 20.0))
    pdf = paper(filled(*ALL, outer))
    assert colours(pdf, (41, 41), (44, 41), (41, 55)) == [BLUE_RGB, WHITE_RGB, WHITE_RGB]
    with opened(pdf) as found:
        (pattern,) = found.pages[0].Resources.Pattern.values()
        assert "/Pattern" in pattern.Resources
    assert drawn(pdf).getpixel((0, 0)) == BLUE_RGB


def test_a_plain_colour_after_a_shading_is_plain():
    shaded = filled(0, 0, 50, 100, Axial((0, 0), (50, 0), RED_TO_BLUE))
    pen = Pen(BLACK, 4)
    pdf = paper(shaded, filled(50, 0, 100, 100), Shape(box(60, 10, 90, 90), RED, pen))
    assert colours(pdf, (55, 50), (60, 50)) == [RED_RGB, (0, 0, 0)]
