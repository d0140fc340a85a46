"""Numbers that a word processor writes by itself: they are not in the text, but they are part of the document."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from yichuan.lib.gongwen.reading.docx_styles import value, w
from yichuan.lib.gongwen.reading.result import Notes

_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    "japaneseCounting", "ideographTraditional", "chineseLegalSimplified",
}  # fmt: skip
_CIRCLES = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_MOST = 100_000


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """The numbering of one document; asked once for each numbered paragraph, in order."""

    def __init__(self, root: etree._Element | None, notes: Notes) -> None:
        self._notes = notes
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        for each in root.iter(w("abstractNum")) if root is not None else ():
            self._levels[str(each.get(w("abstractNumId")))] = {
                int(level.get(w("ilvl"), "0")): _level(level)
                for level in each.iter(w("lvl"))
                if level.get(w("ilvl"), "0").isdecimal()
            }
        for each in root.iter(w("num")) if root is not None else ():
            self._abstract[str(each.get(w("numId")))] = value(each, "abstractNumId") or ""

    def prefix(self, number: tuple[str, int], where: str) -> str:
        """The text that stands before the paragraph: 一、 （一） 1. or a bullet."""
        abstract = self._abstract.get(number[0], "")
        levels, depth = self._levels.get(abstract, {}), number[1]
        level = levels.get(depth)
        if level is None:
            self._notes.add("numbering_lost", where, "自动编号读不出来，没有带入，请核对。")
            return ""
        counts = self._counts[abstract]
        counts[depth] = min(counts.get(depth, level.start - 1) + 1, _MOST)
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.form == "bullet":
            self._notes.add("bullet", where, "项目符号没有带入；公文用「一、」「（一）」等序数。")
            return ""

        def shown(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            other = levels.get(index, level)
            return self._number(counts.get(index, other.start), other.form, where)

        return _PLACE.sub(shown, level.text)

    def _number(self, count: int, form: str, where: str) -> str:
        if form in _CHINESE:
            return chinese_number(count)
        if form == "ideographDigital":
            return "".join(_DIGITS[int(digit)] for digit in str(count))
        if form in _CIRCLES and 1 <= count <= 20:
            return chr(0x2460 + count - 1)
        if form in ("upperLetter", "lowerLetter") and 1 <= count <= 26:
            return chr((65 if form == "upperLetter" else 97) + count - 1)
        if form in ("upperRoman", "lowerRoman"):
            return _roman(count) if form == "upperRoman" else _roman(count).lower()
        if form == "decimalZero":
            return f"{count:02d}"
        if form not in ("decimal", "decimalFullWidth", "decimalHalfWidth"):
            self._notes.add("numbering_form", where, f"自动编号的样式（{form[:30]}）改用阿拉伯数字，请核对。")
        return "" if form == "none" else str(count)


def _level(element: etree._Element) -> _Level:
    start = value(element, "start") or "1"
    return _Level(
        int(start) if start.isdecimal() else 1,
        value(element, "numFmt") or "decimal",
        (value(element, "lvlText") or "")[:40],
    )


def chinese_number(count: int) -> str:
    """一, 十, 十一, 二十, 一百零一; Arabic from a thousand on."""
    if not 0 < count < 1000:
        return str(count)
    hundreds, rest = divmod(count, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif ones and hundreds:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    if count > 3999:
        return str(count)
    text = ""
    for worth, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        text += sign * (count // worth)
        count %= worth
    return text
