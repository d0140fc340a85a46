"""版头 of a document, measured on the finished page (GB/T 9704-2012 7.2), and 版记 (7.4)."""

from __future__ import annotations

import pytest

from support.gongwen import document, line_with, page_text, printed_lines
from support.sheets import HEIGHT_3, LINE, RIGHT_MM, make, painted, rules, words
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.grid import LEFT_MM, TOP_MM


def test_the_mark_of_a_document_is_35_mm_below_the_text_blocks_top():
    pdf = make(document()).pdf
    assert painted(pdf, 0, 0, 40, 210, 100)[1] == pytest.approx(TOP_MM + 35, abs=0.1)


def test_the_red_rule_is_4_mm_below_the_number_and_as_wide_as_the_text_block():
    pdf = make(document()).pdf
    (rule,) = rules(pdf)
    number = line_with(pdf, "江府办〔2008〕45号")
    assert rule.top - (TOP_MM + number.row * LINE + HEIGHT_3) == pytest.approx(4, abs=0.3)
    assert (rule.left, rule.right) == pytest.approx((LEFT_MM, RIGHT_MM), abs=0.1)


def test_a_long_mark_is_set_narrow_rather_than_low():
    short = painted(make(document(issuer_mark="江门市人民政府文件")).pdf, 0, 0, 60, 210, 95)
    long = painted(make(document(issuer_mark="江门市推进粤港澳大湾区建设领导小组办公室文件")).pdf, 0, 0, 60, 210, 95)
    assert long[0] >= LEFT_MM and long[2] <= RIGHT_MM
    assert long[3] - long[1] > 0.6 * (short[3] - short[1])


def test_a_mark_too_long_for_its_line_is_refused():
    with pytest.raises(GongwenError) as caught:
        make(document(issuer_mark="江" * 31))
    assert (caught.value.code, caught.value.path) == ("too_long", "$.issuer_mark")


@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_however_many_issuers_the_first_page_shows_text(count: int):
    names = [f"江门市第{number}局" for number in "一二三四五六七八九"[:count]]
    result = make(document(issuer_mark="\n".join(names), issuers=names))
    assert "各单位要加强" in page_text(result.pdf, 0)
    assert painted(result.pdf, 0, 0, 40, 210, 100)[1] == pytest.approx(TOP_MM + 35, abs=0.1)


def test_the_word_beside_joint_issuers_stands_at_half_their_height():
    pdf = make(document(issuer_mark="江门市信息产业局\n江门市财政局\n江门市人事局")).pdf
    names = words(pdf, "江门市信息产业局江门市财政局江门市人事局")
    word = words(pdf, "文件")
    height = min(ink.top for ink in names), max(ink.bottom for ink in names)
    assert (word[0].top + word[0].bottom) / 2 == pytest.approx(sum(height) / 2, abs=0.6)
    assert word[0].left > max(ink.right for ink in names)


def test_the_word_is_printed_once_where_a_drafter_wrote_it_too():
    pdf = make(document(issuer_mark="江门市信息产业局\n江门市财政局文件")).pdf
    assert page_text(pdf, 0).count("文件") == 1


def test_signers_stand_two_to_a_row_and_the_number_beside_the_last():
    pdf = make(document(signers=["张三", "李小四", "王五", "赵六七"])).pdf
    first, last = line_with(pdf, "签发人"), line_with(pdf, "江府办〔2008〕45号")
    assert "李小四" in first.text and "赵六七" in last.text
    assert last.row == first.row + 1
    columns = [{x for x, char in line.chars if char in pair} for line, pair in ((first, "张李"), (last, "王赵"))]
    assert columns[0] == columns[1]
    assert max(x for x, _ in first.chars) == max(x for x, _ in last.chars) == pytest.approx(26, abs=0.01)
    assert min(x for x, _ in last.chars) == pytest.approx(1, abs=0.01)
    mark = painted(pdf, 0, 0, 60, 210, 95)[3]
    assert 1.6 * LINE < TOP_MM + first.row * LINE - mark < 2.8 * LINE


def test_signers_with_long_names_stand_one_to_a_row_or_are_refused():
    names = ["阿卜杜热合曼·买买提明", "买买提艾力·阿卜杜拉"]
    pdf = make(document(signers=names)).pdf
    rows = [next(line.row for line in printed_lines(pdf) if name in line.text) for name in names]
    assert rows[1] == rows[0] + 1
    with pytest.raises(GongwenError) as caught:
        make(document(signers=["张" * 20]))
    assert (caught.value.code, caught.value.path) == ("too_long", "$.signers")


def test_names_that_do_not_fit_their_line_are_refused_rather_than_cut():
    for field, value, path in (
        ("issuers", ["局" * 29], "$.issuers[0]"),
        ("doc_no", "江" * 30 + "〔2008〕1号", "$.doc_no"),
        ("title", "关于\n" * 15, "$"),
    ):
        with pytest.raises(GongwenError) as caught:
            make(document(**{field: value}))
        assert caught.value.path == path


def test_a_long_printing_office_takes_more_lines_beside_the_day():
    name = "江门市推进粤港澳大湾区建设和全面深化改革领导小组办公室秘书处"
    pdf = make(document(printer=name)).pdf
    last = [line for line in printed_lines(pdf) if line.page == 1 and line.row < 21.5]
    assert "".join(line.text for line in last[-2:]).replace("2008年5月26日印发", "") == name
    assert last[-1].text.endswith("2008年5月26日印发")


def test_copy_recipients_are_printed_even_without_a_printing_office():
    result = make(document(printer=None, print_date=None))
    assert "抄送：市委" in page_text(result.pdf, result.pages - 1)
    assert len(rules(result.pdf, page=result.pages - 1)) == 2
