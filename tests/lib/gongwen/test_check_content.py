"""The form checker on the content: what departs from the standard is named with its clause and place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.gongwen import document, paragraph
from yichuan.lib.gongwen.checker import check_content
from yichuan.lib.gongwen.checker.findings import catalogue

REQUEST = document(
    title="关于解决某问题的请示",
    recipients="江门市人民政府",
    signers=["张三"],
    note="联系人：李四，电话：0750-3321179",
)
REPORT = document(title="关于某事的报告", signers=["张三"])
ANNEX = {"title": "报名表", "body": [paragraph()]}


def heading(text: str, level: int = 1) -> dict[str, Any]:
    return {"type": "heading", "level": level, "text": text}


def article(number: str) -> dict[str, Any]:
    return {"type": "article", "number": number, "text": "略。"}


def found(obj: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.path) for finding in check_content(obj)]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    (document(title=None), "part_missing", "$.title"),
    (document(date=None, print_date=None), "part_missing", "$.date"),
    (document(copy_no="12"), "copy_no_form", "$.copy_no"),
    (document(secrecy="机密★1年"), "copy_no_missing", "$.copy_no"),
    (document(copy_no="000001", secrecy="内部"), "secrecy_form", "$.secrecy"),
    (document(copy_no="000001", secrecy="机密"), "secrecy_term", "$.secrecy"),
    (document(copy_no="000001", secrecy="机密★一年"), "secrecy_term_form", "$.secrecy"),
    (document(issuer_mark="江门市人民政府、文件"), "issuer_mark_marks", "$.issuer_mark"),
    (document(doc_no="江府办 2008 45"), "doc_no_form", "$.doc_no"),
    (document(doc_no="江府办[2008]45号"), "doc_no_brackets", "$.doc_no"),
    (document(doc_no="江府办（2008）45号"), "doc_no_brackets", "$.doc_no"),
    (document(doc_no="江府办〔08〕45号"), "doc_no_year", "$.doc_no"),
    (document(doc_no="江府办〔2008〕第45号"), "doc_no_ordinal", "$.doc_no"),
    (document(doc_no="江府办〔2008〕045号"), "doc_no_zero", "$.doc_no"),
    (document(doc_no="江府办〔２００８〕45号"), "doc_no_wide", "$.doc_no"),
    (document(doc_no="江府办〔2007〕45号"), "doc_no_other_year", "$.doc_no"),
    (document(title="关于某事的通知。"), "title_mark", "$.title"),
    (document(title="《关于某事的通知》"), "title_in_marks", "$.title"),
    (document(title="关于转发《某某》的通知"), "title_book_marks", "$.title"),
    (document(title="关于某事"), "title_kind", "$.title"),
    (document(title="关于某事的请示报告", signers=["张三"]), "title_two_kinds", "$.title"),
    (document(title="转发关于某事的通知的通知"), "title_kind_twice", "$.title"),
    (document(recipients="各单位："), "recipients_mark", "$.recipients"),
    (document(recipients=None, body=[paragraph("各市、区人民政府，市直各单位")]), "recipients_colon", "$.body[0]"),
    (document(date="2008-02-30", print_date=None), "date_form", "$.date"),
    (document(print_date="2008-05-22"), "printed_before_date", "$.print_date"),
    (document(printer=None), "printer_missing", "$.printer"),
    (document(note="（此件公开发布）"), "note_brackets", "$.note"),
    (document(copy_recipients="抄送：市委办"), "label_repeated", "$.copy_recipients"),
    (document(issuers=["市府办，市委办"]), "issuer_marks", "$.issuers[0]"),
    (document(title="关于某事的报告"), "signers_missing", "$.signers"),
    (REQUEST | {"recipients": "江门市人民政府、江门市委"}, "several_recipients", "$.recipients"),
    (REQUEST | {"note": "此件公开"}, "contact_missing", "$.note"),
    (REPORT | {"body": [paragraph("妥否，请批示。")]}, "report_asks", "$.body[0].text"),
    (document(attachments=["报名表；"], annexes=[ANNEX]), "attachment_mark", "$.attachments[0]"),
    (document(attachments=["1.报名表"], annexes=[ANNEX]), "attachment_number", "$.attachments[0]"),
    (document(annexes=[ANNEX]), "annexes_not_listed", "$.attachments"),
    (document(attachments=["报名表"]), "annexes_absent", "$.annexes"),
    (document(attachments=["报名表", "名单"], annexes=[ANNEX]), "annexes_count", "$.annexes"),
    (document(attachments=["名单"], annexes=[ANNEX]), "annex_title", "$.annexes[0].title"),
    (document(body=[paragraph("名单（见附件2）。")]), "annex_reference", "$.body[0].text"),
    (document(body=[paragraph("（一）、报名单。")]), "number_form", "$.body[0]"),
    (document(body=[heading("一、甲"), paragraph("1、报名单。")]), "number_form", "$.body[1]"),
    (document(body=[paragraph("(一)报名单。")]), "number_form", "$.body[0]"),
    (document(body=[paragraph("①报名单。")]), "number_form", "$.body[0]"),
    (document(body=[heading("一、甲"), heading("三、乙")]), "number_order", "$.body[1]"),
    (document(body=[heading("一、甲"), heading("一、乙")]), "number_order", "$.body[1]"),
    (document(body=[heading("一、甲"), heading("（二）乙", 2)]), "number_order", "$.body[1]"),
    (document(body=[article("第一条"), article("第三条")]), "number_order", "$.body[1]"),
    (document(body=[heading("一、甲", 2)]), "heading_level", "$.body[0].level"),
    (document(body=[heading("一、甲。")]), "heading_mark", "$.body[0]"),
    (document(body=[paragraph("甲" * 700 + "。")]), "long_paragraph", "$.body[0].text"),
]  # fmt: skip
MARKS = {
    "half_width_mark": ["今天,我们开会", "时间:明天", "可以;不可以", "对吗?"],
    "half_width_bracket": ["各单位(含直属)均可"],
    "half_width_stop": ["请办理.", "请办理.我们"],
    "straight_quotes": ['所谓"试点"工作'],
    "ellipsis": ["等等...", "等等。。。", "等等…"],
    "doubled_mark": ["甲，，乙", "甲、，乙", "甲。；乙"],
    "unpaired": ["《通知", "（甲", "可以）", "“甲”乙”"],
    "dash": ["江门-新会"],
    "marks_between": ["《甲》、《乙》", "“甲”、“乙”"],
    "blank_between": ["各单位 请办理"],
    "range_hyphen": ["3-5年", "8-10个"],
    "range_percent": ["10～20%", "5%至8-9%"],
    "full_width_percent": ["１２％", "12％"],
    "full_width_digits": ["２００８年"],
    "short_year": ["98年5月"],
    "padded_date": ["2008年05月3日", "2008年5月03日"],
    "zero_sign": ["二○○八年"],
}
SOUND = [
    "经研究，现将有关事项通知如下：",
    "电话：0750-3321179，传真：3321179。",
    "自2008年5月23日8:30起，费用为3.5万元，增长10%～20%。",
    "10年内，5月至8月，第3—5条。",
    "（一）负责指导；1）甲；2）乙。",
    "登录http://www.example.gov.cn/a,b?c=1查询。",
    "CA认证、VPN（虚拟专用网）等……",
    "“甲乙",
    "文件编号GB/T 9704-2012。",
]


@pytest.mark.parametrize(("obj", "code", "path"), FAULTS)
def test_each_fault_is_named_with_its_place(obj: dict[str, Any], code: str, path: str):
    assert (code, path) in found(obj)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in MARKS.items() for text in texts])
def test_each_fault_of_language_is_named(code: str, text: str):
    assert (code, "$.body[0].text") in found(document(body=[paragraph(text)]))


@pytest.mark.parametrize("text", SOUND)
def test_sound_language_is_left_alone(text: str):
    assert found(document(body=[paragraph(text)])) == []


def test_every_entry_of_the_catalogue_that_concerns_content_is_tested():
    tested = {code for _, code, _ in FAULTS} | set(MARKS) | {"not_content"}
    assert tested == {code for code in catalogue() if not code.startswith("page_")}


@pytest.mark.parametrize("obj", [document(), REQUEST, document(attachments=["报名表"], annexes=[ANNEX])])
def test_a_sound_document_has_no_findings(obj: dict[str, Any]):
    assert found(obj) == []


def test_lists_within_a_section_may_begin_again():
    body = [
        heading("一、甲"),
        heading("（一）子", 2),
        paragraph("1.第一"),
        paragraph("2.第二"),
        heading("（二）丑", 2),
        paragraph("1.第一"),
        paragraph("另有下列各项："),
        paragraph("1.又一"),
        heading("二、乙"),
        heading("（一）寅", 2),
    ]
    assert found(document(body=body)) == []


def test_a_finding_says_clause_message_and_remedy():
    (finding,) = check_content(document(doc_no="江府办[2008]45号"))
    assert (finding.clause, finding.severity) == ("7.2.5", "error")
    assert finding.message_zh == "发文字号的年份用了「[]」括号。"
    assert finding.to_json()["place"] == {"path": "$.doc_no"}


def test_the_gravest_come_first():
    findings = check_content(document(body=[paragraph("《甲》、《乙》,丙。")], title="关于某事"))
    assert [finding.severity for finding in findings] == ["error", "warning", "note"]


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*document(), "annexes", "enclosures", "attachments", "form", "type", "text", "level"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(JSON)
def test_anything_may_be_asked(obj: Any):
    check_content(obj)
