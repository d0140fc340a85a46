"""What the template is told: a flow of items, each already broken into lines and placed inside itself.

The template only stacks items, turns pages and sets tables; every decision about text is made in Python, where it
can be tested without typesetting. Lengths are points. The kinds of item:

* ``line``: one line of the grid, ``runs`` of text; ``sticky`` keeps it on the page of the item after it
* ``gap``: ``rows`` empty lines, which vanish at the top of a page
* ``fixed``: an unbreakable block of ``rows`` lines with ``items`` (text, rule) placed in it; ``mark`` names its place
* ``table``: see ``table_item``
* ``page``: a new page

A ``tight`` item follows a table and stands close to it, since the table ends with its own way back to the grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from yichuan.lib.gongwen import grid, model
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, Run, break_lines, text_width
from yichuan.lib.gongwen.title import break_title

Item = dict[str, Any]

HEADING_ROLES = {1: "heiti", 2: "kaiti", 3: "fangsong", 4: "fangsong"}
_BLANK_BETWEEN_NAMES = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
TITLE_WIDTH = int(grid.WIDTH // grid.SIZE_2)  # characters of 2号 on a line
_SHORT_TABLE = 8  # rows of a table that is moved along rather than torn from what follows
_TABLE_CLEARANCE = 5.0  # points between a table's rule and the next line's text, at least


def text_items(line: Line, *, cell: float, size: float, x: float = 0.0, y: float = 0.0, **more: Any) -> list[Item]:
    """A line's runs as placed texts."""
    return [
        {"text": run.text, "x": x + run.x * cell, "y": y, "size": size, "role": run.role, "track": track, **more}
        for run in line.runs
        for track in [_tracking(run, cell, size)]
    ]


def _tracking(run: Run, cell: float, size: float) -> float:
    """Space after each character so that a run fills its cells; shared out evenly in half-width words."""
    if run.full:
        return cell - size + run.gap * cell
    return run.width * (cell - size) / len(run.text)


def line_item(line: Line, *, sticky: bool = False) -> Item:
    return {"kind": "line", "sticky": sticky, "items": text_items(line, cell=grid.CELL, size=grid.SIZE_3)}


def gap_item(rows: int = 1) -> Item:
    return {"kind": "gap", "rows": rows}


def set_lines(
    spans: list[tuple[str, str]], fonts: FontSet, *, first: float = 0.0, hang: float = 0.0, justify: bool = True
) -> list[Line]:
    return break_lines(spans, fonts, width=grid.COLUMNS, first=first, hang=hang, justify=justify)


def centred(text: str, role: str, fonts: FontSet) -> list[Line]:
    lines = set_lines([(role, text)], fonts, justify=False)
    return [line.shifted((grid.COLUMNS - line.width) / 2) for line in lines]


def title_items(title: str, names: tuple[str, ...], fonts: FontSet, row: int) -> tuple[list[Item], int]:
    """A title in 2号 小标宋, each line centred on a row of the grid from ``row`` on; returns its number of rows too."""
    items: list[Item] = []
    # The blank between joint issuers is a whole character, or it could not be seen.
    lines = break_title(_BLANK_BETWEEN_NAMES.sub("　", title), names, TITLE_WIDTH)
    for index, text in enumerate(lines):
        (line,) = break_lines([("xiaobiaosong", text)], fonts, width=10_000, justify=False) or (Line((), 0.0),)
        items += text_items(
            line,
            cell=grid.SIZE_2,
            size=grid.SIZE_2,
            x=(grid.WIDTH - line.width * grid.SIZE_2) / 2,
            y=grid.row_top(row + index) - (grid.SIZE_2 - grid.SIZE_3) / 2,
        )
    return items, len(lines)


