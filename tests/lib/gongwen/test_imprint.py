"""Drawing the imprint of a seal."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from lxml import etree

from support.gongwen import font_set
from support.imprints import points
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import RANK_DIAMETER_MM, RANKS, Imprint, draw_imprint, rank_of
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package

OFFICE = "江门市人民政府办公室"
RARE = "江门市珺祎昇堃镕喆玥垚局"
LONGEST = "国家税务总局江门市江海区税务局第一税务分局办税服务厅综合管理科室"


def distances(imprint: Imprint, index: int) -> list[float]:
    """How far the points of a shape lie from the imprint's centre, mm."""
    centre = imprint.diameter_mm / 2
    return [math.hypot(x - centre, y - centre) for x, y in points(imprint.paths[index].data)]


def draw(name: str = OFFICE, diameter_mm: float = 45, **options: object) -> Imprint:
    return draw_imprint(name, diameter_mm=diameter_mm, font=font_set(), **options)  # type: ignore[arg-type]


def test_ring_name_and_star_are_shapes_of_one_red():
    imprint = draw()
    assert len(imprint.paths) == 1 + len(OFFICE) + 1
    assert {path.fill or path.stroke for path in imprint.paths} == {(230, 0, 18)}
    assert imprint.paths[0].stroke_mm == 1.0


@pytest.mark.parametrize("name", ["江门市局", OFFICE, RARE, LONGEST])
@pytest.mark.parametrize("diameter", [42, 45, 60])
def test_the_name_stays_between_ring_and_star(name: str, diameter: float):
    imprint = draw(name, diameter)
    star = max(distances(imprint, len(name) + 1))
    for index in range(1, len(name) + 1):
        reach = distances(imprint, index)
        assert max(reach) < diameter / 2 - 1.0
        assert min(reach) > star


@pytest.mark.parametrize("name", ["江门市局", OFFICE, LONGEST])
def test_characters_run_from_left_to_right_and_do_not_overlap(name: str):
    imprint = draw(name)
    angles = []
    for index in range(1, len(name) + 1):
        around = [math.atan2(x - 22.5, 22.5 - y) for x, y in points(imprint.paths[index].data)]
        angles.append((min(around), max(around)))
    # 32 characters fill most of the ring, yet none crosses the lowest point.
    assert all(left[1] <= right[0] + 0.02 for left, right in pairwise(angles))
    assert angles[0][0] == pytest.approx(-angles[-1][1], abs=0.15)


def test_the_star_has_five_tips_and_one_points_up():
    imprint = draw()
    star = points(imprint.paths[-1].data)
    assert len(star) == 10
    assert min(star, key=lambda point: point[1]) == pytest.approx((22.5, 22.5 - 7.5), abs=0.01)


def test_a_seal_without_star_leaves_its_centre_free():
    assert len(draw(centre="none").paths) == 1 + len(OFFICE)


def test_a_line_under_the_star_keeps_clear_of_the_name():
    name, bottom = "江门市蓬江区人民政府白沙街道办事处", "公文专用章"
    imprint = draw(name, 42, bottom=bottom)
    under = [point for path in imprint.paths[-len(bottom) :] for point in points(path.data)]
    ring = [point for path in imprint.paths[1 : 1 + len(name)] for point in points(path.data)]
    left, right = min(x for x, _ in under), max(x for x, _ in under)
    top = min(y for _, y in under)
    assert not any(left < x < right and y > top for x, y in ring)
    assert all(math.hypot(x - 21, y - 21) < 19.5 for x, y in under)


def test_the_svg_has_the_natural_size_and_no_text():
    root = etree.fromstring(draw().svg())
    assert (root.get("width"), root.get("viewBox")) == ("45mm", "0 0 45 45")
    assert {etree.QName(child).localname for child in root} == {"path"}


def test_the_ofd_is_a_page_of_the_seals_size():
    page = read_document(Package.open(draw(diameter_mm=RANK_DIAMETER_MM["township"]).ofd())).pages[0]
    assert (page.width_mm, page.height_mm) == (42.0, 42.0)


def test_a_second_arc_stands_between_name_and_star():
    inner = "外事办公室"
    imprint = draw("江门市人民政府", inner=inner)
    name, second = range(1, 8), range(8, 8 + len(inner))
    assert max(max(distances(imprint, i)) for i in second) < min(min(distances(imprint, i)) for i in name)
    assert min(min(distances(imprint, i)) for i in second) > max(distances(imprint, len(imprint.paths) - 1))


