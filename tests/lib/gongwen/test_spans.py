"""Cells that span rows over a page's end."""

from __future__ import annotations

from typing import Any

from support.gongwen import font_set, founding_document, page_text, paragraph, set_document
from yichuan.lib.gongwen.spans import split_spans
from yichuan.lib.gongwen.typeset import typeset


def cell(text: str, rowspan: int = 1, colspan: int = 1) -> dict[str, Any]:
    return {"text": text, "rowspan": rowspan, "colspan": colspan}


def texts(rows: list[list[dict[str, Any]]]) -> list[list[tuple[str, int]]]:
    return [[(each["text"], each["rowspan"]) for each in row] for row in rows]


def test_a_span_within_a_page_stays():
    rows = [[cell("甲", 2), cell("一")], [cell("二")]]
    assert split_spans(rows, {0: 1, 1: 1}) == rows


def test_a_span_is_cut_where_the_page_ends():
    rows = [[cell("甲", 3), cell("一")], [cell("二")], [cell("三")]]
    cut = split_spans(rows, {0: 1, 1: 1, 2: 2})
    assert texts(cut) == [[("甲", 2), ("一", 1)], [("二", 1)], [("甲", 1), ("三", 1)]]


def test_a_cut_span_keeps_its_column():
    rows = [[cell("一"), cell("乙", 2), cell("丙")], [cell("二"), cell("丁")]]
    cut = split_spans(rows, {0: 1, 1: 2})
    assert texts(cut)[1] == [("二", 1), ("乙", 1), ("丁", 1)]


def test_a_span_over_three_pages_is_cut_twice():
    rows = [[cell("甲", 3, 2), cell("一")], [cell("二")], [cell("三")]]
    cut = split_spans(rows, {0: 1, 1: 2, 2: 3})
    assert [row[0]["text"] for row in cut] == ["甲"] * 3
    assert all(row[0]["colspan"] == 2 for row in cut)


def test_a_row_without_cells_of_its_own_goes_with_the_row_above():
    rows = [[cell("甲", 2), cell("一", 2)], []]
    assert split_spans(rows, {0: 1}) == rows


def test_the_founding_documents_stage_is_named_on_both_pages_of_its_schedule():
    pdf = typeset(founding_document(), font_set()).pdf
    assert "筹备阶段" in page_text(pdf, 3)
    assert "筹备阶段" in page_text(pdf, 4)


def test_a_long_span_is_named_on_every_page():
    rows = [[{"text": "阶段", "rowspan": 60}, "1"], *([str(number)] for number in range(2, 61))]
    table = {"type": "table", "columns": [1, 1], "rows": rows, "row_heights_mm": [12.0] * 60}
    result = set_document(body=[paragraph(), table])
    pages = [page for page in range(result.pages) if "阶段" in page_text(result.pdf, page)]
    assert pages == list(range(5))
    assert "60" in page_text(result.pdf, pages[-1])
