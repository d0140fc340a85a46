"""The parts of a 公文 are found in DOCX and in plain text, and nothing of the text is lost."""

from __future__ import annotations

import json
import re
from collections import Counter
from importlib.resources import files
from typing import Any

import docx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.drafts import CENTRE, add, as_docx, as_text, saved
from support.gongwen import document, font_set, paragraph
from yichuan.lib.gongwen.model import Gongwen, iter_text
from yichuan.lib.gongwen.reading import Reading, read_docx, read_txt
from yichuan.lib.gongwen.typeset import typeset

FULL: dict[str, Any] = document(
    copy_no="000001",
    secrecy="机密★1年",
    urgency="特急",
    title="关于印发江门市启用电子公文交换系统\n工作方案的通知",
    body=[
        paragraph("经市政府同意，现将工作方案印发给你们，请认真组织实施。现将有关事项通知如下："),
        {"type": "heading", "level": 1, "text": "一、工作机构"},
        {"type": "paragraph", "lead": "（一）加强领导。", "lead_level": 2, "text": "成立电子公文交换工作机构。"},
        paragraph("1.各单位要在5月30日前报送名单。"),
        paragraph("（1）名单报市信息产业局。"),
        {"type": "chapter", "text": "第一章　总则"},
        {"type": "article", "number": "第一条", "text": "为规范电子公文交换，制定本办法。"},
    ],
    attachments=["报名表", "联系人名单"],
    note="联系人：张三，电话：3321179",
    annexes=[
        {"title": "报名表", "body": [paragraph("单位名称。")]},
        {"title": "联系人名单", "body": [paragraph("张三。")]},
    ],
)
WORDS = st.text(st.sampled_from("关于做好电子公文交换工作的若干问题市府办信息产业局二三"), min_size=2, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=4).map(lambda parts: "，".join(parts) + "。")
BLOCKS = st.one_of(
    SENTENCES.map(paragraph),
    WORDS.map(lambda text: {"type": "heading", "level": 1, "text": f"三、{text}"}),
    WORDS.map(lambda text: {"type": "heading", "level": 2, "text": f"（二）{text}"}),
    st.builds(
        lambda lead, text: {"type": "paragraph", "lead": f"（一）{lead}。", "lead_level": 2, "text": text},
        WORDS,
        SENTENCES,
    ),
    st.builds(lambda text: {"type": "article", "number": "第十二条", "text": text}, SENTENCES),
)
DOCUMENTS = st.builds(
    lambda title, body, names, more: document(
        title=f"关于{title}的通知", body=body, attachments=names or None, **dict.fromkeys(more)
    ),
    WORDS,
    st.lists(BLOCKS, min_size=1, max_size=6),
    st.lists(WORDS, max_size=3),
    st.sets(st.sampled_from(["recipients", "copy_recipients", "doc_no"])),
)
LINES = st.lists(
    st.one_of(
        WORDS,
        SENTENCES,
        st.sampled_from(
            [
                "江府办〔2008〕44号",
                "江府办[2008]044号",
                "签发人：张三　李四",
                "特急",
                "秘密★1年",
                "000123",
                "各市、区人民政府：",
                "现将有关事项通知如下：",
                "附件：1.报名表",
                "2.名单",
                "附件1",
                "附件：报名表",
                "市府办公室",
                "2008年5月23日",
                "（联系人：张三）",
                "抄送：市委办，市人大办。",
                "市府办公室　2008年5月26日印发",
                "一、总则",
                "（一）加强领导。成立机构。",
                "第一章　总则",
                "第二条　略。",
                "1.第一",
            ]
        ),
    ),
    min_size=1,
    max_size=14,
)
LABELS = "附件抄主送签发人印：:；。（）().，第年月日号〇○零一二三四五六七八九十0123456789★-　 "


def typeset_text(obj: dict[str, Any]) -> str:
    pdf = pypdfium2.PdfDocument(typeset(Gongwen.from_json(obj), font_set()).pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def said(reading: Reading) -> str:
    return "".join(text for _, text in iter_text(reading.content)) + "".join(note.message for note in reading.notes)


def counted(text: str) -> Counter[str]:
    return Counter(re.sub(rf"[\s{re.escape(LABELS)}]", "", text))


def test_every_part_of_a_docx_is_found():
    reading = read_docx(as_docx(FULL))
    assert reading.content == FULL
    assert reading.notes == ()


def test_every_part_of_a_plain_text_is_found():
    reading = read_txt(as_text(FULL).encode())
    assert reading.content == FULL
    assert reading.notes == ()


def test_the_founding_document_comes_back_whole():
    original = json.loads(files("yichuan.demo").joinpath("data/44.json").read_text("utf-8"))
    read = read_docx(as_docx(original)).content
    for name in set(original) - {"annexes", "enclosures"}:
        assert read[name] == original[name]
    for name in ("annexes", "enclosures"):
        assert [part["title"] for part in read[name]] == [part["title"] for part in original[name]]
        assert [[block["type"] for block in part["body"]] for part in read[name]] == [
            [block["type"] for block in part["body"]] for part in original[name]
        ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_what_was_written_is_read_and_set_with_every_character(obj: dict[str, Any]):
    for reading in (read_docx(as_docx(obj)), read_txt(as_text(obj).encode())):
        assert reading.content == obj
    assert not counted(as_text(obj)) - counted(typeset_text(reading.content))


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_no_order_of_lines_loses_a_character(lines: list[str]):
    text = "\n".join(lines)
    assert not counted(text) - counted(said(read_txt(text.encode())))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇〇八年五月二十三日", "2008-05-23"),
        ("二○○八年十月十日", "2008-10-10"),
        ("２００８年０５月３日", "2008-05-03"),
        ("2008 年 12 月 31 日", "2008-12-31"),
        ("二零一零年十二月三十日", "2010-12-30"),
    ],
)
def test_dates_are_read_in_every_way_they_are_written(written: str, day: str):
    text = as_text(document()).replace("2008年5月23日", written)
    assert read_txt(text.encode()).content["date"] == day


