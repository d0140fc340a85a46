"""The parts of the sheet: head, recipients, attachments, signature and seal, 版记, page numbers."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from support.gongwen import (
    SENTENCE,
    document,
    font_set,
    founding_document,
    line_with,
    page_text,
    paragraph,
    printed_lines,
    set_document,
)
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.grid import CELL, HEIGHT_MM, LEFT_MM, MM, PITCH, SIZE_3, TOP_MM, WIDTH_MM
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset

LAST_PARAGRAPH = "特此通知。"


def filling(lines: int) -> list[dict[str, object]]:
    return [paragraph("本行为正文。")] * lines


def row_bottom_mm(row: float) -> float:
    return TOP_MM + (row * PITCH + SIZE_3) / MM


def test_the_founding_document_is_whole():
    doc = founding_document()
    result = typeset(doc, font_set())
    text = "".join(line.text for line in printed_lines(result.pdf)).replace(" ", "")
    for words in ("江府办〔2008〕44号", "2008年5月23日", "附件1", "附件2", "附件3", "第四十一条", "阶段", "电子邮箱"):
        assert words in text
    assert result.pages == len(pikepdf.open(BytesIO(result.pdf)).pages) == 16
    assert [position.page_index for position in result.seal_positions] == [0]


def test_the_pdf_declares_pdf_a_2b_and_what_it_is():
    with pikepdf.open(BytesIO(set_document().pdf)) as pdf:
        with pdf.open_metadata() as meta:
            assert meta["pdfaid:part"] == "2"
            assert meta["pdfaid:conformance"] == "B"
            assert meta["dc:title"] == "关于做好电子公文交换工作的通知"
            assert meta["dc:creator"] == ["江门市人民政府办公室"]
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert any("FandolFang" in name for name in fonts)


def test_a_one_page_document_has_its_imprint_block_on_the_second_page():
    result = set_document()
    assert result.pages == 2
    assert "抄送：" in page_text(result.pdf, 1)
    assert LAST_PARAGRAPH not in page_text(result.pdf, 1)


@pytest.mark.parametrize("count", [2, 12, 20, 26, 30, 34, 60, 80])
def test_the_imprint_block_ends_the_last_even_page(count: int):
    result = set_document(body=filling(count))
    with pikepdf.open(BytesIO(result.pdf)) as pdf:
        assert len(pdf.pages) == result.pages
    assert result.pages % 2 == 0
    printed = line_with(result.pdf, "2008年5月26日印发")
    assert printed.page == result.pages - 1
    assert 20 < printed.row < 22


def test_a_blank_page_before_the_imprint_block_and_its_page_bear_no_number():
    for count in range(20, 34):
        result = set_document(body=filling(count))
        if result.pages == 4 and not page_text(result.pdf, 2).strip():
            assert "4" not in [line.text.strip() for line in printed_lines(result.pdf) if line.page == 3]
            return
    pytest.fail("no document of this length needs a blank page")


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    result = set_document(body=filling(60))
    numbers = {
        line.page: line.chars[0][0]
        for line in printed_lines(result.pdf)
        if 21.7 < line.row < 22.2 and line.text.strip() == str(line.page + 1)
    }
    assert set(numbers) == set(range(result.pages))
    assert all((x > 24) == (page % 2 == 0) and (x < 3) == (page % 2 == 1) for page, x in numbers.items())


def test_copy_number_secrecy_and_urgency_take_the_first_rows_in_order():
    pdf = set_document(copy_no="000001", secrecy="机密★1年", urgency="特急").pdf
    assert [line.text for line in printed_lines(pdf)[:3]] == ["000001", "机密★1年", "特急"]
    assert [line.row for line in printed_lines(pdf)[:3]] == [0, 1, 2]


def test_the_number_is_centred_unless_there_are_signers():
    line = line_with(set_document().pdf, "江府办〔2008〕45号")
    assert line.chars[0][0] + line.chars[-1][0] + 1 == pytest.approx(28, abs=0.05)
    line = line_with(set_document(signers=["张三", "李四", "王小五"]).pdf, "江府办〔2008〕45号")
    assert line.chars[0][0] == pytest.approx(1)
    assert "王小五" in line.text


def test_joint_issuers_are_stacked_with_the_word_beside_them():
    pdf = set_document(issuer_mark="江门市信息产业局\n江门市财政局", issuers=["江门市信息产业局", "江门市财政局"]).pdf
    flags = [line for line in printed_lines(pdf) if line.page == 0 and line.row < 9]
    words = "".join(line.text for line in flags)
    assert "江门市信息产业局" in words and "江门市财政局" in words and "文件" in words


def test_recipients_end_with_a_colon_and_run_over_to_the_left_edge():
    names = "，".join(f"第{number}中学" for number in "一二三四五六七八九十")
    pdf = set_document(recipients=names).pdf
    lines = [line for line in printed_lines(pdf) if "中学" in line.text]
    assert len(lines) > 1
    assert all(line.chars[0][0] == pytest.approx(0, abs=0.01) for line in lines)
    assert lines[-1].text.endswith("：")


def test_a_hundred_recipients_move_to_the_imprint_block():
    names = "，".join(f"第{number}单位" for number in range(100, 200))
    result = set_document(recipients=names)
    first = page_text(result.pdf, 0)
    assert "第100单位" not in first
    assert SENTENCE[:20] in first
    last = [line for line in printed_lines(result.pdf) if line.page == result.pages - 1]
    assert last[0].text.startswith("主送：第100单位")
    assert last[0].row > 0
    assert "第199单位。" in "".join(line.text for line in last).replace(" ", "")


def test_recipients_too_many_for_a_page_stay_above_the_text():
    names = "，".join(f"江门市第{number}单位" for number in range(100, 300))
    text = "".join(line.text for line in printed_lines(set_document(recipients=names).pdf))
    assert text.index("江门市第100单位") < text.index("江门市第299单位：") < text.index("各单位要加强")


def test_copy_recipients_that_do_not_fit_on_a_page_are_refused():
    with pytest.raises(GongwenError) as caught:
        set_document(copy_recipients="，".join(f"江门市第{number}单位" for number in range(100, 300)))
    assert (caught.value.code, caught.value.path) == ("imprint_block_too_long", "$.copy_recipients")


def test_long_annex_names_hang_under_their_first_character():
    name = "关于江门市启用电子公文交换系统有关工作情况的详细说明和全市各单位应当提交的有关材料的清单"
    pdf = set_document(attachments=[name, "名单"]).pdf
    first, second = [line for line in printed_lines(pdf) if any(p in line.text for p in ("附件：1", "有关材料的清单"))]
    start = next(x for x, char in first.chars if char == "关")
    assert second.chars[0][0] == pytest.approx(start, abs=0.01)
    assert first.chars[0][0] == pytest.approx(2)


def test_a_single_annex_has_no_number():
    result = set_document(attachments=["名单"], annexes=[{"title": "名单", "body": [paragraph()]}])
    assert "附件：名单" in page_text(result.pdf, 0)
    label = next(line for line in printed_lines(result.pdf) if line.page == 1)
    assert (label.text, label.row) == ("附件", 0)


def test_an_annex_bears_the_number_it_has_in_the_list():
    annexes = [{"title": "报名表", "body": [paragraph()]}, {"title": "另一表", "body": [paragraph()]}]
    result = set_document(attachments=["名单", "报名表", "样式"], annexes=annexes[:1])
    assert "附件2" in [line.text for line in printed_lines(result.pdf)]
    result = set_document(attachments=["名单", "报名表"], annexes=annexes[::-1])
    labels = [line.text for line in printed_lines(result.pdf) if line.row == 0 and line.text.startswith("附件")]
    assert labels == ["附件1", "附件2"]


def test_every_annex_and_enclosure_begins_on_a_new_page():
    section = {"title": "方案", "body": [paragraph()]}
    result = set_document(enclosures=[section], annexes=[section, section])
    firsts = [next(line.text for line in printed_lines(result.pdf) if line.page == page) for page in (1, 2, 3)]
    assert firsts == ["方案", "附件1", "附件2"]


def test_date_and_issuer_are_centred_on_each_other_and_the_date_is_four_from_the_right():
    pdf = set_document().pdf
    day = line_with(pdf, "2008年5月23日")
    name = next(line for line in printed_lines(pdf) if line.text == "江门市人民政府办公室")
    assert day.chars[-1][0] + 1 == pytest.approx(24, abs=0.02)
    assert (day.chars[0][0] + day.chars[-1][0] + 1) / 2 == pytest.approx(
        (name.chars[0][0] + name.chars[-1][0] + 1) / 2, abs=0.02
    )
    assert day.row == name.row + 1


@pytest.mark.parametrize("diameter", [30, 38, 42, 45, 50, 60])
def test_the_seal_presses_issuer_and_date_within_one_line_of_the_text(diameter: float):
    result = set_document(seal_diameter_mm=diameter)
    (seal,) = result.seal_positions
    day = line_with(result.pdf, "2008年5月23日")
    text = [line for line in printed_lines(result.pdf) if line.page == 0 and line.row < day.row - 1][-1]
    top = seal.centre_y_mm - diameter / 2
    assert 0 < top - row_bottom_mm(text.row) <= PITCH / MM
    middle = (row_bottom_mm(day.row) + row_bottom_mm(day.row - 1) - SIZE_3 / MM) / 2
    assert 0 < middle - seal.centre_y_mm < diameter / 2
    assert seal.centre_x_mm == pytest.approx(
        LEFT_MM + (day.chars[0][0] + day.chars[-1][0] + 1) / 2 * CELL / MM, abs=0.1
    )


def test_the_signature_is_never_alone_on_a_page_and_its_seal_never_leaves_the_text_block():
    pages = set()
    for count in range(1, 30):
        result = set_document(body=[*filling(count), paragraph(LAST_PARAGRAPH)])
        (seal,) = result.seal_positions
        pages.add(seal.page_index)
        here = page_text(result.pdf, seal.page_index)
        assert "2008年5月23日\n" in here + "\n"
        assert LAST_PARAGRAPH in here, count
        assert here.count("本行为正文。") >= 1, count
        assert seal.centre_y_mm + seal.diameter_mm / 2 <= TOP_MM + HEIGHT_MM + 0.05
    assert pages >= {0, 1}


def test_attachments_and_a_line_of_text_go_with_the_signature():
    for count in range(1, 26):
        result = set_document(body=[*filling(count)], attachments=["名单"])
        here = page_text(result.pdf, result.seal_positions[0].page_index)
        assert "附件：名单" in here and "本行为正文。" in here, count


def test_the_first_page_keeps_a_line_of_text_however_little_there_is():
    for count in range(2, 8):
        result = set_document(body=filling(count), title="关于某一事项的通知\n" * 6)
        assert "本行为正文。" in page_text(result.pdf, 0), count


def test_the_seals_of_joint_issuers_stand_side_by_side_and_do_not_touch():
    issuers = ["江门市信息产业局", "江门市财政局", "江门市保密局", "江门市人事局"]
    result = set_document(issuers=issuers, seal_diameter_mm=42, body=filling(3))
    seals = result.seal_positions
    assert [seal.issuer for seal in seals] == issuers
    for index, one in enumerate(seals):
        assert one.centre_x_mm - 21 >= LEFT_MM and one.centre_x_mm + 21 <= LEFT_MM + WIDTH_MM
        for other in seals[index + 1 :]:
            apart = ((one.centre_x_mm - other.centre_x_mm) ** 2 + (one.centre_y_mm - other.centre_y_mm) ** 2) ** 0.5
            assert apart > 42.5


def test_a_document_without_seal_signs_two_characters_from_the_right():
    result = typeset(Gongwen.from_json(document() | {"seal_diameter_mm": None}), font_set())
    assert result.seal_positions == ()
    day = line_with(result.pdf, "2008年5月23日")
    name = next(line for line in printed_lines(result.pdf) if line.text == "江门市人民政府办公室")
    assert name.chars[-1][0] + 1 == pytest.approx(26, abs=0.02)
    assert day.chars[0][0] == pytest.approx(name.chars[0][0] + 2, abs=0.02)


def test_the_note_stands_below_the_date():
    pdf = set_document(note="此件公开发布").pdf
    note = line_with(pdf, "（此件公开发布）")
    assert note.row == line_with(pdf, "2008年5月23日").row + 1
    assert note.chars[0][0] == pytest.approx(2)


def test_the_header_row_is_repeated_on_each_page_of_a_table():
    rows = [["序号", "单位"], *([str(number), "市直单位"] for number in range(1, 90))]
    result = set_document(body=[{"type": "table", "columns": [1, 3], "header_rows": 1, "rows": rows}])
    tables = [page for page in range(result.pages) if "市直单位" in page_text(result.pdf, page)]
    assert len(tables) > 2
    assert all("序号" in page_text(result.pdf, page) for page in tables)


def test_a_row_height_is_a_least_height():
    def row_after(height: float, text: str) -> float:
        rows = [[text], ["表末"]]
        table = {"type": "table", "columns": [1], "rows": rows, "row_heights_mm": [height, 0]}
        return line_with(set_document(body=[paragraph(), table, *filling(9)]).pdf, "表末").row

    start = row_after(0, "字")
    assert row_after(40, "字") - start == pytest.approx((40 * MM - 22) / PITCH, abs=0.05)
    assert row_after(5, "字") == start
    assert row_after(5, "字\n字\n字") > start + 1
