"""Form of the content: the parts that GB/T 9704-2012 clause 7 and 党政机关公文处理工作条例 ask for, and how they are
written. Works on the content model's JSON as it comes, also on one that ``Gongwen.from_json`` would refuse."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

from yichuan.lib.gongwen.checker.annexes import check_annexes
from yichuan.lib.gongwen.checker.findings import Finding, finding, ordered
from yichuan.lib.gongwen.checker.language import check_language
from yichuan.lib.gongwen.checker.numbering import check_numbering
from yichuan.lib.gongwen.checker.upward import check_upward
from yichuan.lib.gongwen.checker.values import END_MARKS, kind_of, objects_of, text_of, texts_of
from yichuan.lib.gongwen.reading.patterns import KINDS

_SECRECY = re.compile(r"(?:绝密|机密|秘密)(?:★(.*))?")
_TERM = re.compile(r"长期|\d{1,3}(?:年|个月|月|天|日)")
_DOC_NO = re.compile(r"[^〔〕\[\]()（）【】\s]{1,20}([〔\[（(【])\s*(\d{2,4})\s*([〕\])）】])\s*(第?)\s*(\d{1,6})\s*号")
_LAW = re.compile(r"(?:法|条例|规定|办法|细则|规则|章程|决定|标准|规范|公约|条约|解释|意见|方案|规划|纲要)(?:（.*）)?$")
_RECIPIENTS = re.compile(r"(?:各|[^，。]{1,20}[府委局办厅部院会])[^。！？；：]*[府委局办厅部院会门位构]")
_TWO_KINDS = (("请示", "报告"), ("报告", "请示"), ("请示", "函"))
_SAID = {"issuer_mark": "发文机关标志", "title": "标题", "issuers": "发文机关署名", "date": "成文日期", "body": "正文"}
_NEEDED = {
    "document": ("issuer_mark", "title", "body", "issuers", "date"),
    "letter": ("issuer_mark", "title", "body", "issuers", "date"),
    "order": ("issuer_mark", "body", "date"),
    "minutes": ("issuer_mark", "body"),
}
Rule = Callable[[dict[str, Any]], Iterator[Finding]]


def check_content(obj: Any) -> list[Finding]:
    """What departs from the standard in a content model's JSON, the gravest first; nothing is raised."""
    if not isinstance(obj, dict):
        return [finding("not_content", "$")]
    rules: tuple[Rule, ...] = (
        _needed, _head, _number, _title, _recipients, _dates, _small_parts, check_upward, check_annexes,
        check_numbering, check_language,
    )  # fmt: skip
    return ordered(each for rule in rules for each in rule(obj))


def _needed(obj: dict[str, Any]) -> Iterator[Finding]:
    for name in _NEEDED.get(text_of(obj, "form"), _NEEDED["document"]):
        if not obj.get(name):
            yield finding("part_missing", f"$.{name}", shown=_SAID[name])


def _head(obj: dict[str, Any]) -> Iterator[Finding]:
    copy_no, secrecy = text_of(obj, "copy_no"), text_of(obj, "secrecy")
    if copy_no and not re.fullmatch(r"\d{6}", copy_no):
        yield finding("copy_no_form", "$.copy_no", shown=copy_no)
    if secrecy:
        form = _SECRECY.fullmatch(secrecy)
        if form is None:
            yield finding("secrecy_form", "$.secrecy", shown=secrecy)
        elif form[1] is None:
            yield finding("secrecy_term", "$.secrecy")
        elif not _TERM.fullmatch(form[1]):
            yield finding("secrecy_term_form", "$.secrecy", shown=form[1])
        if not copy_no:
            yield finding("copy_no_missing", "$.copy_no")
    if re.search(r"[，。、；：,.;:《》]", text_of(obj, "issuer_mark")):
        yield finding("issuer_mark_marks", "$.issuer_mark")