def test_a_date_in_chinese_numerals_is_noted_since_the_print_has_arabic_ones():
    text = as_text(document()).replace("2008年5月23日", "二〇〇八年五月二十三日")
    (note,) = read_txt(text.encode()).notes
    assert (note.code, note.place) == ("date_in_chinese", "第11行")
    assert "二〇〇八年五月二十三日" in note.message


def test_a_date_that_no_calendar_has_is_left_out_and_said():
    reading = read_txt(as_text(document()).replace("5月23日", "2月30日").encode())
    assert "date" not in reading.content
    assert [note.code for note in reading.notes] == ["bad_date", "date_missing"]


def test_an_upward_document_has_its_signers():
    reading = read_docx(as_docx(document(signers=["张三", "欧阳小明", "李四"])))
    assert reading.content["signers"] == ["张三", "欧阳小明", "李四"]
    head = "某某市政府文件\n\n江府〔2008〕4号　　签发人：张　三\n　　　　　王小二　李四\n"
    text = f"{head}\n关于某事的请示\n\n省政府：\n　　请批示。\n"
    assert read_txt(text.encode()).content["signers"] == ["张三", "王小二", "李四"]


def test_a_joint_document_names_an_issuer_a_line():
    reading = read_txt(
        "江门市公安局\n江门市司法局文件\n江公〔2008〕4号\n关于某事的通知\n各局：\n　　请办理。\n".encode()
    )
    assert reading.content["issuer_mark"] == "江门市公安局\n江门市司法局"


def test_a_faulty_number_is_kept_as_written():
    text = as_text(document()).replace("江府办〔2008〕45号", "江府办[2008]第045号")
    assert read_txt(text.encode()).content["doc_no"] == "江府办[2008]第045号"


def test_an_announcing_sentence_is_no_recipient():
    reading = read_txt("关于某事的公告\n\n现将有关事项公告如下：\n　　一、时间\n".encode())
    assert "recipients" not in reading.content
    assert reading.content["body"][0] == paragraph("现将有关事项公告如下：")


def test_what_was_not_found_is_named():
    reading = read_txt("关于某事的通知\n　　请办理。\n".encode())
    assert reading.content == {"title": "关于某事的通知", "body": [paragraph("请办理。")]}
    assert [note.code for note in reading.notes] == ["issuer_mark_missing", "issuers_missing", "date_missing"]


def test_an_order_has_its_number_and_who_signs():
    head = "江门市人民政府令\n\n第3号\n\n"
    text = f"{head}　　《办法》已经通过，现予公布。\n\n　　　　　市长　张　三\n　　　　　2008年5月23日\n"
    content = read_txt(text.encode()).content
    assert (content["form"], content["serial"], content["date"]) == ("order", "第3号", "2008-05-23")
    assert content["signatures"] == [{"post": "市长", "name": "张三"}]
    assert content["body"] == [paragraph("《办法》已经通过，现予公布。")]


def test_minutes_have_who_was_present():
    file = docx.Document()
    add(file, "江门市人民政府常务会议纪要", align=CENTRE, size=36, red=True)
    for text in ("（第5期）", "会议议定以下事项。", "一、甲", "出席：张三、李四", "列席：王五"):
        add(file, text)
    content = read_docx(saved(file)).content
    assert (content["form"], content["serial"]) == ("minutes", "第5期")
    assert (content["present"], content["observers"]) == ("张三、李四", "王五")
    assert [block["text"] for block in content["body"]] == ["会议议定以下事项。", "一、甲"]


def test_a_letter_is_told_by_its_mark_and_said():
    obj = document(issuer_mark="江门市人民政府办公室", printer=None, print_date=None, title="关于某事的函")
    reading = read_docx(as_docx(obj))
    assert reading.content == obj | {"form": "letter"}
    assert [note.code for note in reading.notes] == ["form_letter"]