@pytest.mark.parametrize("foreign", ["JIANGMEN", "FOREIGN AFFAIRS OFFICE OF JIANGMEN MUNICIPAL GOVERNMENT"])
def test_a_foreign_name_keeps_its_letters_in_order_under_the_name(foreign: str):
    imprint = draw("江门市人民政府外事办公室", foreign=foreign)
    letters = range(1 + 12, 1 + 12 + len(foreign.replace(" ", "")))
    middles = []
    for index in letters:
        around = [math.atan2(x - 22.5, 22.5 - y) for x, y in points(imprint.paths[index].data)]
        middles.append((min(around) + max(around)) / 2)
    assert middles == sorted(middles)
    assert middles[0] == pytest.approx(-middles[-1], abs=0.1)
    assert min(middles) > -2.0


def test_a_bottom_line_on_the_arc_is_read_from_left_to_right_with_feet_outwards():
    bottom = "440703001234"
    imprint = draw(diameter_mm=42, bottom=bottom, bottom_shape="arc")
    boxes = [points(path.data) for path in imprint.paths[-len(bottom) :]]
    lefts = [min(x for x, _ in box) for box in boxes]
    assert lefts == sorted(lefts)
    assert all(min(y for _, y in box) > 21 for box in boxes)
    assert all(math.hypot(x - 21, y - 21) < 20 for box in boxes for x, y in box)
    # The digits in the middle stand lowest, those at the ends turned towards the sides.
    lows = [max(y for _, y in box) for box in boxes]
    assert lows[0] < lows[3] < lows[5]


def test_full_width_brackets_stand_no_further_from_their_neighbours_than_characters():
    imprint = draw("江门市（新会）办公室", 45)
    middles = []
    for index in range(1, 11):
        around = [math.atan2(x - 22.5, 22.5 - y) for x, y in points(imprint.paths[index].data)]
        middles.append((min(around) + max(around)) / 2)
    steps = [right - left for left, right in pairwise(middles)]
    assert max(steps) < 1.15 * min(steps)


def test_every_rank_says_its_rule_and_can_be_drawn():
    for rank in RANKS.values():
        assert rank.rule.endswith(("国徽", "五角星"))
        assert draw("江门市人民政府", rank.diameter_mm).diameter_mm == rank.diameter_mm


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("国务院", "state"),
        ("广东省人民政府", "province"),
        ("上海市人民政府", "province"),
        ("江门市人民政府", "county"),
        ("蓬江区人民政府", "county"),
        ("台山市大江镇人民政府", "township"),
        ("某地区行政公署", "prefecture"),
        ("江门市人民政府办公室", "department"),
        ("江门市卫生局", "department"),
    ],
)
def test_the_name_tells_the_rank(name: str, rank: str):
    assert rank_of(name) == rank


@pytest.mark.parametrize(
    ("name", "diameter", "bottom", "code"),
    [
        ("市局", 45, "", "imprint_name"),
        ("局" * 33, 45, "", "imprint_name"),
        ("江门市 信息局", 45, "", "imprint_name"),
        (OFFICE, 20, "", "imprint_diameter"),
        (OFFICE, float("nan"), "", "imprint_diameter"),
        (OFFICE, 45, "章" * 13, "imprint_bottom"),
        ("江门市😀局", 45, "", "missing_glyph"),
        (OFFICE, 45, "<svg>\u202e", "missing_glyph"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(name: str, diameter: float, bottom: str, code: str):
    with pytest.raises(GongwenError) as caught:
        draw(name, diameter, bottom=bottom)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"inner": "章" * 17}, "imprint_inner"),
        ({"inner": "外 事"}, "imprint_inner"),
        ({"foreign": "A" * 61}, "imprint_foreign"),
        ({"foreign": "W" * 60}, "imprint_foreign"),  # its letters would run together
        ({"foreign": "A  B"}, "imprint_foreign"),
        ({"foreign": "\u202eA"}, "missing_glyph"),
    ],
)
def test_further_lines_are_refused_by_name(options: dict[str, str], code: str):
    with pytest.raises(GongwenError) as caught:
        draw(**options)
    assert caught.value.code == code
