"""A draft from a word processor's file or plain text: the form's fields, what they came from, and what was left out."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from yichuan.common.errors import Invalid
from yichuan.compose.drafting.content import FIELDS, KINDS, LAYOUTS, Fields, from_gongwen
from yichuan.compose.drafting.filetypes import recognise
from yichuan.compose.drafting.markings import refusal_of
from yichuan.lib.gongwen.checker.values import kind_of
from yichuan.lib.gongwen.reading import Reading, ReadingError, read_docx, read_txt

TAKEN = (".docx", ".txt")
_SAID = {
    "too_large": "内容太多，请分成几件",
    "old_or_encrypted": "是旧版文件或者加了密，请另存为不带密码的 .docx",
    "empty": "里面没有文字",
    "not_text": "不是文本文件",
    "encoding": "文字编码认不出来，请另存为 UTF-8",
    "xml_dtd": "里面有不接收的声明，可能有害",
    "ratio_too_high": "压缩得异常，可能有害",
}
_FILLED = {  # what the form has all the same
    "issuer_mark_missing": "稿子里没有，填了本单位的，请核对。",
    "issuers_missing": "稿子里没有，填了本单位，请核对。",
    "date_missing": "稿子里没有，填了今天，请核对。",
}


@dataclass(frozen=True)
class Import:
    """`original` is the content model's JSON with the notes of reading under `import_notes`."""

    fields: Fields
    original: dict[str, Any]


def read_draft(name: str, data: bytes, blank: Fields) -> Import:
    """The file's parts in place of the empty form's, `blank`. Raises `Invalid` for `file`, in the clerk's words."""
    ending = PurePath(name).suffix.lower()
    if ending not in TAKEN:
        raise Invalid(
            {"file": f"可以导入 {'、'.join(TAKEN)} 文件，「{name[:60]}」不是；.doc 和 .wps 请先另存为 .docx。"}
        )
    recognise(name, data)
    try:
        reading = read_docx(data) if ending == ".docx" else read_txt(data)
    except ReadingError as error:
        said = _SAID.get(error.code, "文件不完整，或者不是 .docx")
        raise Invalid({"file": f"「{name[:60]}」没有导入：{said}（{error.code}）。"}) from error
    if secrecy := reading.content.get("secrecy"):
        raise Invalid({"file": refusal_of(secrecy)})
    return Import(_fields(reading, blank), reading.content | {"import_notes": _notes(reading)})


def _fields(reading: Reading, blank: Fields) -> Fields:
    content = {
        "issuer_mark": blank.get("issuer_mark", ""),
        "issuers": [blank.get("issuer", "")],
        "date": blank.get("date", ""),
        "printer": blank.get("printer", ""),
        "print_date": blank.get("print_date", ""),
        "title": "（请填写标题）",
        **reading.content,
    }
    kind = kind_of(content)
    fields = from_gongwen(content, kind=kind if kind in KINDS else blank["kind"])
    if fields["layout"] not in LAYOUTS:
        fields["layout"] = "document"
    return {name: fields.get(name, "") for name in FIELDS}


def _notes(reading: Reading) -> list[dict[str, str]]:
    return [{"place": note.place, "text": _FILLED.get(note.code, note.message)} for note in reading.notes]
