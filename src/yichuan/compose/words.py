"""What of a title, a text and a number can be searched for: how each is read, and the pairs it is made of.

Search compares what a reader would call the same: width, case, spaces and punctuation do not count. Everything is
folded character by character, so that what is found in the folded text has its place in the text itself.
"""

import re
import unicodedata
from functools import lru_cache

from yichuan.lib.pinyin import initials as first_letters

_UNSEEN = ("Z", "P", "C", "M")  # spaces, punctuation, control and format characters, marks
_RUNS = re.compile(r"\d+|[^\d\s]+")
_OF_COURSE = frozenset("号第年字")  # said of every number, alone they look for nothing


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    same = unicodedata.normalize("NFKC", character).casefold()
    return "".join(each for each in same if unicodedata.category(each)[0] not in _UNSEEN)


def plain(text: str) -> str:
    """The text without what search does not look at. Of a part of a text it is a part of the text's."""
    return "".join(map(_folded, text))


def initials(title: str) -> str:
    """The title by first letters of pinyin (关于 is gy); what is no Chinese character stands as it is."""
    return plain(first_letters(title))


def pairs(text: str) -> set[str]:
    """Every two neighbouring characters of a plain text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def pairs_and_singles(text: str) -> set[str]:
    """The same, and every character alone: for titles, where one character is worth looking for."""
    return pairs(text) | set(text)


def number_runs(number: str) -> list[str]:
    """The parts of a document number, without its brackets: 江府办〔2008〕044号 is 江府办, 2008, 44, 号."""
    spaced = "".join(_folded(each) or " " for each in number)
    return [run.lstrip("0") or "0" if run.isdecimal() else run for run in _RUNS.findall(spaced)]


def number_terms(number: str) -> set[str]:
    """What a number is found by: its figures whole, its characters alone and in pairs."""
    found: set[str] = set()
    for run in number_runs(number):
        found |= {run} if run.isdecimal() else pairs_and_singles(run)
    return found


def number_sought(asked: str) -> list[str]:
    """The parts that somebody asks for: `44`, `江府办 44` and `[2008]44号` all ask for 44."""
    return [run for run in number_runs(asked) if run not in _OF_COURSE]


def words_of(asked: str) -> list[str]:
    """The words that somebody asks for, each plain; what holds no character is none."""
    return [word for word in map(plain, asked.split()) if word]


def spots(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the plain words stand in the text itself: from, to (exclusive), in their order; overlapping ones joined."""
    origin = [at for at, character in enumerate(text) for _ in _folded(character)]
    folded, found = plain(text), []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
