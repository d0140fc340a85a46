"""How the parts of a 公文 look as text. Patterns are liberal: faults of form are for the checker to name."""

from __future__ import annotations

import datetime
import re
from typing import Any

KINDS = "决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"
_DIGIT = "〇○０零一二三四五六七八九"
_COUNT = "一二三四五六七八九十百"
_YEAR = rf"(?:[12１２]\d{{3}}|[{_DIGIT}]{{4}})"
_PART = r"(?:\d{1,2}|[〇○零一二三四五六七八九十廿卅]{1,4})"
DATE_TEXT = rf"{_YEAR}\s*年\s*{_PART}\s*月\s*{_PART}\s*日"

DATE = re.compile(rf"({_YEAR})\s*年\s*({_PART})\s*月\s*({_PART})\s*日")
UNFINISHED_DATE = re.compile(rf"{_YEAR}\s*年\s*(?:{_PART})?\s*月\s*日")
DOC_NO = re.compile(r"(\S{1,20}?\s*[〔\[（(【﹝［]\s*\d{4}\s*[〕\])）】﹞］]\s*第?\s*\d{1,6}\s*号)(.*)")
SERIAL = re.compile(r"[（(]?\s*(第\s*\d{1,6}\s*[号期次])\s*[）)]?")
ATTENDANCE = re.compile(r"(出\s*席|请\s*假|缺\s*席|列\s*席)(?:人员|单位)?\s*[:：]\s*(\S.*)")
SIGNATURE = re.compile(r"(\S{2,20})[\s　]+(\S{2,4}|\S[\s　]\S)")
COPY_NO = re.compile(r"(?:份号[:：]?|[Nn][Oo][.:：]?)?\s*(\d{3,8})")
SECRECY = re.compile(r"(?:绝密|机密|秘密)(?:★.*)?")
URGENCY = re.compile(r"(?:特急|加急|急件|特提|平急)")
SIGNERS = re.compile(r"签\s*发\s*人?\s*[:：]\s*(.+)")
RULE = re.compile(r"[-—_＿─━═=*＊★☆\s]{3,}")
ANNEX = re.compile(rf"附\s*件\s*(\d{{1,2}}|[{_COUNT}]{{1,3}})?\s*(?:[:：]\s*(\S.*)?)?")
LISTED = re.compile(r"附\s*件\s*[:：]\s*(.*)")
LISTED_NUMBER = re.compile(r"(\d{1,2})\s*[.．、]\s*(?!\d)")
NOTE = re.compile(r"[（(](.+)[）)]")
COPY_LINE = re.compile(r"(主\s*送|抄\s*送|抄\s*报|分\s*送)\s*[:：]\s*(.*)")
PRINTED = re.compile(rf"(.*?)[\s　]*({DATE_TEXT})\s*印\s*发。?")
INTRODUCES = re.compile(r"(?:如下|以下|下列|如次|下面|要求|精神|为此|特此)[\w\s，、]{0,8}[：:]$")
TITLE_END = re.compile(rf"(?:{KINDS})(?:[（(](?:试行|草案|征求意见稿|修订|送审稿|暂行|稿)[）)])?$")
UNIT_END = re.compile(
    r"(?:府|室|局|委|厅|部|会|院|办|处|中心|党组|集团|公司|学|校|社|站|队|署|行|团|组|科|所|馆|社区|海关|总局|联盟|厂|库)$"
)
CHAPTER = re.compile(rf"第[{_COUNT}]+章\s*\S.*")
ARTICLE = re.compile(rf"(第[{_COUNT}]+条)\s*(\S.*)")
NUMBERS = (
    (1, re.compile(rf"[{_COUNT}]+、")),
    (2, re.compile(rf"[（(][{_COUNT}]+[）)]")),
    (3, re.compile(r"\d{1,2}[.．](?![\d])")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)
_LONGEST_HEADING = 60
_LONGEST_LEAD, _LONGEST_LEAD_WITH_COMMA = 28, 18
_SENTENCE = re.compile(r"[^。；：！？]*[。：]")


def number_level(text: str) -> int | None:
    """The level (7.3.3) of the number that the text begins with: 一、 （一） 1. （1）."""
    return next((level for level, pattern in NUMBERS if pattern.match(text)), None)


def is_structural(text: str) -> bool:
    """Whether a line begins something by what it says: a numbered heading, an annex, a date, 抄送."""
    return bool(
        number_level(text)
        or CHAPTER.fullmatch(text)
        or ARTICLE.fullmatch(text)
        or ANNEX.fullmatch(text)
        or LISTED.fullmatch(text)
        or DATE.fullmatch(text)
        or COPY_LINE.fullmatch(text)
        or PRINTED.fullmatch(text)
    )


def line_block(text: str) -> dict[str, Any]:
    """The block that one line of text is: chapter, article, heading or paragraph.

    A line is a heading of level 1 or 2 by its number, where it is short and holds no sentence.
    """
    if CHAPTER.fullmatch(text):
        return {"type": "chapter", "text": text}
    if article := ARTICLE.fullmatch(text):
        return {"type": "article", "number": article[1], "text": article[2]}
    level = number_level(text)
    if level in (1, 2) and not re.search("[。；：]", text):
        rest = NUMBERS[level - 1][1].sub("", text, count=1)
        if 1 <= len(rest) <= _LONGEST_HEADING:
            return {"type": "heading", "level": level, "text": text}
    return {"type": "paragraph", "text": text}


def lead_length(text: str, level: int) -> int:
    """How much of a paragraph that begins with a number of this level is its heading: the first sentence, if short."""
    sentence = _SENTENCE.match(text)
    if level > 2 or sentence is None or len(sentence[0]) == len(text):
        return 0
    most = _LONGEST_LEAD_WITH_COMMA if "，" in sentence[0] else _LONGEST_LEAD
    return len(sentence[0]) if len(sentence[0]) <= most else 0


def parse_date(match: re.Match[str]) -> datetime.date | None:
    """The day of a match of ``DATE``, or None when the calendar has no such day."""
    year, month, day = match.groups()
    try:
        return datetime.date(_year(year), _count(month), _count(day))
    except ValueError:
        return None


def chinese_count(text: str) -> int:
    """一 to 九百九十九 (also 廿 and 卅), or Arabic digits; ValueError for anything else."""
    return _count(text)


def _year(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return int("".join(_digit(char) for char in text))


def _digit(char: str) -> str:
    return "0" if char in "〇○０零" else str("一二三四五六七八九".index(char) + 1)


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for char in text.replace("廿", "二十").replace("卅", "三十"):
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = int(_digit(char))
    return total + digit
