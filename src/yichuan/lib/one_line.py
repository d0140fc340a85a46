"""Texts of one line that a reader sees whole: spaces of any width stand in Chinese names, nothing hidden does."""

import unicodedata


def is_one_line(text: str) -> bool:
    """Whether it holds letters, signs and spaces alone: no ends of lines, no control or format characters."""
    return all(map(_shows, text))


def one_line(text: str) -> str:
    """The text with a plain space for every character that does not show."""
    return "".join(letter if _shows(letter) else " " for letter in text)


def _shows(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"
