"""密级 and 内部资料 as marks, and not as words of a sentence."""

import pytest

from yichuan.lib.gongwen.markings import mark_in_lines, mark_in_title, mark_on_page
from yichuan.lib.gongwen.sheets import Glyph, Sheet


@pytest.mark.parametrize(
    "title",
    [
        "秘密★1年",
        "机密★关于调整断面的通知",
        "绝 密 ★ 三十年",
        "秘密",
        "（秘密）关于调整断面的通知",
        "关于调整断面的通知（内部资料，注意保存）",
        "【内部文件】关于调整断面的通知",
        "关于调整断面的通知[机密*五年]",
    ],
)
def test_a_title_with_a_mark_at_its_end(title: str) -> None:
    assert mark_in_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "关于加强秘密文件管理的通知",
        "关于规范“秘密★”标志标注的通知",
        "关于印发《内部资料性出版物管理办法》的通知",
        "关于机密级计算机检查情况的报告",
        "内部审计工作规定",
        "关于做好商业秘密保护工作的通知（试行）",
        "关于国家秘密、工作秘密和内部文件管理工作的意见",
        "关于开展内部控制评价的通知（征求意见稿）",
    ],
)
def test_a_title_that_only_speaks_of_secrets(title: str) -> None:
    assert mark_in_title(title) == ""


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["机密★1年"], "机密★1年"),
        (["秘　密"], "秘密"),
        (["000001", "绝密★长期", "特急"], "绝密★长期"),
        (["000001　机密★1年　特急"], "机密★1年"),
        (["密级：秘密"], "密级：秘密"),
        (["内部资料　注意保存"], "内部资料注意保存"),
        (["（内部文件，不得外传）"], "内部文件，不得外传"),
        (["江门市人民政府文件", "密级文件以及内部资料不在交换系统中进行交换。"], ""),
        (["标有秘密★1年的文件应当登记"], ""),
        (["内部"], ""),
        (["密级："], ""),
        (["此件公开发布"], ""),
        (["秘密★2027年6月30日"], "秘密★2027年6月30日"),
        (["机密★公布前"], "机密★公布前"),
        (["秘密★1年的文件要登记"], ""),
    ],
)
def test_lines_that_are_nothing_but_a_mark(lines: list[str], mark: str) -> None:
    assert mark_in_lines(lines) == mark


def page(text: str, y: float) -> Sheet:
    glyphs = tuple(Glyph(each, 28 + 5.6 * place, y, 16, "黑体", (0, 0, 0)) for place, each in enumerate(text))
    return Sheet(210, 297, glyphs, ())


def test_on_a_page_the_mark_stands_at_its_head() -> None:
    assert mark_on_page(page("秘密★1年", 42)) == "秘密★1年"
    assert mark_on_page(page("秘密", 200)) == ""
    assert mark_on_page(page("秘密文件管理办法", 42)) == ""
    assert mark_on_page(Sheet(210, 297, (), ())) == ""
