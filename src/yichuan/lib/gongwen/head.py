"""版头 and title of the first page (GB/T 9704-2012 7.2, 7.3.1, 7.3.2), placed on the rows of the grid."""

from __future__ import annotations

import math

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.flow import Item, set_lines, text_items, title_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line
from yichuan.lib.gongwen.model import Gongwen

RED = "red"
_FLAG_TOP = 35 * grid.MM  # 发文机关标志: upper edge 35 mm below the text block's
_FLAG_STRETCH = 1.18  # height to width of its characters
_FLAG_LARGEST = 15 * grid.MM  # width of a character; the standard's limit is 22 × 15 mm
_RULE_BELOW = 4 * grid.MM  # the red rule lies 4 mm below 发文字号
_RULE_WIDTH = 1.2
_JOINT_SUFFIX = "文件"


def head_item(doc: Gongwen, fonts: FontSet) -> Item:
    """Everything above the first line of 主送机关, as one block of whole rows."""
    items: list[Item] = []
    marks = [(doc.copy_no, "fangsong"), (doc.secrecy, "heiti"), (doc.urgency, "heiti")]
    for row, (text, role) in enumerate((text, role) for text, role in marks if text):
        for line in set_lines([(role, text)], fonts):
            items += text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))
    flag, bottom = _flag([name.strip() for name in doc.issuer_mark.split("\n") if name.strip()], fonts)
    signers = _signer_lines(doc.signers, fonts)
    # 发文字号 stands below two empty lines; with 签发人 on several rows it shares the last of them.
    number_row = math.ceil((bottom + 2 * grid.PITCH) / grid.PITCH) + max(len(signers) - 1, 0)
    items += flag + _number(doc.doc_no, signers, number_row, fonts)
    rule = grid.row_top(number_row) + grid.SIZE_3 + _RULE_BELOW
    items.append({"rule": _RULE_WIDTH, "x": 0.0, "y": rule, "width": grid.WIDTH, "colour": RED})
    title_row = math.ceil((rule + 2 * grid.PITCH - (grid.PITCH - grid.SIZE_3)) / grid.PITCH)
    title, rows = title_items(doc.title, doc.issuers, fonts, title_row)
    return {"kind": "fixed", "rows": title_row + rows, "items": items + title, "mark": "", "sticky": False}


def _flag(names: list[str], fonts: FontSet) -> tuple[list[Item], float]:
    """发文机关标志 and the y of its lower edge. A joint document stacks its issuers with 文件 beside them."""
    joint = len(names) > 1
    longest = max(len(name) for name in names)
    room = grid.WIDTH - 4 * grid.MM
    size = min(room / (longest + (2.6 if joint else 0.0)), _FLAG_LARGEST if not joint else 30.0)
    spread = 0.2 * size if longest <= 8 and not joint else 0.0
    step = size * _FLAG_STRETCH * 1.25
    widest = longest * (size + spread) - spread
    left = (grid.WIDTH - widest - (2.6 * size if joint else 0.0)) / 2
    items = []
    for row, name in enumerate(names):
        # Names of a joint document are spread to one width.
        track = (widest - len(name) * size) / max(len(name) - 1, 1)
        items.append(_flag_text(name, left, _FLAG_TOP + row * step, size, track))
    bottom = _FLAG_TOP + (len(names) - 1) * step + size * _FLAG_STRETCH
    if joint:
        middle = (_FLAG_TOP + bottom - size * _FLAG_STRETCH) / 2
        items.append(_flag_text(_JOINT_SUFFIX, left + widest + 0.6 * size, middle, size, 0.0))
    return items, bottom


def _flag_text(text: str, x: float, y: float, size: float, track: float) -> Item:
    return {
        "text": text,
        "x": x,
        "y": y,
        "size": size,
        "role": "xiaobiaosong",
        "track": track,
        "colour": RED,
        "stretch": _FLAG_STRETCH,
    }


def _signer_lines(signers: tuple[str, ...], fonts: FontSet) -> list[Line]:
    """签发人 two to a row, one character in from the right edge, names of one column under each other."""
    if not signers:
        return []
    label = "签发人："
    widest = max(len(name) for name in signers)
    rows = [signers[index : index + 2] for index in range(0, len(signers), 2)]
    columns = max(len(row) for row in rows)
    start = grid.COLUMNS - 1 - len(label) - columns * widest - (columns - 1)
    lines = []
    for index, row in enumerate(rows):
        names = "　".join(name.ljust(widest, "　") for name in row).rstrip("　")
        spans = [("fangsong", label if index == 0 else "　" * len(label)), ("kaiti", names)]
        (line,) = set_lines(spans, fonts, justify=False) or [Line((), 0.0)]
        lines.append(line.shifted(start))
    return lines


def _number(doc_no: str, signers: list[Line], row: int, fonts: FontSet) -> list[Item]:
    items: list[Item] = []
    for line in set_lines([("fangsong", doc_no)], fonts):
        x = 1.0 if signers else (grid.COLUMNS - line.width) / 2
        items += text_items(line.shifted(x), cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))
    for index, line in enumerate(signers):
        y = grid.row_top(row - len(signers) + 1 + index)
        items += text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=y)
    return items
