"""What stands above the text on the first page: 版头 and title (GB/T 9704-2012 7.2, 7.3.1, 10.2, 10.3).

Everything but 发文机关标志 and the red rule lies on rows of the grid. The head of a letter has a module of its own.
"""

from __future__ import annotations

import math

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flag import RED, Flag, joint_flag, single_flag
from yichuan.lib.gongwen.flow import Item, chinese_date, one_line, set_lines, text_items, title_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, text_width
from yichuan.lib.gongwen.model import Gongwen

_FLAG_TOP = 35 * grid.MM  # 发文机关标志: upper edge 35 mm below the text block's
_ORDER_TOP = 20 * grid.MM
_RULE_BELOW = 4 * grid.MM  # the red rule lies 4 mm below 发文字号
_RULE_WIDTH = 1.2
_BESIDE = {"document": ("文件",), "order": ("命令", "令"), "minutes": ("",)}  # the word beside joint issuers
_SIGNER = "签发人："
_SLACK = 0.3  # of a row: how much two empty lines may lack for what follows to keep to the grid
_LAST_ROW = grid.ROWS - 3  # of the head: the first page must show text (7.3.3)


def row_below(y: float, empty: int) -> int:
    """The row that leaves about ``empty`` empty lines below ``y`` points."""
    return math.ceil((y + empty * grid.PITCH) / grid.PITCH - _SLACK)


def head_item(doc: Gongwen, fonts: FontSet) -> Item:
    """Everything above the first line of 主送机关 or, without one, of the text, as one block of whole rows.

    :raises GongwenError: ``too_long`` where a name does not fit its line, ``head_too_high`` where the first page
        would show no text.
    """
    match doc.form:
        case "order":
            items, row = _order(doc, fonts)
        case "minutes":
            items, row = _minutes(doc, fonts)
        case _:
            items, row = _document(doc, fonts)
    return finished_head(doc, items, row, fonts)


def finished_head(doc: Gongwen, items: list[Item], row: int, fonts: FontSet) -> Item:
    """The head with the title from ``row`` on and the empty line below it; without a title the text begins there."""
    rows = row
    if doc.title:
        title, count = title_items(doc.title, doc.issuers, fonts, row)
        items = items + title
        rows += count + 1
    if rows > _LAST_ROW:
        raise GongwenError("head_too_high", "$", "title and 发文机关标志 leave the first page no text; shorten them")
    # The block ends above the empty line, which a gap makes.
    return {"kind": "fixed", "rows": rows - 1, "items": items, "mark": "", "sticky": False}


def marks(doc: Gongwen, fonts: FontSet, y: float = 0.0) -> list[Item]:
    """份号, 密级和保密期限 and 紧急程度, each on a row of its own at the left edge from ``y`` on (7.2.1 to 7.2.3)."""
    items: list[Item] = []
    wanted = [(doc.copy_no, "fangsong"), (doc.secrecy, "heiti"), (doc.urgency, "heiti")]
    for row, (text, role) in enumerate((text, role) for text, role in wanted if text):
        line = one_line(text, fonts, role=role)
        items += text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=y + grid.row_top(row))
    return items


def placed(text: str, row: float, fonts: FontSet, *, path: str) -> list[Item]:
    """One line in the middle of the text block."""
    line = one_line(text, fonts, path=path)
    return _at(line.shifted((grid.COLUMNS - line.width) / 2), row)


def _at(line: Line, row: float) -> list[Item]:
    return text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))


def _flag(doc: Gongwen, top: float, fonts: FontSet) -> Flag:
    mark = doc.issuer_mark.strip()
    if "\n" not in mark:
        return single_flag(mark, top, fonts)
    beside = next((word for word in _BESIDE[doc.form] if mark.endswith(word)), _BESIDE[doc.form][0])
    names = [name.strip() for name in mark.removesuffix(beside).split("\n") if name.strip()]
    return joint_flag(names, beside, top, fonts)


def _rule(number_row: int) -> tuple[Item, int]:
    """The red rule below a row, and the row two empty lines below the rule."""
    y = grid.row_top(number_row) + grid.SIZE_3 + _RULE_BELOW
    row = math.ceil((y + 2 * grid.PITCH - (grid.PITCH - grid.SIZE_3)) / grid.PITCH)
    return {"rule": _RULE_WIDTH, "x": 0.0, "y": y, "width": grid.WIDTH, "colour": RED}, row


def _document(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], int]:
    flag = _flag(doc, _FLAG_TOP, fonts)
    number = one_line(doc.doc_no, fonts, path="$.doc_no")
    signers = _signer_lines(doc.signers, fonts, number.width)
    # 签发人 begins below two empty lines; 发文字号 shares the row of the last one (7.2.5).
    row = row_below(flag.bottom, 2) + max(len(signers) - 1, 0)
    shift = 1.0 if signers else (grid.COLUMNS - number.width) / 2
    items = marks(doc, fonts) + flag.items + _at(number.shifted(shift), row)
    for index, line in enumerate(signers):
        items += _at(line, row - len(signers) + 1 + index)
    rule, title_row = _rule(row)
    return [*items, rule], title_row


def _signer_lines(signers: tuple[str, ...], fonts: FontSet, number_width: float) -> list[Line]:
    """签发人 two to a row, one character in from the right edge, names of one column under each other (7.2.6)."""
    if not signers:
        return []
    longest = max(len(name) for name in signers)
    # A name of two characters is spread to the width of three, as names in a column are.
    names = ["　".join(name) if len(name) == 2 and longest == 3 else name for name in signers]
    widest = max(text_width("kaiti", name, fonts) for name in names)
    for across in (2, 1):
        columns = min(across, len(names))
        start = grid.COLUMNS - 1 - len(_SIGNER) - columns * widest - (columns - 1)
        if start >= number_width + 2:
            break
    else:
        raise GongwenError("too_long", "$.signers", "leave no room for 发文字号 on their row; shorten the names")
    lines = []
    for first in range(0, len(names), columns):
        runs = list(one_line(_SIGNER, fonts).runs) if first == 0 else []
        for column, name in enumerate(names[first : first + columns]):
            x = len(_SIGNER) + column * (widest + 1)
            runs += one_line(name, fonts, role="kaiti", path="$.signers").shifted(x).runs
        lines.append(Line(tuple(runs), 0.0).shifted(start))
    return lines


def _order(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], int]:
    """10.2: the mark 20 mm below the text block's top, 令号 below two empty lines, the text below two more."""
    flag = _flag(doc, _ORDER_TOP, fonts)
    row = row_below(flag.bottom, 2)
    items = marks(doc, fonts) + flag.items
    if doc.serial:
        items += placed(doc.serial, row, fonts, path="$.serial")
        row += 3
    return items, row


def _minutes(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], int]:
    """10.3: the mark as on a document. Number, then office and day above the rule, as is usual: it leaves them open."""
    flag = _flag(doc, _FLAG_TOP, fonts)
    row = row_below(flag.bottom, 2)
    items = marks(doc, fonts) + flag.items
    if number := doc.doc_no or doc.serial:
        items += placed(number, row, fonts, path="$.doc_no" if doc.doc_no else "$.serial")
        row += 1
    day = one_line(chinese_date(doc.date), fonts)
    room = grid.COLUMNS - 3 - day.width
    offices = set_lines([("fangsong", "　".join(doc.issuers))], fonts, justify=False, width=room)
    for index, line in enumerate(offices):
        items += _at(line.shifted(1.0), row + index)
    row += len(offices) - 1
    items += _at(day.shifted(grid.COLUMNS - 1 - day.width), row)
    rule, title_row = _rule(row)
    return [*items, rule], title_row
