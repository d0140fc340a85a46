"""Breaking text into lines of cells."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from support.gongwen import font_set
from yichuan.lib.gongwen.lines import NOT_AT_END, NOT_AT_START, Line, break_lines


def texts(text: str, width: float = 10, **options: float) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in set_text(text, width, **options)]


def set_text(text: str, width: float = 10, **options: float) -> list[Line]:
    return break_lines([("fangsong", text)], font_set(), width=width, **options)


def test_ten_characters_fill_ten_cells():
    lines = set_text("一二三四五六七八九十" * 2)
    assert [line.width for line in lines] == [10.0, 10.0]
    assert all(run.gap == 0 for line in lines for run in line.runs)


def test_a_mark_that_may_not_begin_a_line_takes_its_character_along():
    assert texts("一二三四五六七八九十，百") == ["一二三四五六七八九", "十，百"]


def test_the_shortened_line_is_spread_to_the_right_edge():
    line = set_text("一二三四五六七八九十，百")[0]
    assert abs(line.width - 10) < 1e-9


def test_an_opening_mark_does_not_end_a_line():
    assert texts("一二三四五六七八九（十）") == ["一二三四五六七八九", "（十）"]


def test_a_dash_or_an_ellipsis_is_not_torn():
    assert texts("一二三四五六七八九——十") == ["一二三四五六七八", "九——十"]
    assert texts("一二三四五六七八九……十") == ["一二三四五六七八", "九……十"]


def test_a_number_is_not_torn_nor_parted_from_its_year():
    assert texts("一二三四五六七八九2008年") == ["一二三四五六七八九", "2008年"]
    assert texts("一二三四五六七八2008年") == ["一二三四五六七八", "2008年"]


def test_four_digits_take_two_cells():
    (line,) = set_text("自2008年起", justify=False)
    assert [run.x for run in line.runs] == [0.0, 1.0, 3.0]


def test_an_endless_word_is_cut():
    lines = set_text("a" * 100)
    assert len(lines) > 4
    assert all(line.width <= 10 + 1e-6 for line in lines)


def test_first_line_and_hanging_indents_are_kept():
    lines = set_text("一二三四五六七八九十" * 3, first=2, hang=4)
    assert [line.runs[0].x for line in lines] == [2, 4, 4, 4, 4][: len(lines)]


def test_blanks_at_a_line_end_vanish():
    assert texts("一二三四五六七八九十 百") == ["一二三四五六七八九十", "百"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="一二三，。、（）《》“”——…2008年ab %:$#*_@\\`", min_size=1, max_size=120),
    st.integers(min_value=6, max_value=28),
)
def test_no_text_is_lost_and_no_line_is_too_wide(text: str, width: int):
    lines = set_text(text, width, first=2)
    shown = "".join(run.text for line in lines for run in line.runs)
    assert shown.replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= width + 1e-6 for line in lines)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["一", "二", "三，", "（四）", "《五》", "六。", "2008年"]), min_size=1, max_size=60))
def test_sensible_text_never_breaks_at_a_forbidden_place(parts: list[str]):
    lines = texts("".join(parts), 12)
    assert not any(line[0] in NOT_AT_START for line in lines[1:])
    assert not any(line[-1] in NOT_AT_END for line in lines[:-1])
