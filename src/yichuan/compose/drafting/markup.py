"""The body as a clerk types it, line by line, and the blocks of the content model: there and back.

A line is a paragraph; 「一、」 and 「（一）」 begin headings, 「第一章」 a chapter, 「第一条」 an article; lines that
begin with 「|」 make a table, an empty line ends it. What a line cannot say (cells that span, words set off) is kept: a
line that was not changed keeps the block it came from, and such a table stands as one line 「【表格 1】」, a picture as
「【图片 1】」. A line that
only looks like a table or a section begins with a backslash; 「↵」 is a forced break in a section's title.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from yichuan.lib.gongwen.reading.patterns import line_block

Block = dict[str, Any]

MOST_COLUMNS = 20
_TABLE_LINE = "【表格 {}】"
_PICTURE_LINE = "【图片 {}】"
_BLANK_LINE = "【空行】"
_SECTION = re.compile(r"^#\s*(印发|附件)\s*(.*)$")
_LOOKS_MARKED = re.compile(r"\\*(\||#\s*(印发|附件))")
_BREAK = "↵"
KINDS = {"印发": "enclosures", "附件": "annexes"}


def to_text(blocks: Sequence[Block]) -> str:
    """The blocks as lines."""
    return "\n".join(line for line, _ in _lines(blocks))


def to_blocks(text: str, originals: Sequence[Block] = ()) -> list[Block]:
    """The lines as blocks; a line that `originals` would give keeps its block, equal lines theirs in order."""
    known = _Known((line, block) for line, block in _lines(originals) if block)
    blocks: list[Block] = []
    table: list[str] = []
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            blocks.append(_table(table))
            table = []
        if line:
            blocks.append(known.take(line) or _block(_unmarked(line)))
    return blocks


def sections_to_text(gongwen: dict[str, Any]) -> str:
    """Enclosures and annexes, each begun by its line 「#印发 标题」 or 「#附件 标题」."""
    parts = []
    for word, name in KINDS.items():
        parts += [f"#{word} {_one_line(part)}\n{to_text(part['body'])}" for part in gongwen.get(name, ())]
    return "\n\n".join(parts)


def text_to_sections(text: str, original: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The inverse, a list for each kind. Raises `ValueError` with a line that stands before the first section."""
    known = {name: _Known((_one_line(part), part) for part in original.get(name, ())) for name in KINDS.values()}
    found: dict[str, list[tuple[str, list[str]]]] = {name: [] for name in KINDS.values()}
    lines: list[str] | None = None
    for line in text.splitlines():
        begun = _SECTION.match(line.strip())
        if begun:
            lines = []
            found[KINDS[begun[1]]].append((begun[2].strip(), lines))
        elif lines is not None:
            lines.append(line)
        elif line.strip():
            raise ValueError(line.strip())
    return {
        name: [_section(title, lines, known[name].take(title)) for title, lines in parts]
        for name, parts in found.items()
    }


class _Known:
    """What each line stands for: of several under one line the first that was not taken, at last always the last."""

    def __init__(self, pairs: Iterable[tuple[str, Block]]) -> None:
        self._of: dict[str, deque[Block]] = {}
        for line, block in pairs:
            self._of.setdefault(line, deque()).append(block)

    def take(self, line: str) -> Block | None:
        waiting = self._of.get(line)
        if waiting is None:
            return None
        return waiting.popleft() if len(waiting) > 1 else waiting[0]


def _section(title: str, lines: list[str], original: Block | None) -> Block:
    original = original or {"title": title.replace(_BREAK, "\n")}
    section: Block = {"title": original["title"], "body": to_blocks("\n".join(lines), original.get("body", ()))}
    return section | {name: original[name] for name in ("attachments", "landscape") if original.get(name)}


def _one_line(part: Block) -> str:
    return str(part.get("title", "")).strip().replace("\n", _BREAK)


def _marked(line: str) -> str:
    line = line.strip()
    return f"\\{line}" if _LOOKS_MARKED.match(line) else line


def _unmarked(line: str) -> str:
    return line[1:] if line.startswith("\\") and _LOOKS_MARKED.match(line) else line


def _lines(blocks: Iterable[Block]) -> Iterable[tuple[str, Block]]:
    tables, pictures, after_table = 0, 0, False
    for block in blocks:
        simple = None
        if block["type"] == "table":
            tables += 1
            simple = _table_lines(block)
            if simple is None:
                yield _TABLE_LINE.format(tables), block
            elif after_table:
                yield "", {}
            yield from ((line, {}) for line in simple or ())
        elif block["type"] == "article":
            yield _marked(f"{block['number']}　{block['text']}"), block
        elif block["type"] == "picture":
            pictures += 1
            yield _PICTURE_LINE.format(pictures), block
        elif block["type"] == "blank":
            yield _BLANK_LINE, block
        else:
            yield _marked(block.get("lead", "") + block["text"]), block
        after_table = simple is not None


def _block(line: str) -> Block:
    if line == _BLANK_LINE:
        return {"type": "blank"}
    return line_block(line)


def _table(lines: list[str]) -> Block:
    rows = [[cell.strip() for cell in line[1:].removesuffix("|").split("|")] for line in lines]
    width = max(len(row) for row in rows)
    if width > MOST_COLUMNS:  # left as it is: the content model refuses it, and padding could fill the memory
        return {"type": "table", "columns": [1] * (MOST_COLUMNS + 1), "rows": rows[:1]}
    rows = [row + [""] * (width - len(row)) for row in rows]
    return {"type": "table", "columns": [1] * width, "header_rows": 1 if len(rows) > 1 else 0, "rows": rows}


def _table_lines(block: Block) -> list[str] | None:
    """The table as lines, where making it again from them gives the same table."""
    if any(not isinstance(cell, str) or "|" in cell or "\n" in cell for row in block["rows"] for cell in row):
        return None
    lines = ["|" + "|".join(row) + "|" for row in block["rows"]]
    return lines if _table(lines) == block else None
