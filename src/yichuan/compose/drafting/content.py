"""What the form of a draft holds, and the content model made of it."""

import re
from typing import Any

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.compose.drafting import markup
from yichuan.compose.drafting.markings import marked
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.model import Gongwen

KINDS = (
    "通知", "决定", "通报", "报告", "请示", "批复", "意见", "函", "纪要", "公告", "通告", "决议", "命令", "公报",
    "议案",
)  # fmt: skip
FIELDS = (
    "kind", "urgency", "number", "title", "recipients", "copy_recipients", "body", "sections", "attachments",
    "issuer_mark", "issuer", "signer", "date", "printer", "print_date", "note", "layout",
)  # fmt: skip
URGENT = ("特急", "加急")  # what is printed in 版头 (GB/T 9704-2012 7.2.3)
LAYOUTS = {"document": "文件格式", "letter": "信函格式"}
_KEPT = ("copy_no", "seal_diameter_mm")  # what the form does not show
_NUMBER = re.compile(r"[^\d〔〕|\s]{1,12}〔[0-9]{4}〕[1-9][0-9]{0,5}号")
_FIELD_OF_PATH = {
    "doc_no": "number",
    "issuers": "issuer",
    "signers": "signer",
    "enclosures": "sections",
    "annexes": "sections",
}
_SAID = {
    "title": "标题", "body": "正文", "number": "发文字号", "issuer": "署名", "date": "成文日期", "sections": "随文内容",
    "attachments": "附件说明", "issuer_mark": "发文机关标志", "recipients": "主送机关", "copy_recipients": "抄送机关",
    "signer": "签发人",
}  # fmt: skip

_NOT_OF_FORM = {"issuer_mark": "信函格式的发文机关标志只写一个机关名称，不带「文件」二字。"}

Fields = dict[str, str]


def from_gongwen(gongwen: dict[str, Any], *, kind: str) -> Fields:
    """The form's fields for a content-model JSON."""
    return {
        "kind": kind,
        "urgency": gongwen.get("urgency", "") or "平件",
        "number": gongwen.get("doc_no", ""),
        "title": gongwen["title"],
        "recipients": gongwen.get("recipients", ""),
        "copy_recipients": gongwen.get("copy_recipients", ""),
        "body": markup.to_text(gongwen["body"]),
        "sections": markup.sections_to_text(gongwen),
        "attachments": "\n".join(gongwen.get("attachments", ())),
        "issuer_mark": gongwen["issuer_mark"],
        "issuer": "\n".join(gongwen["issuers"]),
        "signer": "\n".join(gongwen.get("signers", ())),
        "date": gongwen["date"],
        "printer": gongwen.get("printer", ""),
        "print_date": gongwen.get("print_date", ""),
        "note": gongwen.get("note", ""),
        "layout": gongwen.get("form", "document"),
    }


def to_gongwen(fields: Fields, original: dict[str, Any]) -> Gongwen:
    """The content model of the form. Raises `Invalid`, one message a field, in the clerk's words."""
    errors = _refusals(fields)
    try:
        sections = markup.text_to_sections(fields.get("sections", ""), original)
    except ValueError as error:
        errors["sections"] = f"第一行应以「#印发 标题」或「#附件 标题」开始，现在是「{str(error)[:20]}」。"
        sections = {}
    if errors:
        raise Invalid(errors)
    letter = fields.get("layout") == "letter"
    content = {
        "form": fields.get("layout", ""),
        "issuer_mark": fields["issuer_mark"].replace("\r", ""),
        "urgency": fields["urgency"] if fields["urgency"] in URGENT else "",
        "doc_no": fields["number"],
        "signers": _listed(fields.get("signer", "")),
        "title": fields["title"].replace("\r", ""),
        "recipients": fields.get("recipients", ""),
        "body": markup.to_blocks(fields["body"], original.get("body", ())),
        "attachments": _listed(fields.get("attachments", "")),
        "issuers": _listed(fields["issuer"]),
        "date": fields["date"],
        "note": fields.get("note", ""),
        "copy_recipients": fields.get("copy_recipients", ""),
        # A letter has neither (GB/T 9704-2012 10.1), and the form fills them in for every draft.
        "printer": "" if letter else fields.get("printer", ""),
        "print_date": "" if letter else fields.get("print_date", ""),
        **sections,
    }
    kept = {name: original[name] for name in _KEPT if name in original}
    try:
        return Gongwen.from_json({name: value for name, value in content.items() if value} | kept)
    except GongwenError as error:
        raise Invalid(in_the_clerks_words(error)) from error


def _refusals(fields: Fields) -> dict[str, str]:
    errors = {}
    for name in ("title", "body", "issuer_mark", "issuer", "date"):
        if not fields.get(name, "").strip():
            errors[name] = f"{_SAID[name]}是空的，请填写。"
    if fields.get("kind") not in KINDS:
        errors["kind"] = "请从名单里选择文种。"
    if fields.get("layout", "") not in ("", *LAYOUTS):
        errors["layout"] = "请从名单里选择版式。"
    return errors | marked(fields) | refusals_of_the_rules(fields)


def refusals_of_the_rules(fields: Fields) -> dict[str, str]:
    """What holds for a body made here and for a finished one that is uploaded: the number's form, the urgency."""
    errors = {}
    if not _NUMBER.fullmatch(fields.get("number", "")):
        errors["number"] = "发文字号应写成「江府办〔2008〕44号」的样子：机关代字、六角括号里的年份、不带 0 的序号。"
    rules = profile.current()
    if fields.get("urgency") not in rules.urgencies:
        errors["urgency"] = rules.refused_urgency_note
    return errors


def _listed(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def in_the_clerks_words(error: GongwenError) -> dict[str, str]:
    """What the content model refused, by the field of the form it came from."""
    place = error.path.removeprefix("$.")
    field = field_of(error.path)
    row = re.match(r"(?:body|attachments)\[(\d+)\]", place)
    where = f"第 {int(row[1]) + 1} 段" if row else ""
    if error.code == "not_of_form":
        return {field: _NOT_OF_FORM.get(field, f"{_SAID.get(field, '这一项')}不用于所选的版式，请清空或者换一种版式。")}
    return {field: f"{_SAID.get(field, '内容')}{where}不能这样排版（{error.code}），请检查这一处的文字和格式。"}


def field_of(path: str) -> str:
    """The field of the form that a place in the content model came from."""
    name = re.split(r"[.\[]", path.removeprefix("$."), maxsplit=1)[0]
    field = _FIELD_OF_PATH.get(name, name)
    return field if field in FIELDS else "body"
