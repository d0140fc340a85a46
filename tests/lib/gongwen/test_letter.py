"""Letters, measured on the finished page (GB/T 9704-2012 10.1)."""

from __future__ import annotations

import pytest

from support.gongwen import line_with, paragraph, printed_lines
from support.sheets import HEIGHT_3, LINE, letter, make, painted, rules, words
from yichuan.lib.gongwen.grid import HEIGHT_MM, LEFT_MM, TOP_MM, WIDTH_MM


def test_the_mark_of_a_letter_is_30_mm_below_the_pages_edge():
    pdf = make(letter()).pdf
    left, top, right, _ = painted(pdf, 0, 0, 10, 210, 48)
    assert top == pytest.approx(30, abs=0.1)
    assert (left + right) / 2 == pytest.approx(LEFT_MM + WIDTH_MM / 2, abs=0.5)


def test_a_letter_has_double_rules_of_170_mm_whose_thick_sides_face_outwards_and_inwards():
    pdf = make(letter()).pdf
    upper, second, third, lower = rules(pdf)
    for rule in (upper, second, third, lower):
        assert (rule.left, rule.right) == pytest.approx((20, 190), abs=0.1)
    assert upper.bottom - upper.top > 2 * (second.bottom - second.top)
    assert lower.bottom - lower.top > 2 * (third.bottom - third.top)
    mark = painted(pdf, 0, 0, 25, 210, upper.top - 1)
    assert upper.top - mark[3] == pytest.approx(4, abs=0.1)
    assert lower.bottom == pytest.approx(297 - 20, abs=0.05)
    assert len(rules(pdf, page=1)) == 0


def test_marks_of_a_letter_stand_left_and_its_number_right_below_the_first_rule():
    pdf = make(letter(copy_no="000001", secrecy="机密★1年", urgency="特急")).pdf
    rule = rules(pdf)[1]
    lines = [line for line in printed_lines(pdf) if line.page == 0][1:4]
    assert [line.text[:6] for line in lines] == ["000001", "机密★1年", "特急"]
    first = TOP_MM + lines[0].row * LINE
    assert first - rule.bottom == pytest.approx(7 / 8 * HEIGHT_3, abs=0.1)
    assert [line.chars[0][0] for line in lines] == pytest.approx([0, 0, 0], abs=0.01)
    assert "江府办函〔2008〕12号" in lines[0].text
    assert lines[0].chars[-1][0] == pytest.approx(27, abs=0.01)
    title = line_with(pdf, "关于同意调整")
    assert 2.7 < title.row - lines[2].row < 3.8


def test_the_last_line_of_a_letters_first_page_is_seven_eighths_above_the_second_rule():
    pdf = make(letter(body=[paragraph("字" * 900)])).pdf
    last = [line for line in printed_lines(pdf) if line.page == 0][-1]
    assert rules(pdf)[2].top - (TOP_MM + last.row * LINE + HEIGHT_3) == pytest.approx(7 / 8 * HEIGHT_3, abs=0.1)
    second = [line for line in printed_lines(pdf) if line.page == 1]
    assert [line.row for line in second[:16]] == [float(row) for row in range(16)]


def test_a_letters_first_page_has_no_number_and_the_others_do():
    pdf = make(letter(body=[paragraph("字" * 900)])).pdf
    assert "1" not in [line.text.strip() for line in printed_lines(pdf) if line.page == 0]
    assert "2" in [line.text.strip() for line in printed_lines(pdf) if line.page == 1]


def test_the_imprint_block_of_a_letter_has_no_rules_and_ends_the_last_even_page():
    result = make(letter())
    assert result.pages == 2
    assert rules(result.pdf, page=1) == []
    line = next(line for line in printed_lines(result.pdf) if line.page == 1 and "抄送" in line.text)
    assert line.chars[0][0] > 0.5
    bottom = painted(result.pdf, 1, 20, 240, 190, TOP_MM + HEIGHT_MM + 0.5)[3]
    assert bottom == pytest.approx(TOP_MM + HEIGHT_MM, abs=1)


def test_the_seal_of_a_letter_moves_down_with_its_first_page():
    result = make(letter())
    (seal,) = result.seal_positions
    day = words(result.pdf, "2008年5月23日")
    assert seal.page_index == 0
    assert seal.centre_x_mm == pytest.approx((day[0].left + day[-1].right) / 2, abs=0.8)
    assert seal.centre_y_mm < day[0].top < seal.centre_y_mm + seal.diameter_mm / 2
