"""Reading content: what is taken, and what is refused by name and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.gongwen import document, founding_document, paragraph
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.model import Cell, Gongwen, Paragraph, Table


def refused(**changes: Any) -> GongwenError:
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(document(**changes))
    return caught.value


def table(**changes: Any) -> dict[str, Any]:
    return {"type": "table", "columns": [1, 2], "rows": [["甲", "乙"]]} | changes


def test_a_document_reads_back_equal_to_what_was_written():
    doc = founding_document()
    assert Gongwen.from_json(doc.to_json()) == doc


def test_every_block_and_field_survives_the_round_trip():
    body = [
        paragraph(),
        {"type": "paragraph", "text": "各单位：", "indent": False},
        {"type": "paragraph", "text": "抓好落实。", "lead": "（一）加强领导。", "lead_level": 2},
        {"type": "heading", "level": 1, "text": "一、总体要求"},
        {"type": "chapter", "text": "第一章　总则"},
        {"type": "article", "number": "第一条", "text": "为规范管理，制定本办法。"},
        {"type": "blank"},
        table(header_rows=1, rows=[["甲", "乙"], [{"text": "丙\n丁", "align": "left", "colspan": 2}]], font_size_pt=14),
    ]
    obj = document(
        body=body,
        copy_no="000001",
        secrecy="机密★1年",
        urgency="特急",
        signers=["张三", "李四"],
        note="此件公开发布",
        attachments=["名单"],
        seal_diameter_mm=42,
        annexes=[{"title": "名单", "body": [paragraph()]}],
    )
    doc = Gongwen.from_json(obj)
    assert doc.to_json() == obj
    assert doc.body[1] == Paragraph("各单位：", indent=False)
    assert isinstance(doc.body[7], Table)
    assert doc.body[7].rows[1] == (Cell("丙\n丁", align="left", colspan=2),)


def test_no_seal_is_kept_apart_from_the_default_seal():
    obj = document() | {"seal_diameter_mm": None}
    assert Gongwen.from_json(obj).seal_diameter_mm is None
    assert Gongwen.from_json(Gongwen.from_json(obj).to_json()).seal_diameter_mm is None
    assert Gongwen.from_json(document()).seal_diameter_mm == 45.0


@pytest.mark.parametrize("value", [None, 1, "文件", [], True])
def test_something_that_is_no_object_is_refused(value: Any):
    with pytest.raises(GongwenError):
        Gongwen.from_json(value)


def test_a_missing_field_is_named():
    error = refused(title=None)
    assert (error.code, error.path) == ("missing", "$.title")


def test_an_unknown_field_is_named():
    error = refused(titel="通知")
    assert (error.code, error.path) == ("unknown_field", "$.titel")


def test_a_fault_deep_inside_is_named_by_its_path():
    error = refused(annexes=[{"title": "表", "body": [paragraph(), table(rows=[["甲", 5]])]}])
    assert (error.code, error.path) == ("bad_type", "$.annexes[0].body[1].rows[0][1]")


@pytest.mark.parametrize("kind", [None, "html", ["paragraph"], {}])
def test_an_unknown_block_is_refused(kind: Any):
    assert refused(body=[{"type": kind, "text": "字"}]).path == "$.body[0].type"


@pytest.mark.parametrize("day", ["2008-02-30", "2008-5-23", "23.5.2008", "０００８-05-23"])
def test_a_day_that_is_not_in_the_calendar_is_refused(day: str):
    assert refused(date=day).path == "$.date"


@pytest.mark.parametrize("number", ["江府办[2008]44号", "江府办〔2008〕044号", "江府办〔08〕44号", "44号"])
def test_a_document_number_out_of_form_is_refused(number: str):
    assert refused(doc_no=number).code == "bad_form"


def test_an_empty_text_is_refused():
    assert refused(title="  ").code == "empty"
    assert refused(body=[paragraph("")]).path == "$.body[0].text"


@pytest.mark.parametrize("level", [0, 5, True, "1", 1.5])
def test_a_heading_has_a_level_from_one_to_four(level: Any):
    assert refused(body=[{"type": "heading", "level": level, "text": "一、"}]).path == "$.body[0].level"


@pytest.mark.parametrize(
    ("char", "name"),
    [("\x00", "U+0000"), ("\t", "U+0009"), ("\u202e", "U+202E"), ("\u200b", "U+200B"), ("\ue003", "U+E003")],
)
def test_a_character_without_a_shape_is_refused_by_its_code(char: str, name: str):
    error = refused(body=[paragraph(f"前{char}后")])
    assert (error.code, error.path) == ("bad_character", "$.body[0].text")
    assert name in str(error)


def test_a_line_break_is_taken_in_titles_and_cells_only():
    Gongwen.from_json(document(title="关于\n通知", body=[table(rows=[["甲\n乙", "丙"]])]))
    assert refused(body=[paragraph("甲\n乙")]).code == "bad_character"
    assert refused(recipients="甲\n乙").code == "bad_character"


def test_oversize_input_is_refused_by_name():
    assert refused(body=[paragraph("字" * 20_001)]).code == "too_long"
    assert refused(body=[paragraph("字" * 19_000)] * 22).code == "too_long"
    assert refused(body=[{"type": "blank"}] * 5_001).code == "too_many"
    assert refused(body=[table(columns=[1] * 21, rows=[["字"] * 21])]).code == "too_many"


@pytest.mark.parametrize("width", [float("nan"), float("inf"), -1, 0, True])
def test_a_column_has_a_sensible_width(width: Any):
    assert refused(body=[table(columns=[1, width])]).path == "$.body[0].columns[1]"


@pytest.mark.parametrize(
    "rows",
    [
        [["甲"]],
        [["甲", "乙", "丙"]],
        [[{"text": "甲", "colspan": 3}]],
        [[{"text": "甲", "rowspan": 2}, "乙"]],
        [[{"text": "甲", "rowspan": 2}, "乙"], ["丙", "丁"]],
        [["甲", {"text": "乙", "rowspan": 2}], [{"text": "丙", "colspan": 2}]],
    ],
)
def test_a_table_whose_cells_do_not_fill_it_is_refused(rows: list[Any]):
    assert refused(body=[table(rows=rows)]).code == "table_shape"


def test_a_table_with_spans_that_fill_it_is_taken():
    rows = [["甲", {"text": "乙", "rowspan": 2}], ["丙"], [{"text": "丁", "colspan": 2}]]
    Gongwen.from_json(document(body=[table(rows=rows, row_heights_mm=[0, 20, 0], header_rows=1)]))


def test_row_heights_and_header_rows_must_fit_the_rows():
    assert refused(body=[table(row_heights_mm=[1, 2])]).code == "row_heights"
    assert refused(body=[table(header_rows=1)]).code == "header_rows"


def test_the_examples_of_the_documentation_are_taken():
    page = (Path(__file__).parents[3] / "docs" / "lib" / "gongwen.md").read_text("utf-8")
    examples = [part.split("```")[0] for part in page.split("```json\n")[1:]]
    forms = [Gongwen.from_json(json.loads(example)).form for example in examples]
    assert forms[:2] == ["document", "order"]
