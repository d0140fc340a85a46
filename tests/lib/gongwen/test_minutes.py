"""Minutes, measured on the finished page (GB/T 9704-2012 10.3)."""

from __future__ import annotations

import pytest

from support.gongwen import line_with, printed_lines
from support.sheets import HEIGHT_3, LINE, make, minutes, painted, rules
from yichuan.lib.gongwen.grid import TOP_MM


def test_the_mark_of_minutes_is_35_mm_below_the_text_blocks_top():
    assert painted(make(minutes()).pdf, 0, 0, 40, 210, 90)[1] == pytest.approx(TOP_MM + 35, abs=0.1)


def test_minutes_are_not_sealed_and_name_office_and_day_above_the_rule():
    result = make(minutes())
    assert result.seal_positions == ()
    line = next(line for line in printed_lines(result.pdf) if "江门市人民政府办公室2008年5月23日" in line.text)
    assert line.chars[0][0] == pytest.approx(1, abs=0.01)
    assert line.chars[-1][0] + 1 == pytest.approx(27, abs=0.02)
    assert rules(result.pdf)[0].top - (TOP_MM + line.row * LINE + HEIGHT_3) == pytest.approx(4, abs=0.3)
    assert line_with(result.pdf, "第5期").row == line.row - 1


def test_attendance_follows_the_text_in_order_and_hangs_under_the_first_name():
    pdf = make(minutes()).pdf
    present, absent, observers = (line_with(pdf, word) for word in ("出席：", "请假：", "列席："))
    lines = [line for line in printed_lines(pdf) if line.page == present.page]
    text = [line for line in lines if line.row < present.row][-1]
    assert present.row == text.row + 2
    assert present.chars[0][0] == pytest.approx(2, abs=0.01)
    over = [line for line in lines if present.row < line.row < absent.row]
    assert over and all(line.chars[0][0] == pytest.approx(5, abs=0.01) for line in over)
    assert observers.row == absent.row + 1


def test_minutes_without_a_title_begin_below_the_rule():
    pdf = make(minutes(title=None)).pdf
    text = line_with(pdf, "各单位要加强")
    assert text.row % 1 == 0
    assert 2 * LINE <= TOP_MM + text.row * LINE - rules(pdf)[0].bottom < 3 * LINE
