"""What a reader gives back, and how much of a stranger's file it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_MOST_NOTES = 500


@dataclass(frozen=True)
class ReadingNote:
    """Something left out, moved or rewritten: ``code`` is stable, ``place`` and ``message`` are a clerk's Chinese."""

    code: str
    place: str
    message: str


@dataclass(frozen=True)
class Reading:
    """``content`` is the content model's JSON (``schema.SCHEMA``) with what was found; what was not found is absent, so
    it may still lack fields the schema requires. Texts are as written."""

    content: dict[str, Any]
    notes: tuple[ReadingNote, ...]


class ReadingError(ValueError):
    """A file that cannot be read: ``code`` is stable, the message English with the remedy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class ReadingLimits:
    """Bounds on one file; beyond them it is refused with ``too_large``."""

    file_bytes: int = 32 * 2**20
    unpacked_bytes: int = 256 * 2**20
    xml_bytes: int = 24 * 2**20
    xml_depth: int = 200
    paragraphs: int = 20_000
    characters: int = 400_000
    """What the content model takes (``schema.MAX_CHARACTERS``)."""
    cells: int = 40_000


@dataclass
class Notes:
    """Notes while they are collected: each once, and so many at most."""

    found: dict[ReadingNote, None] = field(default_factory=dict)

    def add(self, code: str, place: str, message: str) -> None:
        if len(self.found) < _MOST_NOTES:
            self.found.setdefault(ReadingNote(code, place, message))

    def all(self) -> tuple[ReadingNote, ...]:
        return tuple(self.found)


def quoted(text: str, most: int = 40) -> str:
    """A text as a note quotes it."""
    text = " ".join(text.split())
    return f"「{text[:most]}…」" if len(text) > most else f"「{text}」"


def put(content: dict[str, Any], name: str, value: str, where: str, notes: Notes) -> None:
    """Set a field once; what would be a second value of it is noted instead."""
    if name in content:
        notes.add("repeated", where, f"{quoted(value)}与前面的{quoted(str(content[name]))}重复，没有带入。")
    else:
        content[name] = value
