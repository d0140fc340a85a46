"""DOCX: what cannot come along is named with its place; numbering, merged cells and text boxes are read."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from support.drafts import CENTRE, RIGHT, add, as_docx, changed, page_break, saved, with_body
from support.gongwen import document, paragraph
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.reading import Reading, read_docx

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def body_of(*paragraphs: str) -> Reading:
    """A notice whose text is this WordprocessingML."""
    head = "<w:p><w:r><w:t>关于某事的通知</w:t></w:r></w:p><w:p><w:r><w:t>各单位：</w:t></w:r></w:p>"
    return read_docx(with_body(head + "".join(paragraphs)))


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def noted(reading: Reading) -> list[tuple[str, str]]:
    return [(note.code, note.place) for note in reading.notes if not note.code.endswith("_missing")]


def texts(reading: Reading) -> list[str]:
    return [block["text"] for block in reading.content["body"]]


@pytest.mark.parametrize(
    ("inner", "code", "kept"),
    [
        (r("甲") + "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>" + r("乙"), "revision", "甲乙"),
        (r("甲") + f"<w:ins>{r('新')}</w:ins>", "revision", "甲新"),
        (r("甲") + r("暗", "<w:vanish/>"), "hidden", "甲"),
        (r("甲") + "<w:r><w:drawing/></w:r>", "picture", "甲"),
        (r("甲") + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "symbol", "甲"),
        (r("甲") + "<w:r><w:object/></w:r>", "embedded", "甲"),
        (r("甲") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "footnote", "甲"),
        (r("甲") + '<w:r><w:commentReference w:id="2"/></w:r>', "comment", "甲"),
        (r("甲") + "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", "formula", "甲x"),
        (r("甲") + r("乙\u200b\u202e丙"), "character_dropped", "甲乙丙"),
    ],
)
def test_what_does_not_come_along_is_named_with_its_place(inner: str, code: str, kept: str):
    reading = body_of(p(r("前文。")), p(inner))
    assert texts(reading) == ["前文。", kept]
    assert noted(reading) == [(code, "第4段")]


def test_a_deleted_text_and_a_comment_are_quoted():
    gone = body_of(p(r("甲") + "<w:del><w:r><w:delText>旧的话</w:delText></w:r></w:del>"))
    assert "「旧的话」" in gone.notes[0].message
    file = docx.Document()
    run = add(file, "请核对。").runs[0]
    file.add_comment(run, text="这里要改", author="王五")
    assert ["「这里要改」" in note.message for note in read_docx(saved(file)).notes if note.code == "comment"] == [True]


def test_links_keep_their_words_and_are_not_followed():
    data = as_docx(document())
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{RELS}/attachedTemplate" Target="http://10.0.0.1/t.dotm" TargetMode="External"/>'
        "</Relationships>"
    )
    reading = read_docx(changed(data, _rels___dot_rels=rels.encode()))
    assert [(note.code, "10.0.0.1/t.dotm" in note.message) for note in reading.notes] == [("external", True)]
    assert reading.content == document()


def test_macros_are_named():
    reading = read_docx(changed(as_docx(document()), word__vbaProject_dot_bin=b"x"))
    assert noted(reading) == [("macro", "文件")]


def test_headers_and_footers_are_named_unless_they_only_number_pages():
    file = docx.Document()
    add(file, "正文。")
    file.sections[0].footer.paragraphs[0].text = "— 1 —"
    assert noted(read_docx(saved(file))) == []
    file.sections[0].header.paragraphs[0].text = "内部资料"
    assert noted(read_docx(saved(file))) == [("header", "页眉")]


def test_automatic_numbers_become_text():
    file = docx.Document()
    for text in ("关于某事的通知", "各单位："):
        add(file, text, align=CENTRE if text[0] == "关" else None)
    numbering = file.part.numbering_part.element
    levels = "".join(
        f'<w:lvl {NS} w:ilvl="{depth}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, form, text in (
            (0, "chineseCounting", "%1、"),
            (1, "chineseCounting", "（%2）"),
            (2, "decimal", "%3."),
        )
    )
    numbering.insert(0, docx.oxml.parse_xml(f'<w:abstractNum {NS} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(docx.oxml.parse_xml(f'<w:num {NS} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for text, depth in (("甲", 0), ("乙", 1), ("丙", 1), ("丁", 2), ("戊", 0), ("己", 1)):
        properties = add(file, text)._p.get_or_add_pPr()
        properties.append(
            docx.oxml.parse_xml(f'<w:numPr {NS}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
        )
    assert texts(read_docx(saved(file))) == ["一、甲", "（一）乙", "（二）丙", "1.丁", "二、戊", "（一）己"]


NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("count", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (101, "一百零一"), (110, "一百一十"), (999, "九百九十九")],
)
def test_chinese_numbers_count_as_word_processors_do(count: int, written: str):
    from yichuan.lib.gongwen.reading.docx_numbering import chinese_number

    assert chinese_number(count) == written


def test_merged_cells_keep_their_spans_and_their_text():
    table: dict[str, Any] = {
        "type": "table",
        "columns": [20.0, 30.0, 50.0],
        "rows": [
            ["阶段", {"text": "工作\n内容", "colspan": 2}],
            [{"text": "筹备", "rowspan": 2}, {"text": "装系统", "align": "left"}, "甲"],
            ["报名单", ""],
        ],
        "header_rows": 1,
    }
    obj = document(body=[paragraph(), table])
    reading = read_docx(as_docx(obj))
    assert reading.content == obj
    Gongwen.from_json(reading.content)


def test_a_table_that_only_holds_the_head_in_place_is_the_head():
    file = docx.Document()
    table = file.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "江门市人民政府文件"
    table.cell(1, 0).text, table.cell(1, 1).text = "江府〔2008〕4号", "签发人：张三"
    add(file, "关于某事的请示", align=CENTRE, size=22)
    content = read_docx(saved(file)).content
    assert (content["issuer_mark"], content["doc_no"], content["signers"]) == (
        "江门市人民政府文件",
        "江府〔2008〕4号",
        ["张三"],
    )


def test_a_table_at_the_end_that_holds_the_imprint_block_is_read():
    file = docx.Document()
    add(file, "关于某事的通知", align=CENTRE, size=22)
    add(file, "请办理。")
    table = file.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "抄送：市委办，市人大办。"
    table.cell(1, 0).text, table.cell(1, 1).text = "市府办公室", "2008年5月26日印发"
    content = read_docx(saved(file)).content
    assert (content["copy_recipients"], content["printer"], content["print_date"]) == (
        "市委办，市人大办",
        "市府办公室",
        "2008-05-26",
    )


def test_a_table_wider_than_a_page_becomes_text_and_is_named():
    obj = document(body=[{"type": "table", "columns": [4.0] * 21, "rows": [["甲"] * 21]}])
    reading = read_docx(as_docx(obj))
    assert noted(reading) == [("table_flattened", "表格1")]
    assert texts(reading) == ["　".join("甲" * 21)]


def test_a_table_in_a_cell_keeps_its_text():
    file = docx.Document()
    add(file, "关于某事的通知", align=CENTRE, size=22)
    add(file, "前文。")
    outer = file.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "外"
    outer.cell(0, 0).add_table(rows=1, cols=2).cell(0, 1).text = "内"
    add(file, "后文。")
    reading = read_docx(saved(file))
    assert noted(reading) == [("table_nested", "表格1")]
    assert reading.content["body"][1]["rows"] == [[{"text": "外\n内", "align": "left"}, ""]]


def test_words_in_a_text_box_stand_before_its_paragraph():
    inside = "<w:txbxContent><w:p><w:r><w:t>江门市人民政府文件</w:t></w:r></w:p></w:txbxContent>"
    twin = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{inside}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape>{inside}</v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    reading = read_docx(
        with_body(p(f"<w:r>{twin}</w:r>") + p(r("江府〔2008〕4号")) + p(r("关于某事的通知")) + p(r("请办理。")))
    )
    assert reading.content["issuer_mark"] == "江门市人民政府文件"
    assert noted(reading) == [("text_box", "第1段")]


def test_a_heading_in_a_face_of_its_own_is_the_lead_of_its_paragraph():
    file = docx.Document()
    add(file, "关于某事的通知", align=CENTRE, size=22)
    add(file, "成立机构，负责指导。", lead="（一）关于机构的设置，以及分工。")
    add(file, "2.照此办理。")
    assert read_docx(saved(file)).content["body"] == [
        {
            "type": "paragraph",
            "lead": "（一）关于机构的设置，以及分工。",
            "lead_level": 2,
            "text": "成立机构，负责指导。",
        },
        paragraph("2.照此办理。"),
    ]


def test_headings_by_style_are_headings_without_a_number():
    file = docx.Document()
    add(file, "关于某事的通知", align=CENTRE, size=22)
    file.add_heading("工作机构", level=1)
    add(file, "正文。")
    assert read_docx(saved(file)).content["body"][0] == {"type": "heading", "level": 1, "text": "工作机构"}


def test_forced_line_breaks_part_a_title_and_paragraphs():
    file = docx.Document()
    add(file, "关于某事\n工作的通知", align=CENTRE, size=22)
    add(file, "第一句。\n第二句。")
    content = read_docx(saved(file)).content
    assert content["title"] == "关于某事\n工作的通知"
    assert [block["text"] for block in content["body"]] == ["第一句。", "第二句。"]


def test_a_text_on_a_new_page_after_the_date_is_an_enclosure():
    file = docx.Document()
    add(file, "关于印发办法的通知", align=CENTRE, size=22)
    for text in ("各单位：", "现印发给你们。"):
        add(file, text)
    add(file, "市府办公室", align=RIGHT)
    add(file, "2008年5月23日", align=RIGHT)
    page_break(file)
    add(file, "管理办法", align=CENTRE, size=22)
    add(file, "第一条　略。")
    assert read_docx(saved(file)).content["enclosures"] == [
        {"title": "管理办法", "body": [{"type": "article", "number": "第一条", "text": "略。"}]}
    ]


def test_numbering_of_a_style_is_followed_through_its_ancestors():
    file = docx.Document()
    add(file, "关于某事的通知", align=CENTRE, size=22)
    file.add_paragraph("甲", style="List Number")
    file.add_paragraph("乙", style="List Number")
    styled = [block["text"] for block in read_docx(saved(file)).content["body"]]
    assert [text[-1] for text in styled] == ["甲", "乙"]
    assert [text[0] for text in styled] == ["1", "2"]
    assert file.styles["List Number"].element.find(f".//{qn('w:numId')}") is not None
