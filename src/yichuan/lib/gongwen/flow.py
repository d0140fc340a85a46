"""What the template is told: a flow of items, each already broken into lines and placed inside itself.

The template only stacks items, turns pages and sets tables; every decision about text is made in Python, where it
can be tested without typesetting. Lengths are points. The kinds of item:

* ``line``: one line of the grid, ``runs`` of text; ``sticky`` keeps it on the page of the item after it
* ``gap``: ``rows`` empty lines, which vanish at the top of a page
* ``fixed``: an unbreakable block of ``rows`` lines with ``items`` (text, rule, picture) placed in it; its place is
  known by ``mark``
* ``table``: see ``table_item``
* ``page``: a new page, ``landscape`` or not
* ``end``: where the text ends

A ``tight`` item follows a table and stands close to it, since the table ends with its own way back to the grid.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from yichuan.lib.gongwen import blocks, grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, Run, break_lines, text_width
from yichuan.lib.gongwen.title import break_title

Item = dict[str, Any]

HEADING_ROLES = {1: "heiti", 2: "kaiti", 3: "fangsong", 4: "fangsong"}
_BLANK_BETWEEN_NAMES = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
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
    spans: list[tuple[str, str]],
    fonts: FontSet,
    *,
    width: float = grid.COLUMNS,
    first: float = 0.0,
    hang: float = 0.0,
    justify: bool = True,
) -> list[Line]:
    return break_lines(spans, fonts, width=width, first=first, hang=hang, justify=justify)


def one_line(text: str, fonts: FontSet, *, role: str = "fangsong", path: str = "$") -> Line:
    """A text that has one line and no other, such as a name or a number.

    :raises GongwenError: ``too_long`` when it does not fit the text block's width.
    """
    if (width := text_width(role, text, fonts)) > grid.COLUMNS:
        raise GongwenError("too_long", path, f"is {width:.0f} characters wide, {grid.COLUMNS} fit on its line")
    return (set_lines([(role, text)], fonts, justify=False) or [Line((), 0.0)])[0]


def chinese_date(day: date) -> str:
    """成文日期 in Arabic numerals, without leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def centred(text: str, role: str, fonts: FontSet, frame: grid.Frame) -> list[Line]:
    lines = set_lines([(role, text)], fonts, justify=False, width=frame.columns)
    return [line.shifted((frame.columns - line.width) / 2) for line in lines]


def title_items(
    title: str, names: tuple[str, ...], fonts: FontSet, row: int, frame: grid.Frame = grid.PORTRAIT
) -> tuple[list[Item], int]:
    """A title in 2号 小标宋, each line centred on a row of the grid from ``row`` on; returns its number of rows too."""
    items: list[Item] = []
    # The blank between joint issuers is a whole character, or it could not be seen.
    lines = break_title(_BLANK_BETWEEN_NAMES.sub("　", title), names, int(frame.width // grid.SIZE_2))
    for index, text in enumerate(lines):
        (line,) = break_lines([("xiaobiaosong", text)], fonts, width=10_000, justify=False) or (Line((), 0.0),)
        items += text_items(
            line,
            cell=grid.SIZE_2,
            size=grid.SIZE_2,
            x=(frame.width - line.width * grid.SIZE_2) / 2,
            y=grid.row_top(row + index) - (grid.SIZE_2 - grid.SIZE_3) / 2,
        )
    return items, len(lines)


def block_items(block: blocks.Block, fonts: FontSet, frame: grid.Frame) -> list[Item]:
    width = frame.columns
    match block:
        case blocks.Paragraph():
            lead = [(HEADING_ROLES[block.lead_level], block.lead)] if block.lead else []
            spans = [*lead, ("fangsong", block.text)]
            return [
                line_item(line) for line in set_lines(spans, fonts, first=2.0 if block.indent else 0.0, width=width)
            ]
        case blocks.Heading():
            lines = set_lines([(HEADING_ROLES[block.level], block.text)], fonts, first=2.0, width=width)
            return [line_item(line, sticky=True) for line in lines]
        case blocks.Article():
            spans = [("heiti", block.number), ("fangsong", "　" + block.text)]
            return [line_item(line) for line in set_lines(spans, fonts, first=2.0, width=width)]
        case blocks.Chapter():
            lines = centred(block.text, "heiti", fonts, frame)
            return [gap_item(), *(line_item(line, sticky=True) for line in lines), gap_item()]
        case blocks.Blank():
            return [gap_item()]
        case blocks.Table():
            return [table_item(block)]
        case blocks.Picture():
            return [picture_item(block, frame)]


def body_items(body: Iterable[blocks.Block], fonts: FontSet, frame: grid.Frame = grid.PORTRAIT) -> list[Item]:
    return [item for block in body for item in block_items(block, fonts, frame)]


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


def picture_item(picture: blocks.Picture, frame: grid.Frame) -> Item:
    """A picture in the middle of as many whole rows as it needs; it leaves a page room for two lines of text."""
    wide, high = picture.pixels
    width = min(picture.width_mm * grid.MM, frame.width)
    width = min(width, grid.row_top(frame.rows - 2) * wide / high)
    height = width * high / wide
    rows = math.ceil((height + grid.PITCH - grid.SIZE_3) / grid.PITCH)
    y = (grid.row_top(rows) - grid.PITCH + grid.SIZE_3 - height) / 2
    placed = {"picture": picture, "x": (frame.width - width) / 2, "y": y, "width": width, "height": height}
    return {"kind": "fixed", "rows": rows, "items": [placed], "mark": "", "sticky": False}


def table_item(table: blocks.Table) -> Item:
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
        "note": table.note,
    }


def keep_with_next(items: list[Item], lines: int, room: int) -> None:
    """Make the last ``lines`` lines stay with what follows. A short table counts as enough; a long one cannot move.

    ``room`` is the rows that what follows leaves on a page: a chain that does not fit is cut at its upper end, since
    the typesetter would tear it just where it must not.
    """
    for item in reversed(items):
        if item["kind"] == "line":
            item["sticky"] = True
            lines -= 1
        if item["kind"] == "table":
            item["sticky"] = len(item["rows"]) <= _SHORT_TABLE
        if lines == 0 or item["kind"] in ("table", "fixed", "page"):
            break
    for item in reversed(items):
        room -= _rows(item)
        if item["kind"] != "gap" and (room < 0 or not item["sticky"]):
            item["sticky"] = False
            return


def _rows(item: Item) -> int:
    """Rows an item takes, about, for a table."""
    match item["kind"]:
        case "line":
            return 1
        case "table":
            return len(item["rows"]) + 1
        case _:
            return int(item["rows"])
