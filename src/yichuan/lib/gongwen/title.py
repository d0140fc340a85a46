"""Breaking a title by sense, its lines in the shape of a trapezium or a rhombus (GB/T 9704-2012 7.3.1).

Every place between two characters has a price: dear inside words, numbers and names, cheap where a reader pauses. The
cheapest cuts whose lengths make a shape are taken. A drafter who disagrees breaks the line.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from yichuan.lib.gongwen.lines import NOT_AT_END, NOT_AT_START
from yichuan.lib.gongwen.title_words import AUTHORITIES, LONGEST, WORDS

_NEVER = float("inf")
_NAME = 120.0  # a break inside an issuer's name
_BAD = 40.0  # inside a word
_AWKWARD = 20.0  # between a place and its authority, inside what is likely a word
_LOOSE = 10.0  # between two characters that no known word holds
_PLAIN = 3.0  # between words
_BOOK = 12.0  # more, inside 《》
_EXTRA_LINE = 6.0  # a line more than needed may break better; it must earn its place
_WAIST = 18.0  # a line shorter than both its neighbours: neither trapezium nor rhombus
_SHORT = 3  # characters a line must have at least
_PLACE_ENDS = "省市县区州镇乡"
_TAILS = _PLACE_ENDS + "局厅部委办处科院所站队会法率权化性类等者级"
_KINDS = "通知|通告|公告|决定|决议|请示|报告|批复|命令|意见|函|复函|通报|议案|公报|方案|办法|规定"
# What belongs together though no list holds it: ordinals, amounts and years with their nouns, the end of a title.
_TOGETHER = re.compile(
    r"第[一二三四五六七八九十百千\d]+[批届次号条章期年轮个]?|"
    r"[\d.%％]+(?:[年月日个家项条号批届次户人元万亿市]|周年|年度|年前)?|"
    rf"[”》）]?的(?:{_KINDS})$"
)


def break_title(title: str, names: tuple[str, ...], width: int) -> list[str]:
    """The title's lines, none longer than ``width`` characters; line breaks in the title are kept.

    ``names`` (the issuers) are not broken as long as they fit on a line.
    """
    forced = [line.strip(" 　") for line in title.split("\n") if line.strip(" 　")]
    if len(forced) > 1 and all(len(line) <= width for line in forced):
        return forced
    text = "".join(forced)
    if len(text) <= width:
        return [text]
    prices = _prices(text, tuple(name for name in names if len(name) <= width))
    least = -(-len(text) // width)
    shapes = [_arrange(text, prices, count, width) for count in (least, least + 1)]
    _, lines = min((score + _EXTRA_LINE * extra, lines) for extra, (score, lines) in enumerate(shapes))
    return lines


def _segments(text: str) -> list[str]:
    """The text cut into known words and single characters, as few of either as will do, characters counting more."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # for each length of the text: price and where its last piece begins
    for end in range(1, len(text) + 1):
        options = [(best[end - 1][0] + 1.6, end - 1)]
        for start in range(max(0, end - LONGEST), end - 1):
            if text[start:end] in WORDS:
                options.append((best[start][0] + 1.0, start))
        best.append(min(options))
    pieces = []
    end = len(text)
    while end:
        start = best[end][1]
        pieces.append(text[start:end])
        end = start
    return pieces[::-1]


def _prices(text: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """What a break before each character costs; infinity where it is not allowed."""
    prices = [_BAD] * len(text)
    prices[0] = _NEVER
    at = 0
    for before, after in pairwise(_segments(text)):
        at += len(before)
        prices[at] = _between(before, after)
    for found in _TOGETHER.finditer(text):
        _raise(prices, found.start(), found.end(), _BAD)
    for name in names:
        for found in re.finditer(re.escape(name), text):
            _raise(prices, found.start(), found.end(), _NAME)
            if found.end() < len(text) and prices[found.end()] < _NEVER:
                prices[found.end()] = 0.0
    depth = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        depth += (before == "《") - (before == "》")
        if after in NOT_AT_START or before in NOT_AT_END or (before.isascii() and after.isascii()) or before == "　":
            prices[index] = _NEVER
        elif after == "　":
            prices[index] = 0.0
        elif depth > 0:
            prices[index] += _BOOK
    return tuple(prices)


def _raise(prices: list[float], start: int, end: int, price: float) -> None:
    for index in range(start + 1, end):
        prices[index] = max(prices[index], price)


def _between(before: str, after: str) -> float:
    """The price of a break between two pieces of a title."""
    if before == "关于":
        return _LOOSE
    if after == "关于":
        return 0.0
    if after in "的和及与等" or (len(after) == 1 and after in _TAILS and before[-1] not in _TAILS):
        return _AWKWARD
    if before[-1] in _PLACE_ENDS and after in AUTHORITIES:
        return _AWKWARD
    if len(before) == 1 and after[0] in _PLACE_ENDS and before not in "，、和及与":
        return _AWKWARD  # a place's name, which no list holds, and 市区
    if before in "，、和及与的" or after[0] in "《“（":
        return _PLAIN - 2.0
    if len(before) == 1 and len(after) == 1:
        return _LOOSE
    return _PLAIN


def _arrange(text: str, prices: tuple[float, ...], count: int, width: int) -> tuple[float, list[str]]:
    """The cheapest way to cut the text into ``count`` lines, with its cost."""

    @cache
    def best(start: int, left: int, previous: int, narrowing: bool) -> tuple[float, tuple[int, ...]]:
        rest = len(text) - start
        if left == 1:
            fits = _SHORT <= rest <= width
            return (_shape(previous, rest, narrowing) if fits else _NEVER), ()
        found: tuple[float, tuple[int, ...]] = (_NEVER, ())
        for length in range(max(_SHORT, rest - (left - 1) * width), min(width, rest - 1) + 1):
            if prices[start + length] == _NEVER:
                continue
            narrower = narrowing or 0 < length < previous
            score, cuts = best(start + length, left - 1, length, narrower)
            score += prices[start + length] + _shape(previous, length, narrowing)
            if score < found[0]:
                found = score, (start + length, *cuts)
        return found

    score, cuts = best(0, count, 0, False)
    if score == _NEVER:
        cuts = tuple(range(width, len(text), width))
    edges = [0, *cuts, len(text)]
    return score, [text[a:b].strip("　") for a, b in pairwise(edges)]


def _shape(previous: int, length: int, narrowing: bool) -> float:
    """Neighbouring lines differ a little, and once lines become shorter they do not become longer again."""
    if previous == 0:
        return 0.0
    difference = abs(previous - length)
    waist = _WAIST if narrowing and length > previous else 0.0
    return waist + (3.0 if difference == 0 else 0.25 * max(0, difference - 2) ** 1.5)
