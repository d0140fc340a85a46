"""Marks and numerals of Chinese text (GB/T 9704-2012 clause 9, which refers to GB/T 15834-2011 and GB/T 15835-2011)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from yichuan.lib.gongwen.checker.findings import Finding, catalogue, finding
from yichuan.lib.gongwen.model import iter_text

_HAN = r"\u3400-\u9fff"
_PAIRS = {"（": "）", "《": "》", "“": "”", "〔": "〕", "【": "】", "「": "」"}
_NUMBERED = re.compile(r"(?:^|[\s，。；：、])(?:\d{1,2}|[A-Za-z甲乙丙丁一二三四五六])）")  # 1）
_CODES = re.compile(r"\$\.(?:doc_no|date|print_date|copy_no|form|serial)\b|\.(?:type|align|data)$")
_PAGE = 22 * 28  # characters of a page (5.2.3)
_MOST_OF_ONE = 5  # findings of one rule in one text
_AROUND = 6


def check_language(obj: dict[str, Any]) -> Iterator[Finding]:
    """Every text of the document but numbers and dates."""
    for path, text in iter_text(obj):
        if _CODES.search(path):
            continue
        for code, pattern in _patterns():
            for index, found in enumerate(pattern.finditer(text)):
                if index == _MOST_OF_ONE:
                    break
                yield finding(code, path, shown=text[max(found.start() - _AROUND, 0) : found.end() + _AROUND])
        if unpaired := _unpaired(text):
            yield finding("unpaired", path, shown=unpaired)
        if len(text) > _PAGE and re.search(r"body\[\d+\]\.text$", path):
            yield finding("long_paragraph", path, count=len(text))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rules of the catalogue that are a pattern."""
    return tuple(
        (code, re.compile(entry["pattern"].replace("{H}", _HAN)))
        for code, entry in catalogue().items()
        if "pattern" in entry
    )


def _unpaired(text: str) -> str:
    """The first mark without its other half; empty when there is none."""
    waiting: list[str] = []
    numbered = _NUMBERED.search(text) is not None
    for char in text:
        if char in _PAIRS:
            waiting.append(char)
        elif char in _PAIRS.values():
            if waiting and _PAIRS[waiting[-1]] == char:
                waiting.pop()
            elif char != "）" or not numbered:
                return char
    # A quotation over several paragraphs opens each of them.
    return waiting[-1] if waiting and waiting[-1] != "“" else ""
