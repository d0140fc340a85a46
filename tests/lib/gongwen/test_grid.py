"""The grid of 28 characters × 22 lines, read back from the coordinates of the PDF."""

from __future__ import annotations

import pytest

from support.gongwen import (
    SENTENCE,
    document,
    font_set,
    founding_document,
    line_with,
    paragraph,
    printed_lines,
    set_document,
)
from yichuan.lib.gongwen.model import Article, Gongwen, Paragraph
from yichuan.lib.gongwen.typeset import Typeset, typeset


@pytest.fixture(scope="module")
def founding() -> Typeset:
    return typeset(founding_document(), font_set())


def test_a_page_of_text_has_22_lines_of_28_characters():
    pages = set_document(body=[paragraph("字" * 2000)]).pdf
    full = [line for line in printed_lines(pages) if line.page == 1 and set(line.text) == {"字"}]
    assert [line.row for line in full] == [float(row) for row in range(22)]
    assert all(len(line.chars) == 28 for line in full)


def test_every_character_of_plain_text_stands_in_its_cell():
    pdf = set_document(body=[paragraph("“一”《二》（三），四。" * 60)]).pdf
    text = [line for line in printed_lines(pdf) if line.page == 1 and "四" in line.text]
    assert len(text) > 15
    for line in text:
        if len(line.chars) == 28:
            assert [x for x, _ in line.chars] == pytest.approx(range(28), abs=0.01)


def test_every_running_line_of_the_founding_document_ends_at_the_right_edge(founding: Typeset):
    doc = founding_document()
    articles = [block.text for block in doc.annexes[2].body if isinstance(block, Article | Paragraph)]
    lines = [line for line in printed_lines(founding.pdf) if line.page >= 7 and len(line.chars) > 20]
    running = [line for line in lines if any(line.text in text and not text.endswith(line.text) for text in articles)]
    assert len(running) > 40
    for line in running:
        x, last = line.chars[-1]
        assert x + (0.5 if last.isascii() else 1) == pytest.approx(28, abs=0.3), line.text


def test_every_line_of_the_founding_document_lies_on_a_row_but_for_titles_and_tables(founding: Typeset):
    doc = founding_document()
    titles = [doc.issuer_mark, *doc.title.split("\n")]
    for section in (*doc.enclosures, *doc.annexes):
        titles += section.title.split("\n")
    tables = {3, 4, 5, 6}
    off = [line for line in printed_lines(founding.pdf) if line.row % 1 > 0.02 and line.row < 20.7]
    assert {line.text for line in off if line.page not in tables} <= set(titles)


def test_the_text_after_a_table_is_back_on_the_grid(founding: Typeset):
    after = [line for line in printed_lines(founding.pdf) if line.page == 4 and "总结经验" in line.text]
    assert [line.row % 1 for line in after] == [0]


@pytest.mark.parametrize("height", [5, 9, 13.7, 21, 40, 77, 111])
def test_any_table_leads_back_to_the_grid(height: float):
    table = {"type": "table", "columns": [1], "rows": [["甲"]], "row_heights_mm": [height]}
    pdf = set_document(body=[paragraph(), table, paragraph("表后的文字。"), paragraph()]).pdf
    assert line_with(pdf, "表后的文字").row % 1 == 0


def test_a_table_near_the_page_end_leaves_no_empty_line_on_the_next():
    for count in range(6, 14):
        table = {"type": "table", "columns": [1], "rows": [["甲"]] * 3}
        pdf = set_document(body=[paragraph("短句。")] * count + [table, paragraph("表后。"), paragraph("字" * 600)]).pdf
        first_rows = {}
        for line in printed_lines(pdf):
            first_rows.setdefault(line.page, line.row)
        assert first_rows[1] < 0.1, count


def test_a_heading_is_not_the_last_line_of_a_page():
    for count in range(3, 12):
        body = (
            [paragraph("短句。")] * count + [{"type": "heading", "level": 1, "text": "一、总则"}] + [paragraph()] * 20
        )
        lines = printed_lines(set_document(body=body).pdf)
        heading = next(line for line in lines if "一、总则" in line.text)
        assert any(line.page == heading.page and line.row == heading.row + 1 for line in lines), count


def test_half_width_words_keep_whole_and_the_line_ends_at_the_edge():
    pdf = set_document(body=[paragraph("自2008年10月1日起，通过CA认证的单位共有93个，" * 10)]).pdf
    lines = [line for line in printed_lines(pdf) if "CA" in line.text and line.page == 0]
    assert lines
    for line in lines:
        last = line.chars[-1]
        width = 1.0 if not last[1].isascii() else 0.5
        assert last[0] + width == pytest.approx(28, abs=0.3)


def test_rare_characters_of_names_fall_back_one_by_one():
    names = "珺祎昇堃镕喆玥垚"
    result = set_document(body=[paragraph(f"{names}同志")], issuers=[f"江门市{names}局"], title=f"关于{names}的通知")
    line = line_with(result.pdf, f"{names}同志")
    assert [x for x, _ in line.chars] == pytest.approx(range(2, 12), abs=0.01)
    assert line_with(result.pdf, f"江门市{names}局").row % 1 == 0


def test_the_same_document_gives_the_same_bytes():
    doc = Gongwen.from_json(document(body=[paragraph(SENTENCE)] * 5))
    assert typeset(doc, font_set()).pdf == typeset(doc, font_set()).pdf
