"""Oval imprints of 专用章 and square seals of persons."""

from __future__ import annotations

import pytest

from support.gongwen import font_set
from support.imprints import points
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint_name import draw_name_seal
from yichuan.lib.gongwen.imprint_oval import draw_oval
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package

COMPANY = "江门市蓬江区某某电子信息技术股份有限公司"
CODE, USE = "91440700MA4UXXXX1X", "发票专用章"


@pytest.mark.parametrize("name", ["某某公司", "江门市某某科技有限公司", COMPANY])
def test_everything_of_an_oval_stays_inside_its_ring(name: str):
    imprint = draw_oval(name, font=font_set(), code=CODE, bottom=USE)
    assert len(imprint.paths) == 1 + len(name) + len(CODE) + len(USE)
    for path in imprint.paths[1:]:
        assert all(((x - 20) / 19) ** 2 + ((y - 15) / 14) ** 2 < 1 for x, y in points(path.data))


def test_name_number_and_use_do_not_run_into_each_other():
    imprint = draw_oval(COMPANY, font=font_set(), code=CODE, bottom=USE)
    code = [point for path in imprint.paths[1 + len(COMPANY) : -len(USE)] for point in points(path.data)]
    use = [point for path in imprint.paths[-len(USE) :] for point in points(path.data)]
    left, right, top = min(x for x, _ in code), max(x for x, _ in code), min(y for _, y in code)
    name = [point for path in imprint.paths[1 : 1 + len(COMPANY)] for point in points(path.data)]
    assert not any(left < x < right and y > top for x, y in name)
    assert max(y for _, y in code) < min(y for _, y in use)


def test_an_oval_is_a_picture_of_its_size():
    page = read_document(Package.open(draw_oval(COMPANY, font=font_set()).ofd())).pages[0]
    assert (page.width_mm, page.height_mm) == (40.0, 30.0)


@pytest.mark.parametrize(
    ("name", "first"), [("张三", "张"), ("张三丰", "张"), ("张三之印", "张三"), ("欧阳小明印", "欧阳")]
)
def test_a_name_seal_is_read_from_the_right(name: str, first: str):
    imprint = draw_name_seal(name, font=font_set())
    characters = [points(path.data) for path in imprint.paths[1:]]
    assert len(characters) == len(name)
    split = len(first)
    right = min(x for box in characters[:split] for x, _ in box)
    assert all(x < right for box in characters[split:] for x, _ in box)
    assert all(0.8 < x < 17.2 and 0.8 < y < 17.2 for box in characters for x, y in box)


def test_a_character_of_one_stroke_is_not_blown_up():
    box = points(draw_name_seal("王一之印", font=font_set()).paths[2].data)
    assert max(y for _, y in box) - min(y for _, y in box) < 3


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        (lambda: draw_oval("公司", font=font_set()), "imprint_name"),
        (lambda: draw_oval(COMPANY, font=font_set(), code="1" * 25), "imprint_code"),
        (lambda: draw_oval(COMPANY, font=font_set(), bottom="章" * 13), "imprint_bottom"),
        (lambda: draw_oval(COMPANY, font=font_set(), width_mm=30, height_mm=40), "imprint_size"),
        (lambda: draw_oval(COMPANY, font=font_set(), width_mm=float("nan")), "imprint_size"),
        (lambda: draw_name_seal("张", font=font_set()), "imprint_name"),
        (lambda: draw_name_seal("张三", font=font_set(), side_mm=40), "imprint_size"),
        (lambda: draw_name_seal("张😀", font=font_set()), "missing_glyph"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(draw, code: str):  # type: ignore[no-untyped-def]
    with pytest.raises(GongwenError) as caught:
        draw()
    assert caught.value.code == code
