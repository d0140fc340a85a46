"""Orders and 签名章, measured on the finished page (GB/T 9704-2012 10.2, 7.3.5.3)."""

from __future__ import annotations

import pytest

from support.gongwen import document, line_with, page_text, printed_lines
from support.sheets import HEIGHT_3, LINE, RIGHT_MM, make, order, painted, rules, words
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.grid import CELL, HEIGHT_MM, LEFT_MM, MM, TOP_MM


def test_the_mark_of_an_order_is_20_mm_below_the_text_blocks_top():
    assert painted(make(order()).pdf, 0, 0, 40, 210, 80)[1] == pytest.approx(TOP_MM + 20, abs=0.1)


def test_an_order_has_its_number_in_the_middle_two_lines_below_and_no_red_rule():
    pdf = make(order()).pdf
    number, text = line_with(pdf, "第3号"), line_with(pdf, "现公布")
    assert number.chars[0][0] + number.chars[-1][0] + 1 == pytest.approx(28, abs=0.05)
    mark = painted(pdf, 0, 0, 40, 210, 80)[3]
    assert 1.6 * LINE < TOP_MM + number.row * LINE - mark < 2.8 * LINE
    assert text.row == number.row + 3
    assert rules(pdf) == []


def test_a_signature_stamp_stands_two_lines_below_four_from_the_right_with_the_post_beside_it():
    result = make(order())
    (stamp,) = result.seal_positions
    assert (stamp.kind, stamp.issuer, stamp.width_mm, stamp.height_mm) == ("signature", "张三", 40, 16)
    assert stamp.centre_x_mm + 20 == pytest.approx(RIGHT_MM - 4 * CELL / MM, abs=0.01)
    last = next(line for line in printed_lines(result.pdf) if "施行" in line.text)
    text_bottom = TOP_MM + last.row * LINE + HEIGHT_3
    assert stamp.centre_y_mm - 8 - text_bottom == pytest.approx(3 * LINE - HEIGHT_3, abs=0.05)
    post = line_with(result.pdf, "市长")
    assert LEFT_MM + (post.chars[-1][0] + 3) * CELL / MM == pytest.approx(stamp.centre_x_mm - 20, abs=0.05)
    assert TOP_MM + post.row * LINE + HEIGHT_3 / 2 == pytest.approx(stamp.centre_y_mm, abs=0.1)
    day = line_with(result.pdf, "2008年5月23日")
    assert day.chars[-1][0] + 1 == pytest.approx(24, abs=0.02)
    assert LINE <= TOP_MM + day.row * LINE - (stamp.centre_y_mm + 8) < 2 * LINE


def test_several_signature_stamps_stand_below_each_other_the_lead_offices_first():
    people = [{"post": "江门市财政局局长", "name": "张三"}, {"post": "江门市审计局局长", "name": "李小四"}]
    result = make(order(signatures=people, signature_stamp_mm=[30, 20]))
    first, second = result.seal_positions
    assert [first.issuer, second.issuer] == ["张三", "李小四"]
    assert first.centre_x_mm == second.centre_x_mm
    assert second.centre_y_mm - first.centre_y_mm >= 20


def test_without_stamps_the_names_are_printed():
    people = [{"post": "局长", "name": "张三"}, {"post": "局长", "name": "李小四"}]
    result = make(order(signatures=people) | {"signature_stamp_mm": None})
    assert result.seal_positions == ()
    names = [line_with(result.pdf, name) for name in ("张", "李小四")]
    assert [line.chars[-1][0] + 1 for line in names] == pytest.approx([24, 24], abs=0.02)


def test_a_document_may_bear_signature_stamps_in_place_of_seals():
    result = make(document(signatures=[{"post": "市长", "name": "张三"}]))
    assert [seal.kind for seal in result.seal_positions] == ["signature"]
    assert "江门市人民政府办公室" not in [line.text for line in printed_lines(result.pdf)]


def test_the_word_of_a_joint_order_stands_beside_its_issuers():
    pdf = make(order(issuer_mark="江门市财政局\n江门市审计局令")).pdf
    mark = words(pdf, "江门市财政局江门市审计局令")
    assert "文件" not in page_text(pdf, 0)
    assert mark[-1].left > max(ink.right for ink in mark[:-1])
    assert (mark[-1].top + mark[-1].bottom) / 2 == pytest.approx((mark[0].top + mark[-2].bottom) / 2, abs=0.6)


def test_an_order_may_have_a_title():
    pdf = make(order(title="关于表彰先进单位的命令")).pdf
    assert line_with(pdf, "现公布").row - line_with(pdf, "第3号").row == 5


def test_stamps_too_many_for_a_page_go_on_on_the_next_each_beside_its_post():
    people = [{"post": f"第{number}局局长", "name": "张三"} for number in range(1, 8)]
    result = make(order(signatures=people, signature_stamp_mm=[40, 30]))
    assert len({stamp.page_index for stamp in result.seal_positions}) > 1
    for number, stamp in enumerate(result.seal_positions, 1):
        post = line_with(result.pdf, f"第{number}局局长")
        assert post.page == stamp.page_index
        assert TOP_MM + post.row * LINE + HEIGHT_3 / 2 == pytest.approx(stamp.centre_y_mm, abs=0.1)
        assert stamp.centre_y_mm + 15 <= TOP_MM + HEIGHT_MM


def test_a_post_that_would_reach_under_its_stamp_is_refused():
    with pytest.raises(GongwenError) as caught:
        make(order(signatures=[{"post": "局长" * 10, "name": "张三"}]))
    assert (caught.value.code, caught.value.path) == ("too_long", "$.signatures[0].post")
