"""The body as lines, there and back: what was not touched comes back as it was."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.compose.drafting.content import from_gongwen, to_gongwen
from yichuan.compose.drafting.markup import MOST_COLUMNS, sections_to_text, text_to_sections, to_blocks, to_text
from yichuan.lib.gongwen.model import Gongwen

# Words that mean something at a line's beginning, and ordinary ones: few, so that equal lines come up often.
PIECES = st.sampled_from(
    ["一、总则", "（一）范围", "第一章 总则", "第一条", "第一条 为了", "|甲|乙|", "\\|甲", "#附件 表", "\\", "【空行】",
     "【表格 1】", "　　缩进", "普通的一段。", "甲", "#", "↵"]
)  # fmt: skip
TEXT = st.lists(PIECES, min_size=1, max_size=3).map("".join).filter(lambda text: bool(text.strip()))
CELL = st.sampled_from(["", "甲", "乙", "a b", " ", "|", "甲\n乙"])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    width = draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=3))
    table: dict[str, Any] = {
        "type": "table",
        "columns": draw(st.sampled_from([[1] * width, [2.5] * width])),
        "rows": rows,
    }
    header = draw(st.sampled_from([None, 0, 1]))
    if header is not None:
        table["header_rows"] = header
    return table


BLOCK = st.one_of(
    st.builds(lambda text: {"type": "paragraph", "text": text}, TEXT),
    st.builds(lambda text: {"type": "paragraph", "text": text, "lead": "一是", "lead_level": 2}, TEXT),
    st.builds(lambda text: {"type": "paragraph", "text": text, "indent": False}, TEXT),
    st.builds(lambda text, level: {"type": "heading", "level": level, "text": text}, TEXT, st.integers(1, 4)),
    st.builds(lambda text: {"type": "chapter", "text": text}, TEXT),
    st.builds(lambda number, text: {"type": "article", "number": number, "text": text}, TEXT, TEXT),
    st.just({"type": "blank"}),
    tables(),
)
BLOCKS = st.lists(BLOCK, max_size=6)


@given(BLOCKS)
def test_blocks_that_nobody_touched_come_back_as_they_were(blocks: list[dict[str, Any]]) -> None:
    assert to_blocks(to_text(blocks), blocks) == blocks


@given(
    st.lists(st.fixed_dictionaries({"title": st.sampled_from(["表", "名\n单", "  表"]), "body": BLOCKS}), max_size=3)
)
def test_sections_that_nobody_touched_come_back_as_they_were(sections: list[dict[str, Any]]) -> None:
    original = {"enclosures": sections[:1], "annexes": sections[1:]}
    assert text_to_sections(sections_to_text(original), original) == original


def test_the_whole_founding_document_comes_back_through_the_form() -> None:
    original = json.loads(files("yichuan.demo").joinpath("data/44.json").read_text(encoding="utf-8"))
    fields = from_gongwen(original, kind="通知")
    assert to_gongwen(fields, original) == Gongwen.from_json(original)


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("各单位：", {"type": "paragraph", "text": "各单位："}),
        ("一、工作机构", {"type": "heading", "level": 1, "text": "一、工作机构"}),
        ("一、工作机构。负责", {"type": "paragraph", "text": "一、工作机构。负责"}),
        ("（二）分工", {"type": "heading", "level": 2, "text": "（二）分工"}),
        ("第三章　附则", {"type": "chapter", "text": "第三章　附则"}),
        ("第十二条　为了规范", {"type": "article", "number": "第十二条", "text": "为了规范"}),
        ("【空行】", {"type": "blank"}),
        ("\\|不是表格", {"type": "paragraph", "text": "|不是表格"}),
        ("\\#附件 不是附件", {"type": "paragraph", "text": "#附件 不是附件"}),
    ],
)
def test_what_a_clerk_types_becomes_a_block(line: str, block: dict[str, Any]) -> None:
    assert to_blocks(line) == [block]


def test_lines_with_strokes_become_a_table_with_a_head() -> None:
    assert to_blocks("|单位|人数\n||3|") == [
        {"type": "table", "columns": [1, 1], "header_rows": 1, "rows": [["单位", "人数"], ["", "3"]]}
    ]


def test_an_empty_line_parts_two_tables() -> None:
    assert [block["rows"] for block in to_blocks("|甲|\n\n|乙|")] == [[["甲"]], [["乙"]]]


def test_a_changed_line_changes_its_own_block_only() -> None:
    blocks = [
        {"type": "paragraph", "text": "甲", "indent": False},
        {"type": "paragraph", "text": "乙", "indent": False},
    ]
    assert to_blocks("甲\n丙", blocks) == [blocks[0], {"type": "paragraph", "text": "丙"}]


def test_text_before_the_first_section_is_named() -> None:
    with pytest.raises(ValueError, match="没有标题的一段"):
        text_to_sections("\n没有标题的一段\n#附件 表", {})


def test_a_table_wider_than_any_page_is_refused_before_it_is_padded() -> None:
    text = "|" * 200_000 + "\n" + "|\n" * 20_000
    (table,) = to_blocks(text)
    assert (len(table["columns"]), len(table["rows"])) == (MOST_COLUMNS + 1, 1)
