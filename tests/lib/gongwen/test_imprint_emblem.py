"""The emblem's slot: a caller's drawing, placed and scaled; nothing else of an SVG comes through."""

from __future__ import annotations

import pytest

from support.gongwen import font_set
from support.imprints import points
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint import Emblem, Imprint, draw_imprint

NS = 'xmlns="http://www.w3.org/2000/svg"'


def svg(inner: str) -> str:
    return f'<svg {NS} viewBox="0 0 100 100">{inner}</svg>'


def draw(inner: str) -> Imprint:
    return draw_imprint("江门市人民政府", diameter_mm=45, font=font_set(), centre=Emblem.from_svg(svg(inner)))


def edges(data: str) -> tuple[float, float, float, float]:
    xs, ys = zip(*points(data), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_a_drawing_is_scaled_into_the_middle_in_the_seals_red():
    (shape,) = draw('<path d="M10 20 L90 20 L50 100 Z" fill="black"/>').paths[8:]
    left, top, right, bottom = edges(shape.data)
    assert shape.fill == (230, 0, 18)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((22.5, 22.5), abs=0.01)
    assert max(right - left, bottom - top) == pytest.approx(0.42 * 45, abs=0.05)


def test_strokes_stay_strokes_and_white_is_left_out():
    shapes = draw(
        '<circle cx="50" cy="50" r="40" fill="none" stroke="#000" stroke-width="8"/>'
        '<rect x="30" y="30" width="40" height="40" style="fill:#FFFFFF"/>'
        '<polygon points="40,40 60,40 50,60" fill-rule="evenodd"/>'
    ).paths[8:]
    assert [(shape.fill is None, shape.even_odd) for shape in shapes] == [(True, False), (False, True)]
    assert shapes[0].stroke_mm == pytest.approx(8 * 0.42 * 45 / 80, abs=0.01)


def test_a_shape_of_its_own_may_be_transformed():
    (shape,) = draw('<rect transform="matrix(2 0 0 1 0 0)" x="10" y="10" width="10" height="10"/>').paths[8:]
    left, top, right, bottom = edges(shape.data)
    assert right - left == pytest.approx(2 * (bottom - top), abs=0.01)


def test_the_imprint_with_an_emblem_is_a_picture_of_a_seal():
    assert draw('<path d="M0 0 L9 0 L9 9 Z"/>').ofd().startswith(b"PK")


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<text>国</text>",
        '<image href="http://10.0.0.1/a.png"/>',
        '<use href="#a"/>',
        '<g transform="scale(2)"><path d="M0 0 L1 1 L0 1 Z"/></g>',
        '<path d="M0 0 L1"/>',
        '<path d="M0 0 L1e9 1 L0 1 Z"/>',
        '<path d="M0 0 L1 1 L0 1 Z" transform="rotate(20)"/>',
        '<path d="M0 0 L1 1 L0 1 Z" stroke="red" stroke-width="wide"/>',
        "<script>alert(1)</script>",
        "<g>",
    ],
)
def test_what_is_no_plain_drawing_is_refused(inner: str):
    with pytest.raises(GongwenError) as caught:
        Emblem.from_svg(svg(inner))
    assert caught.value.code == "imprint_emblem"


def test_entities_are_not_expanded():
    bomb = f'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg {NS}><path d="&a;"/></svg>'
    with pytest.raises(GongwenError, match="not sound SVG"):
        Emblem.from_svg(bomb)
