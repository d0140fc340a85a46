"""Characters that a reader does not see."""

import pytest

from yichuan.common.characters import hides_something, skeleton


@pytest.mark.parametrize("text", ["关于\u202e知通", "江府办\u200b〔2008〕44号", "标\x07题", "\ue000", "两\n行"])
def test_they_are_found(text: str) -> None:
    assert hides_something(text)


def test_ends_of_lines_may_be_allowed_and_chinese_always_is() -> None:
    assert not hides_something("第一行\r\n\t第二行", lines=True)
    assert not hides_something("江府办〔2008〕44号 𠮷")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江门市环保局", "江门市环保局 "),
        ("江门市环保局", "江门市\u3000环保局"),
        ("江门市环保局", "江门\u200b市环保局"),
        ("江门市环保局", "江门巿环保局"),
        ("江门市环保局", "江⻔市环保局"),
        ("市第一中学", "市第ー中学"),
        ("市第一中学", "市第—中学"),
        ("工业（集团）公司", "エ业(集团)公司"),
        ("IT中心", "ＩＴ中心"),
        ("ABC公司", "АВС公司"),
        ("café", "cafe\u0301"),
    ],
)
def test_what_a_reader_takes_for_the_same_name_has_one_skeleton(one: str, other: str) -> None:
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("市环保局", "市建设局"), ("第一中学", "第二中学"), ("市卫生局", "区卫生局"), ("人事局", "人大"), ("A局", "B局")],
)
def test_different_names_keep_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_nothing_is_left_of_signs_alone() -> None:
    assert skeleton("（ ）·、\u200b") == ""
