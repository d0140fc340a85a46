"""Pages on their side (GB/T 9704-2012 8)."""

from __future__ import annotations

import pytest

from support.gongwen import document, line_with, paragraph
from support.sheets import make, page_sizes, painted, words
from yichuan.lib.gongwen.grid import HEIGHT_MM, LEFT_MM, TOP_MM


def test_a_landscape_annex_lies_on_its_side_with_its_head_at_the_left():
    annex = {"title": "一览表", "landscape": True, "body": [paragraph("横排的文字。" * 60)]}
    result = make(document(attachments=["一览表"], annexes=[annex]))
    assert set(page_sizes(result.pdf)) == {(210.0, 297.0)}
    title, text = words(result.pdf, "一览表", page=1), words(result.pdf, "横排的文字", page=1)
    assert title[0].top > title[-1].top  # read from the foot of the page upwards
    assert title[0].left < text[0].left  # the head is nearer to the left edge
    assert (title[0].bottom + title[-1].top) / 2 == pytest.approx(TOP_MM + HEIGHT_MM / 2, abs=1)
    ink = painted(result.pdf, 1, 0, 0, 210, 264)
    assert ink[0] >= LEFT_MM and ink[1] >= TOP_MM - 0.5 and ink[3] <= TOP_MM + HEIGHT_MM + 0.5


def test_a_page_number_stands_upright_in_its_place_beside_a_landscape_table():
    rows = [["序号", "单位"], *([str(number), "市直单位"] for number in range(60))]
    table = {"type": "table", "columns": [1, 3], "header_rows": 1, "rows": rows}
    annexes = [{"title": "一览表", "landscape": True, "body": [table]}, {"title": "二", "body": [paragraph()] * 60}]
    pdf = make(document(annexes=annexes)).pdf
    numbers = {page: painted(pdf, page, 0, 265, 210, 280) for page in range(9)}
    for side, straight in ((2, 6), (3, 7)):
        cell = words(pdf, "市直单位", page=side)
        assert cell[0].left == pytest.approx(cell[3].left, abs=0.5)
        assert numbers[side][1::2] == pytest.approx(numbers[straight][1::2], abs=0.2)
        assert numbers[side][0::2] == pytest.approx(numbers[straight][0::2], abs=0.5)


@pytest.mark.parametrize("rows", [5, 16, 30])
def test_the_imprint_block_after_a_landscape_annex_is_upright_on_an_even_page(rows: int):
    table = {"type": "table", "columns": [1, 3], "rows": [["一", "市直单位"]] * rows}
    result = make(document(annexes=[{"title": "一览表", "landscape": True, "body": [table]}]))
    assert result.pages == len(page_sizes(result.pdf))
    assert result.pages % 2 == 0
    assert line_with(result.pdf, "2008年5月26日印发").page == result.pages - 1
    assert 20 < line_with(result.pdf, "2008年5月26日印发").row < 22
