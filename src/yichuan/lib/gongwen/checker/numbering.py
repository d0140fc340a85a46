"""Numbers of the text's structure (GB/T 9704-2012 7.3.3): 一、 （一） 1. （1）, each in its form, none left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yichuan.lib.gongwen.checker.findings import Finding, finding
from yichuan.lib.gongwen.checker.values import bodies, text_of
from yichuan.lib.gongwen.reading.patterns import chinese_count, number_level

_COUNT = "一二三四五六七八九十百"
_ANY = rf"(?:[{_COUNT}]+|\d{{1,2}})"
_NUMBER = re.compile(rf"[（(]?([{_COUNT}]+|\d{{1,2}})")
_ARTICLE = re.compile(rf"第([{_COUNT}]+)条")
_FAULTS = (
    (re.compile(rf"[（(]{_ANY}[）)][、.．，]"), "带括号的序数后又加了标点"),
    (re.compile(rf"[{_COUNT}]{{1,3}}[.．，](?!\d)"), "第一层序数后不是顿号"),
    (re.compile(r"\d{1,2}、"), "第三层序数后用了顿号"),
    (re.compile(r"\d{1,2}．"), "第三层序数后用了全角点"),
    (re.compile(rf"\({_ANY}[）)]|（{_ANY}\)"), "序数用了半角括号"),
    (re.compile("[①-⑳⑴-⒇⒈-⒛]"), "用了带圈或合体的序数字符"),
)


def check_numbering(obj: dict[str, Any]) -> Iterator[Finding]:
    """Gaps, repetitions and wrong forms of numbers in every text."""
    for path, blocks in bodies(obj):
        last: dict[int, int] = {}
        article = 0
        for index, block in enumerate(blocks):
            where = f"{path}[{index}]"
            if block.get("type") == "article":
                found = _ARTICLE.fullmatch(text_of(block, "number"))
                number = chinese_count(found[1]) if found else article + 1
                yield from _step(where, article, number, text_of(block, "number"), may_begin_again=False)
                article, last = number, {}
            elif block.get("type") in ("heading", "paragraph"):
                text = text_of(block, "lead") + text_of(block, "text")
                yield from _form(where, text)
                yield from _order(where, text, block, last)


def _form(where: str, text: str) -> Iterator[Finding]:
    for pattern, fault in _FAULTS:
        if found := pattern.match(text):
            yield finding("number_form", where, shown=found[0], other=fault)
            return


def _order(where: str, text: str, block: dict[str, Any], last: dict[int, int]) -> Iterator[Finding]:
    level, found = number_level(text), _NUMBER.match(text)
    if level is None or found is None:
        return
    number = chinese_count(found[1])
    shown = text[: found.end() + 1]
    yield from _step(where, last.get(level, 0), number, shown, may_begin_again=level > 1)
    if block.get("type") == "heading":
        if block.get("level") != level:
            yield finding("heading_level", f"{where}.level", shown=text, count=level, other=block.get("level"))
        if text[-1] in "。；，：.;,":
            yield finding("heading_mark", where, shown=text)
    last[level] = number
    for deeper in [each for each in last if each > level]:
        del last[deeper]


def _step(where: str, before: int, number: int, shown: str, *, may_begin_again: bool) -> Iterator[Finding]:
    """A number follows the one before; a list within the text may begin again with 1."""
    if number == before + 1 or (number == 1 and may_begin_again):
        return
    if before == 0:
        fault = "之前没有第一个"
    elif number <= before:
        fault = "与前面的重复或倒退"
    else:
        fault = f"之前缺了 {number - before - 1} 个"
    yield finding("number_order", where, shown=shown, other=fault)
