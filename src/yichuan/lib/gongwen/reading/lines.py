"""What a source is made of, before its parts are known: lines of text and tables, in order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from yichuan.lib.gongwen.reading.result import Notes, ReadingError, ReadingLimits

_MOST_BLANKS = 100
_BLANKS = re.compile(rf"[^\S\n]{{{_MOST_BLANKS},}}")
_TITLE_SIZE_PT = 18.0  # a title is 2号, 22 pt (7.3.1); text is 3号, 16 pt


@dataclass(frozen=True)
class Line:
    """One paragraph, or one line of a paragraph with forced breaks. ``where`` is Chinese: 第3段.

    ``level`` is what the file's style says: 0 a title, 1 to 4 a heading, None text. ``lead`` counts the characters at
    its beginning that are set in a face of headings. ``after_gap`` says that empty lines stand before it.
    """

    text: str
    where: str
    level: int | None = None
    centred: bool = False
    right: bool = False
    size_pt: float | None = None
    new_page: bool = False
    after_gap: bool = False
    indent: int = 0
    lead: int = 0
    red: bool = False

    @property
    def is_large(self) -> bool:
        """Set in a title's style or size."""
        return self.level == 0 or (self.size_pt or 0.0) >= _TITLE_SIZE_PT

    @property
    def stands_out(self) -> bool:
        """Set as titles are, which may be by its place alone."""
        return self.centred or self.is_large


@dataclass(frozen=True)
class GridCell:
    text: str
    colspan: int = 1
    rowspan: int = 1
    align: str = "center"


@dataclass(frozen=True)
class Grid:
    """A table whose rows cover every place once; covered places are left out, as the content model has it."""

    where: str
    columns: tuple[float, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    header_rows: int = 0
    new_page: bool = False

    def flattened(self) -> list[Line]:
        """The rows as lines, for tables that only hold things in place."""
        lines = []
        for row in self.rows:
            parts = [cell.text.split("\n") for cell in row if cell.text.strip()]
            # Cells of one line each stand beside each other; a cell of several lines is a column of its own.
            if all(len(part) == 1 for part in parts):
                parts = [["　".join(part[0] for part in parts)]] if parts else []
            lines += [Line(text.strip(), self.where) for part in parts for text in part if text.strip()]
        return lines


Source = Line | Grid


def printable(text: str, where: str, notes: Notes) -> str:
    """The text without what has no shape to print; what was taken out is noted. Blanks of all kinds stay blanks."""
    # No layout made of blanks is as wide; longer runs would only cost the patterns time.
    text = _BLANKS.sub(lambda run: run[0][:_MOST_BLANKS], text)
    if text.isascii() and text.isprintable():
        return text
    dropped: Counter[str] = Counter()
    kept = []
    for char in text:
        if char in "\n\t":
            kept.append("\n" if char == "\n" else "　")
        elif unicodedata.category(char)[0] == "C" or unicodedata.category(char) in ("Zl", "Zp"):
            dropped[char] += 1
        else:
            kept.append(" " if char == "\u00a0" else char)
    if dropped:
        names = "、".join(f"U+{ord(char):04X}×{count}" for char, count in sorted(dropped.items())[:8])
        notes.add("character_dropped", where, f"有印不出来的字符（{names}），已去掉。")
    return "".join(kept)


class Budget:
    """Counts what was taken and refuses what is beyond the limits."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._paragraphs = self._characters = self._cells = 0

    def paragraph(self, characters: int) -> None:
        self._paragraphs += 1
        self._characters += characters
        if self._paragraphs > self._limits.paragraphs:
            raise ReadingError("too_large", f"more than {self._limits.paragraphs} paragraphs; split the document")
        if self._characters > self._limits.characters:
            raise ReadingError("too_large", f"more than {self._limits.characters} characters; split the document")

    def cells(self, count: int) -> None:
        self._cells += count
        if self._cells > self._limits.cells:
            raise ReadingError("too_large", f"more than {self._limits.cells} table cells; attach the table as a file")
