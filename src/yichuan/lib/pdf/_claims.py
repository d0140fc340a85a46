"""What a file claims of itself, looked through before it is read: what would make its reader count to a thousand
million. In time that grows with the file and no faster."""

from __future__ import annotations

import re

from ._reader import too_many_objects
from .errors import PdfError
from .limits import Limits

_FIGURES = re.compile(rb"/(?:Index|W)(?=[\s\0%\[])")
_BLANK = re.compile(rb"[\s\0]*")
_NUMBERS = re.compile(rb"[\s\0\d.+-]*")
_LINE_END = re.compile(rb"[\r\n]")
_TABLE_LINE = re.compile(rb"\d\s+\d{1,5}\s+[nf]\b")
_ESCAPED_NAME = re.compile(rb"/[^\s\0/<>\[\](){}%]{0,40}#[0-9A-Fa-f]{2}[^\s\0/<>\[\](){}%]{0,40}")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_COMMENTS = 16
_MOST_KEPT = 100_000


def refuse_claims(data: bytes, limits: Limits) -> None:
    """Raises PdfError `broken` (a cross-reference stream that counts below zero), `hidden_names` (its keys written with
    escapes, or behind comments), `too_many_objects` (very long tables)."""
    lines = _Lines(data)
    for match in _FIGURES.finditer(data):
        if _below_zero(data, match.end(), lines):
            raise PdfError("broken", "A cross-reference stream counts below zero; the file is damaged or made to harm.")
    for match in _ESCAPED_NAME.finditer(data):
        if _ESCAPE.sub(lambda each: bytes((int(each[1], 16),)), match[0]) in (b"/Index", b"/W"):
            raise PdfError("hidden_names", f"The name {match[0].decode('latin-1')!r} hides what it is.")
    for number, _ in enumerate(_TABLE_LINE.finditer(data)):
        if number >= limits.objects:
            raise too_many_objects(limits.objects)


def _below_zero(data: bytes, position: int, lines: _Lines) -> bool:
    """Whether an array of numbers stands there, comments aside, and one of them is negative."""
    inside = negative = False
    comments = 0
    while comments < _MOST_COMMENTS:
        found = (_NUMBERS if inside else _BLANK).match(data, position)
        assert found is not None  # noqa: S101 - both match nothing, too
        negative = negative or b"-" in found[0]
        position = found.end()
        sign = data[position : position + 1]
        if sign == b"[" and not inside:
            inside, position = True, position + 1
        elif sign == b"%":
            position = lines.end(position, first=comments == 0)
            comments += 1
        else:
            return negative and sign == b"]"
    raise PdfError("hidden_names", "A cross-reference stream is written around comments; no writer does so.")


class _Lines:
    """Where comments end. Each is looked for once or twice, however many places inside it are asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._first = (0, 0)
        self._further: dict[int, int] = {}

    def end(self, position: int, *, first: bool) -> int:
        """The place behind the end of the comment. `first` when it is the first one behind a name: names come in order,
        and many may stand in one comment; what follows that comment is the same for all of them."""
        if not first:
            if len(self._further) > _MOST_KEPT:
                self._further.clear()
            if position not in self._further:
                self._further[position] = self._search(position)
            return self._further[position]
        begin, end = self._first
        if not begin <= position < end:
            self._first = position, self._search(position)
        return self._first[1]

    def _search(self, position: int) -> int:
        found = _LINE_END.search(self._data, position)
        return found.end() if found else len(self._data)
