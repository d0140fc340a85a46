"""How Chinese is read, in pinyin without tones: for search by initials, for usernames, for order.

The readings are pypinyin's, and so is how they are chosen: from the left, the longest phrase that is in its dictionary,
else each character's first reading (also where the text ends inside a phrase: there it looks for none).
Its own tables take 58 MB of every process; these are the same in a sixth of it.
"""

import json
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PHRASE = re.compile(r'"([^"]+)": (\[.*?\]\s*\])', re.DOTALL)
_SYLLABLE = re.compile(r'\[\s*"([^"]+)"')
_CODES = 0x32400  # behind the last character of extension H


def pinyin(text: str) -> str:
    """重庆 is chongqing; what is no Chinese character stands as it is."""
    return "".join(_read(text))


def initials(text: str) -> str:
    """重庆 is cq; what is no Chinese character stands as it is."""
    return "".join(each[0] for each in _read(text))


def _read(text: str) -> Iterator[str]:
    """The syllable of each character; each other character itself."""
    tables, at = _tables(), 0
    while at < len(text):
        syllables = tables.phrase(text, at)
        yield from syllables
        at += len(syllables)


@dataclass
class _Tables:
    syllables: list[str]
    first: "array[int]"  # by code, the place of its syllable; nought is none
    phrases: dict[str, str | None]
    longest: int

    def phrase(self, text: str, at: int) -> list[str]:
        """The syllables of the longest phrase that begins here, or of the one character."""
        for end in range(min(len(text), at + self.longest), at + 1, -1):
            if (part := text[at:end]) in self.phrases:
                said = self.phrases[part]
                return said.split() if said else [self.of(each) for each in part]
        return [self.of(text[at])]

    def of(self, character: str) -> str:
        code = ord(character)
        return (self.syllables[self.first[code]] if code < _CODES else "") or character


@cache
def _tables() -> _Tables:
    found = find_spec("pypinyin")  # found, not imported: importing it is what takes the room
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pypinyin")
    folder = Path(found.origin).parent
    tables = _Tables([""], array("H", bytes(2 * _CODES)), {}, 1)
    places: dict[str, int] = {}
    for code, said in json.loads((folder / "pinyin_dict.json").read_text(encoding="utf-8")).items():
        syllable = _plain(said.partition(",")[0])
        if syllable not in places:
            places[syllable] = len(tables.syllables)
            tables.syllables.append(syllable)
        tables.first[int(code)] = places[syllable]
    for match in _PHRASE.finditer((folder / "phrases_dict.json").read_text(encoding="utf-8")):
        phrase, syllables = match[1], [_plain(each) for each in _SYLLABLE.findall(match[2])]
        usual = syllables == [tables.of(each) for each in phrase]
        tables.phrases[phrase] = None if usual else " ".join(syllables)
        tables.longest = max(tables.longest, len(phrase))
    return tables


@cache
def _plain(syllable: str) -> str:
    """A syllable without its tone: lǜ is lv, as typed."""
    parts = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(each for each in parts if not unicodedata.combining(each))
