"""Marks that say what may not leave: 密级和保密期限 (GB/T 9704-2012 7.2.2) and 内部资料, where such a mark stands.

A mark stands by itself: a row of its own at the head of the first page, or in brackets at an end of a title. A text
that only speaks of such marks has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from yichuan.lib.gongwen.reading.patterns import COPY_NO, URGENCY
from yichuan.lib.gongwen.sheets.model import Sheet

_STAR = "[★☆＊*]"
_COUNT = "(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_TERM = rf"(?:长期|永久|[启公]\w前|(?:{_COUNT}(?:年|个月|月|日|天)){{1,3}})"
_SECRET = rf"(?:密级[:：]?)?(?:绝密|机密|秘密)(?:{_STAR}{_TERM}?)?"
_KEEP = "(?:注意保存|妥善保管|不得外传|不准外传|请勿外传|严禁外传|不得扩散)"
_INTERNAL = rf"内部(?:资料|文件|材料|刊物|传阅)(?:[，,、。；;]?{_KEEP}[！!。]?)?"
_ALONE = re.compile(rf"{_SECRET}|{_INTERNAL}")
_STARRED = re.compile(rf"^(?:绝密|机密|秘密){_STAR}")
_OPENS, _CLOSES = r"[（(【\[〔]", r"[）)】\]〕]"
_BRACKETED = re.compile("|".join(f"{a}{_OPENS}(?:{_ALONE.pattern}){_CLOSES}{z}" for a, z in (("^", ""), ("", "$"))))
_BLANKS = re.compile(r"\s+")
_BRACKETS = "（()）【】[]〔〕"
_HEAD = 1 / 3  # of the first page: 版头 stands there


def may_hold_mark(text: str) -> bool:
    """Whether a mark could be made of these characters, in whatever order they stand on the page."""
    return "密" in text or ("内" in text and "部" in text)


def mark_in_title(text: str) -> str:
    """The mark at the beginning or the end of a title, by itself or in brackets; "" where there is none."""
    tight = _BLANKS.sub("", text)
    if _ALONE.fullmatch(tight) or _STARRED.match(tight):
        return tight[:20]
    found = _BRACKETED.search(tight)
    return found[0] if found else ""


def mark_in_lines(lines: Iterable[str]) -> str:
    """The first of the lines that is nothing but a mark, as it was written; "" where none is.

    000001　机密★1年　特急 on one line are three marks.
    """
    for line in lines:
        whole = _BLANKS.sub("", line).strip(_BRACKETS)
        if _ALONE.fullmatch(whole):
            return whole
        parts = line.split()
        marks = [part for part in parts if _ALONE.fullmatch(part.strip(_BRACKETS))]
        small = [part for part in parts if COPY_NO.fullmatch(part) or URGENCY.fullmatch(part)]
        if marks and len(marks) + len(small) == len(parts):
            return marks[0]
    return ""


def mark_on_page(first: Sheet) -> str:
    """The mark at the head of a document's first page; "" where there is none."""
    return mark_in_lines(row.text for row in first.text_rows if row.y < first.height * _HEAD)