def _number(obj: dict[str, Any]) -> Iterator[Finding]:
    number = text_of(obj, "doc_no")
    if not number:
        return
    form = _DOC_NO.fullmatch(number)
    if form is None:
        yield finding("doc_no_form", "$.doc_no", shown=number)
        return
    opens, year, closes, ordinal, serial = form.groups()
    if opens + closes != "〔〕":
        yield finding("doc_no_brackets", "$.doc_no", shown=opens + closes)
    if len(year) != 4:
        yield finding("doc_no_year", "$.doc_no", shown=year)
    if ordinal:
        yield finding("doc_no_ordinal", "$.doc_no", shown=ordinal)
    if serial[0] in "0０":
        yield finding("doc_no_zero", "$.doc_no", shown=serial)
    if not (year + serial).isascii():
        yield finding("doc_no_wide", "$.doc_no", shown=number)
    date = _day(text_of(obj, "date"))
    if date and len(year) == 4 and int(year) != date.year:
        yield finding("doc_no_other_year", "$.doc_no", shown=year, other=date.year)


def _title(obj: dict[str, Any]) -> Iterator[Finding]:
    title = text_of(obj, "title").replace("\n", "").strip()
    if not title:
        return
    if title[-1] in END_MARKS:
        yield finding("title_mark", "$.title", shown=title[-1])
    if title.startswith("《") and title.endswith("》"):
        yield finding("title_in_marks", "$.title")
    else:
        for name in re.findall("《([^《》]*)》", title):
            if not _LAW.search(name):
                yield finding("title_book_marks", "$.title", shown=name)
    if text_of(obj, "form") not in ("order", "minutes") and not kind_of(obj):
        yield finding("title_kind", "$.title")
    bare = title.rstrip(END_MARKS)
    for first, second in _TWO_KINDS:
        if bare.endswith(first + second):
            yield finding("title_two_kinds", "$.title", shown=first, other=second)
    repeated = re.search(rf"的({KINDS})的({KINDS})$", bare)
    if repeated and repeated[1] == repeated[2]:
        yield finding("title_kind_twice", "$.title", shown=repeated[1])


def _recipients(obj: dict[str, Any]) -> Iterator[Finding]:
    recipients = text_of(obj, "recipients")
    if recipients and recipients[-1] in END_MARKS:
        yield finding("recipients_mark", "$.recipients", shown=recipients[-1])
    first = next(iter(objects_of(obj, "body")), {})
    opening = text_of(first, "text")
    if not recipients and first.get("type") == "paragraph" and len(opening) <= 60 and _RECIPIENTS.fullmatch(opening):
        yield finding("recipients_colon", "$.body[0]", shown=opening)


def _dates(obj: dict[str, Any]) -> Iterator[Finding]:
    date, printed = _day(text_of(obj, "date")), _day(text_of(obj, "print_date"))
    for name, said, day in (("date", "成文日期", date), ("print_date", "印发日期", printed)):
        if text_of(obj, name) and day is None:
            yield finding("date_form", f"$.{name}", shown=said, other=text_of(obj, name))
    if date and printed and printed < date:
        yield finding("printed_before_date", "$.print_date")
    if text_of(obj, "print_date") and not text_of(obj, "printer"):
        yield finding("printer_missing", "$.printer")


def _small_parts(obj: dict[str, Any]) -> Iterator[Finding]:
    note = text_of(obj, "note")
    if re.fullmatch(r"[（(].*[）)]", note):
        yield finding("note_brackets", "$.note")
    for name, said in (("copy_recipients", "抄送"), ("recipients", "主送")):
        if re.match(rf"{said[0]}\s*{said[1]}\s*[:：]", text_of(obj, name)):
            yield finding("label_repeated", f"$.{name}", shown=said)
    for index, name in enumerate(texts_of(obj, "issuers")):
        if re.search("[，。；：,;:]", name):
            yield finding("issuer_marks", f"$.issuers[{index}]", shown=name)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
