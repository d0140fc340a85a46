"""Drawing the imprint of a seal."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from lxml import etree

from support.gongwen import font_set
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import RANK_DIAMETER_MM, Imprint, draw_imprint
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package

OFFICE = "江门市人民政府办公室"
RARE = "江门市珺祎昇堃镕喆玥垚局"
LONGEST = "国家税务总局江门市江海区税务局第一税务分局办税服务厅综合管理科室"


def points(data: str) -> list[tuple[float, float]]:
    """On-curve and control points of path data, arcs left aside."""
    found = []
    x = y = 0.0
    for letter, body in re.findall(r"([MLHVQZ])([^A-Z]*)", data):
        numbers = [float(n) for n in re.findall(r"-?[0-9.]+", body)]
        if letter == "H":
            x = numbers[0]
        elif letter == "V":
            y = numbers[0]
        for index in range(0, len(numbers) - 1, 2):
            x, y = numbers[index], numbers[index + 1]
            found.append((x, y))
        if letter in "HV":
            found.append((x, y))
    return found


def distances(imprint: Imprint, index: int) -> list[float]:
    """How far the points of a shape lie from the imprint's centre, mm."""
    centre = imprint.diameter_mm / 2
    return [math.hypot(x - centre, y - centre) for x, y in points(imprint.paths[index].data)]


def draw(name: str = OFFICE, diameter_mm: float = 45, **options: str) -> Imprint:
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
