"""Every form of official document, measured on the finished page against the clauses of GB/T 9704-2012."""

from __future__ import annotations

from typing import Any

import pytest

from support.gongwen import document, font_set, line_with, page_text, paragraph, printed_lines
from support.sheets import letter, minutes, order, page_sizes, painted, rules, words
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.grid import CELL, HEIGHT_MM, LEFT_MM, MM, PITCH, SIZE_3, TOP_MM, WIDTH_MM
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import Typeset, typeset

LINE = PITCH / MM
HEIGHT_3 = SIZE_3 / MM
RIGHT_MM = LEFT_MM + WIDTH_MM


def make(obj: dict[str, Any]) -> Typeset:
    return typeset(Gongwen.from_json(obj), font_set())


def refused(obj: dict[str, Any]) -> GongwenError:
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(obj)
    return caught.value


# 7.2 the document


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


# 10.1 the letter


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


# 10.2 the order and 7.3.5.3


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


def test_an_order_may_have_a_title():
    pdf = make(order(title="关于表彰先进单位的命令")).pdf
    assert line_with(pdf, "现公布").row - line_with(pdf, "第3号").row == 5


# 10.3 the minutes


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


# Fields and forms


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (document(serial="第3号"), "$.serial"),
        (document(present="张三"), "$.present"),
        (letter(printer="江门市人民政府办公室"), "$.printer"),
        (letter(signers=["张三"]), "$.signers"),
        (letter(issuer_mark="江门市财政局\n江门市审计局"), "$.issuer_mark"),
        (order(doc_no="江府〔2008〕3号"), "$.doc_no"),
        (order(recipients="各单位"), "$.recipients"),
        (order(seal_diameter_mm=42), "$.seal_diameter_mm"),
        (minutes(seal_diameter_mm=42), "$.seal_diameter_mm"),
        (minutes(signatures=[{"post": "市长", "name": "张三"}]), "$.signatures"),
        (document(signatures=[{"post": "市长", "name": "张三"}], seal_diameter_mm=42), "$.seal_diameter_mm"),
        (order(copy_no="000001", secrecy="机密★1年", urgency="特急"), "$.copy_no"),
    ],
)
def test_a_field_that_the_form_does_not_have_is_refused(obj: dict[str, Any], path: str):
    error = refused(obj)
    assert (error.code, error.path) == ("not_of_form", path)


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (letter(title=None), "$.title"),
        (order(signatures=None), "$.signatures"),
        (document(signature_stamp_mm=[40, 20]), "$.signatures"),
    ],
)
def test_a_field_that_the_form_needs_is_named(obj: dict[str, Any], path: str):
    error = refused(obj)
    assert (error.code, error.path) == ("missing", path)


def test_minutes_have_one_number():
    assert refused(minutes(doc_no="江府办〔2008〕3号")).path == "$.serial"
    assert "江府办〔2008〕3号" in page_text(make(minutes(doc_no="江府办〔2008〕3号", serial=None)).pdf, 0)


@pytest.mark.parametrize("obj", [letter(), order(), minutes(), order(signature_stamp_mm=[30, 20], title="关于")])
def test_every_form_reads_back_equal(obj: dict[str, Any]):
    doc = Gongwen.from_json(obj)
    assert Gongwen.from_json(doc.to_json()) == doc
    assert doc.form == obj["form"]


def test_an_order_without_title_goes_by_its_mark_and_number():
    assert Gongwen.from_json(order()).one_line_title == "江门市人民政府令第3号"


# 8 pages on their side


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