def block_items(block: model.Block, fonts: FontSet) -> list[Item]:
    match block:
        case model.Paragraph():
            lead = [(HEADING_ROLES[block.lead_level], block.lead)] if block.lead else []
            spans = [*lead, ("fangsong", block.text)]
            return [line_item(line) for line in set_lines(spans, fonts, first=2.0 if block.indent else 0.0)]
        case model.Heading():
            lines = set_lines([(HEADING_ROLES[block.level], block.text)], fonts, first=2.0)
            return [line_item(line, sticky=True) for line in lines]
        case model.Article():
            spans = [("heiti", block.number), ("fangsong", "　" + block.text)]
            return [line_item(line) for line in set_lines(spans, fonts, first=2.0)]
        case model.Chapter():
            lines = centred(block.text, "heiti", fonts)
            return [gap_item(), *(line_item(line, sticky=True) for line in lines), gap_item()]
        case model.Blank():
            return [gap_item()]
        case model.Table():
            return [table_item(block)]


def body_items(blocks: Iterable[model.Block], fonts: FontSet) -> list[Item]:
    return [item for block in blocks for item in block_items(block, fonts)]


def join_gaps(flow: list[Item]) -> list[Item]:
    """Make one gap of neighbouring ones, and those after a table part of it: it ends off the grid and leads back."""
    items: list[Item] = []
    for item in flow:
        if item["kind"] == "gap" and items and items[-1]["kind"] == "table":
            items[-1]["rows_after"] = max(items[-1]["rows_after"], item["rows"])
        elif item["kind"] == "gap" and items and items[-1]["kind"] == "gap":
            items[-1]["rows"] = max(items[-1]["rows"], item["rows"])
        else:
            items.append(item | {"tight": True} if items and items[-1]["kind"] == "table" else item)
    return items


def attachment_items(names: tuple[str, ...], fonts: FontSet) -> list[Item]:
    """附件说明 (7.3.4): below one empty line, names aligned with each other when they run over."""
    if not names:
        return []
    label = "附件："
    items = [gap_item()]
    number_width = 0.0
    if len(names) > 1:
        number_width = max(text_width("fangsong", f"{n}.", fonts) for n in range(1, len(names) + 1))
    start = 2.0 + len(label) + number_width
    for index, name in enumerate(names):
        number = f"{index + 1}." if len(names) > 1 else ""
        lines = set_lines([("fangsong", name)], fonts, first=start, hang=start)
        before: list[Run] = []
        if index == 0:
            before.append(Run(2.0, label, "fangsong", float(len(label)), 0.0, True))
        if number:
            before.append(Run(2.0 + len(label), number, "fangsong", text_width("fangsong", number, fonts), 0.0, False))
        lines[0] = Line((*before, *lines[0].runs), lines[0].width)
        items += [line_item(line) for line in lines]
    return items


def table_item(table: model.Table) -> Item:
    """A table for typst's own table maker: it leaves the grid inside and leads back to it after."""
    return {
        "kind": "table",
        "columns": list(table.columns),
        "header_rows": table.header_rows,
        "size": table.font_size_pt,
        "heights": [height * grid.MM for height in table.row_heights_mm],
        "rows": [[vars(cell) for cell in row] for row in table.rows],
        "sticky": False,
        "rows_after": 0,
        "clearance": _TABLE_CLEARANCE,
    }


def section_items(section: model.Section, label: str, fonts: FontSet) -> list[Item]:
    """An annex (7.3.7: label at the top left in 黑体, title on the third row) or, without label, an enclosure."""
    items: list[Item] = []
    row = 1
    if label:
        row = 2
        for line in set_lines([("heiti", label)], fonts):
            items += text_items(line, cell=grid.CELL, size=grid.SIZE_3)
    title, rows = title_items(section.title, (), fonts, row)
    head = {"kind": "fixed", "rows": row + rows, "items": items + title, "mark": "", "sticky": True}
    return [
        {"kind": "page"},
        head,
        gap_item(),
        *body_items(section.body, fonts),
        *attachment_items(section.attachments, fonts),
    ]


def keep_with_next(items: list[Item], lines: int) -> None:
    """Make the last ``lines`` lines stay with what follows. A short table counts as enough; a long one cannot move."""
    for item in reversed(items):
        if item["kind"] == "line":
            item["sticky"] = True
            lines -= 1
        if item["kind"] == "table":
            item["sticky"] = len(item["rows"]) <= _SHORT_TABLE
        if lines == 0 or item["kind"] in ("table", "fixed", "page"):
            return
