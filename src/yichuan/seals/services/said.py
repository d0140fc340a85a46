"""Opinions and reasons as they are kept beside a step."""

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid

LONGEST = 400


def said(words: str, *, needed: str = "", field: str = "words") -> str:
    """The words without spaces around them. Raises `Invalid`; `needed` is the refusal of empty ones."""
    words = words.strip()
    if needed and not words:
        raise Invalid({field: needed})
    if len(words) > LONGEST:
        raise Invalid({field: f"这里请不超过 {LONGEST} 个字，现在有 {len(words)} 个字。"})
    if hides_something(words, lines=True):
        raise Invalid({field: "文字里有看不见的字符，请重新填写。"})
    return words
