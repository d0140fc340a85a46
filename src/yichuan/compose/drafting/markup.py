"""The body as a clerk types it, line by line, and the blocks of the content model: there and back.

A line is a paragraph; 「一、」 and 「（一）」 begin headings, 「第一章」 a chapter, 「第一条」 an article; lines
that begin with 「|」 make a table. What a line cannot say (cells that span, words set off) is kept: a line that was not changed
keeps the block it came from, and such a table stands as one line 「【表格 1】」.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]

_TABLE_LINE = "【表格 {}】"
_BLANK_LINE = "【空行】"
_CHAPTER = re.compile(r"^第[一二三四五六七八九十百]+章\s*\S")
_ARTICLE = re.compile(r"^(第[一二三四五六七八九十百]+条)\s*(\S.*)$")
_HEADINGS = (
    (1, re.compile(r"^[一二三四五六七八九十]+、[^。；：]{1,60}$")),
    (2, re.compile(r"^（[一二三四五六七八九十]+）[^。；：]{1,60}$")),
)
_SECTION = re.compile(r"^#\s*(印发|附件)\s*(.*)$")
KINDS = {"印发": "enclosures", "附件": "annexes"}


def to_text(blocks: Sequence[Block]) -> str:
    """The blocks as lines."""
    return "\n".join(line for line, _ in _lines(blocks))


def to_blocks(text: str, originals: Sequence[Block] = ()) -> list[Block]:
    """The lines as blocks; a line that `originals` would give keeps its block."""
    known = {line: block for line, block in _lines(originals) if block}
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
            blocks.append(known.get(line) or _block(line))
    return blocks


def sections_to_text(gongwen: dict[str, Any]) -> str:
    """Enclosures and annexes, each begun by its line 「#印发 标题」 or 「#附件 标题」."""
    parts = []
    for word, name in KINDS.items():
        parts += [f"#{word} {part['title']}\n{to_text(part['body'])}" for part in gongwen.get(name, ())]
    return "\n\n".join(parts)


def text_to_sections(text: str, original: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The inverse, a list for each kind. Raises `ValueError` with a line that stands before the first one."""
    known = {
        (name, part["title"]): part for name in KINDS.values() for part in original.get(name, ()) if "title" in part
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in KINDS.values()}
    lines: list[str] | None = None
    for line in text.splitlines():
        begun = _SECTION.match(line.strip())
        if begun:
            lines = []
            found[KINDS[begun[1]]].append({"title": begun[2].strip(), "lines": lines})
        elif line.strip():
            if lines is None:
                raise ValueError(line.strip())
            lines.append(line)
    return {
        name: [_section(part, known.get((name, part["title"]), {})) for part in parts] for name, parts in found.items()
    }


def _section(part: dict[str, Any], original: dict[str, Any]) -> dict[str, Any]:
    body = to_blocks("\n".join(part["lines"]), original.get("body", ()))
    section: dict[str, Any] = {"title": part["title"], "body": body}
    if original.get("attachments"):
        section["attachments"] = original["attachments"]
    return section


def _lines(blocks: Iterable[Block]) -> Iterable[tuple[str, Block]]:
    tables = 0
    for block in blocks:
        if block["type"] == "table":
            tables += 1
            simple = _table_lines(block)
            if simple is None:
                yield _TABLE_LINE.format(tables), block
            else:
                yield from ((line, {}) for line in simple)
        elif block["type"] == "article":
            yield f"{block['number']}　{block['text']}", block
        elif block["type"] == "blank":
            yield _BLANK_LINE, block
        else:
            yield block.get("lead", "") + block["text"], block


def _block(line: str) -> Block:
    if line == _BLANK_LINE:
        return {"type": "blank"}
    if _CHAPTER.match(line):
        return {"type": "chapter", "text": line}
    article = _ARTICLE.match(line)
    if article:
        return {"type": "article", "number": article[1], "text": article[2]}
    for level, pattern in _HEADINGS:
        if pattern.match(line):
            return {"type": "heading", "level": level, "text": line}
    return {"type": "paragraph", "text": line}


def _table(lines: list[str]) -> Block:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return {"type": "table", "columns": [1] * width, "header_rows": 1 if len(rows) > 1 else 0, "rows": rows}


def _table_lines(block: Block) -> list[str] | None:
    """The table as lines, where making it again from them gives the same table."""
    if any(not isinstance(cell, str) or "|" in cell or "\n" in cell for row in block["rows"] for cell in row):
        return None
    lines = ["|" + "|".join(row) + "|" for row in block["rows"]]
    return lines if _table(lines) == block else None
