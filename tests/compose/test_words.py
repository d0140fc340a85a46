"""How titles, texts and numbers are read by the search: width, case, spaces and punctuation do not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.compose.search import Sought
from yichuan.compose.words import initials, number_runs, number_sought, pairs, plain, spots

TITLES = st.text(
    st.sampled_from("关于印发江门市《节能减排》统计监测办法（试行）的通知2009 OFDofd，、１２"), min_size=2, max_size=40
)


@given(st.data(), TITLES)
def test_every_part_of_a_title_is_a_part_of_what_is_searched(data: st.DataObject, title: str) -> None:
    start = data.draw(st.integers(0, len(title) - 2))
    part = title[start : data.draw(st.integers(start + 2, len(title)))]
    assert plain(part) in plain(title)
    assert pairs(plain(part)) <= pairs(plain(title))


@given(TITLES, TITLES)
def test_what_is_marked_in_a_text_is_the_word_itself(before: str, after: str) -> None:
    text = f"{before}断面Ａ调整{after}"
    marked = [text[start:end] for start, end in spots(text, [plain("断面a调整")])]
    assert any(plain("断面a调整") in plain(each) for each in marked)


def test_places_of_several_words_that_touch_are_marked_once() -> None:
    assert spots("水质监测断面", ["水质监", "监测"]) == [(0, 4)]
    assert spots("水质，监测断面", ["质监"]) == [(1, 4)]


@pytest.mark.parametrize(
    "written",
    ["江府办〔2008〕44号", "江府办[2008]44号", "江府办（2008）４４号", "江府办(2008)044号", "江府办 【2008】 44 号"],
)
def test_a_number_is_the_same_in_every_writing(written: str) -> None:
    assert number_runs(written) == ["江府办", "2008", "44", "号"]
    assert Sought(number=written)._fits_number("江府办〔2008〕44号")


@pytest.mark.parametrize("part", ["44", "江府办 44", "府办", "办44", "2008", "〔2008〕44", "44号"])
def test_a_number_is_found_by_its_parts(part: str) -> None:
    assert Sought(number=part)._fits_number("江府办〔2008〕44号")


@pytest.mark.parametrize("part", ["4", "144", "江府办 45", "粤府办", "办府"])
def test_another_number_is_not(part: str) -> None:
    assert not Sought(number=part)._fits_number("江府办〔2008〕44号")


def test_what_every_number_says_looks_for_nothing() -> None:
    assert number_sought("第44号") == ["44"]
    assert number_sought("号") == []


def test_a_title_is_found_by_its_initials_and_its_latin_words() -> None:
    assert initials("关于OFD格式的通知") == "gyofdgsdtz"
    assert all(Sought(title=asked)._fits_title("关于OFD格式的通知") for asked in ("gyofd", "OFD", "gs tz", "ofd 通知"))
    assert not Sought(title="ofdtz")._fits_title("关于OFD格式的通知")


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"number": "号"}, "没有可以查找的字"),
        ({"title": "《》"}, "没有可以查找的字"),
        ({"text": "水"}, "至少输入两个字"),
    ],
)
def test_a_query_that_can_find_nothing_is_told_so(asked: dict[str, str], fault: str) -> None:
    assert fault in Sought(**asked).faults[0]
