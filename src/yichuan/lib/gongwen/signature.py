"""署名, 成文日期 and the places of seals and 签名章 (GB/T 9704-2012 7.3.5), and 附注 below them.

Nothing is drawn here that comes with the signature. A seal's place: centred on 署名 (and 成文日期), they a little below
its centre, its top within one line of the text, nothing of it outside the text block.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.flow import Item, chinese_date, one_line, set_lines, text_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line
from yichuan.lib.gongwen.model import Gongwen

_SINK = 4.05 * grid.MM  # how far the middle of 署名 and 成文日期 lies below the seal's centre
_APART = 2 * grid.MM  # between the seals of a joint document, which neither cross nor touch
_ACROSS = 3  # seals in a row at most
_TALLEST = grid.ROWS - 2  # rows of a signature block that goes to a page as a whole, with two lines of text
_DATE_FROM_RIGHT = 4  # cells (7.3.5.1, 7.3.5.3)


@dataclass(frozen=True)
class SealSpot:
    """A seal's or a 签名章's centre in points from the text block's left edge and from the top of the block that the
    template marks as ``mark``; ``owner`` is the issuer or the person.
    """

    x: float
    y: float
    width: float
    height: float
    owner: str
    kind: Literal["seal", "signature"] = "seal"
    mark: str = ""


@dataclass
class _Group:
    """What goes to a page together: texts by row, and seals."""

    items: list[Item] = field(default_factory=list)
    last_row: int = 0
    spots: list[SealSpot] = field(default_factory=list)


def signature_items(doc: Gongwen, fonts: FontSet) -> tuple[list[Item], tuple[SealSpot, ...]]:
    """The blocks that follow the last line of text, and the places of the seals in them.

    There is one block, unless seals or 签名章 need more than a page: then each row of them is one.

    :raises GongwenError: ``too_long`` for a name that does not fit its line.
    """
    groups = _groups(doc, fonts)
    _add_note(groups[-1], doc.note, fonts)
    blocks, spots = [], []
    for index, group in enumerate(groups):
        mark = f"signature{index}"
        lowest = max((spot.y + spot.height / 2 for spot in group.spots), default=0.0)
        rows = max(group.last_row + 1, math.ceil((lowest - grid.SIZE_3) / grid.PITCH - 1e-6) + 1)
        blocks.append({"kind": "fixed", "rows": rows, "items": group.items, "mark": mark, "sticky": False})
        spots += [replace(spot, mark=mark) for spot in group.spots]
    return blocks, tuple(spots)


def _groups(doc: Gongwen, fonts: FontSet) -> list[_Group]:
    if doc.signatures:
        return _signed(doc, fonts)
    if doc.seal_diameter_mm is None:
        return [_without_seal(doc, fonts)]
    diameter = doc.seal_diameter_mm * grid.MM
    return [_single(doc, fonts, diameter)] if len(doc.issuers) == 1 else _joint(doc, fonts, diameter)


def _add_note(group: _Group, note: str, fonts: FontSet) -> None:
    """附注 on the row below 成文日期 (7.3.6), or on the first one below that no seal would be pressed over."""
    lines = set_lines([("fangsong", f"（{note}）")], fonts, first=2.0) if note else []
    right = max((line.width for line in lines), default=0.0) * grid.CELL
    covered = [spot.y + spot.height / 2 for spot in group.spots if spot.x - spot.width / 2 < right]
    if lines and covered:
        group.last_row = max(group.last_row, math.ceil(max(covered) / grid.PITCH) - 1)
    for line in lines:
        group.last_row += 1
        group.items += _at(line, group.last_row)


def _names(doc: Gongwen, fonts: FontSet) -> list[Line]:
    return [one_line(name, fonts, path=f"$.issuers[{index}]") for index, name in enumerate(doc.issuers)]


def _at(line: Line, row: float) -> list[Item]:
    return text_items(line, cell=grid.CELL, size=grid.SIZE_3, y=grid.row_top(row))


def _centred_at(line: Line, x: float, row: float) -> list[Item]:
    left = min(max(x - line.width * grid.CELL / 2, 0.0), max(grid.WIDTH - line.width * grid.CELL, 0.0))
    return text_items(line, cell=grid.CELL, size=grid.SIZE_3, x=left, y=grid.row_top(row))


def _seal_centre(top_of_names: float, rows: int, diameter: float) -> float:
    """y of the centre: the names' middle lies a little lower; the top stays within one line below the text."""
    middle = top_of_names + ((rows - 1) * grid.PITCH + grid.SIZE_3) / 2
    # The text above ends at its own row's bottom, which is PITCH - SIZE_3 above this block's first row.
    text_bottom = grid.SIZE_3 - grid.PITCH
    highest, lowest = text_bottom + diameter / 2, text_bottom + grid.PITCH + diameter / 2
    return min(max(middle - _SINK, highest + 1.0), lowest - 1.0)


def _single(doc: Gongwen, fonts: FontSet, diameter: float) -> _Group:
    """成文日期 ends four characters from the right; 署名 is centred above it, and the seal on both."""
    day, (name,) = one_line(chinese_date(doc.date), fonts), _names(doc, fonts)
    x = grid.WIDTH - (_DATE_FROM_RIGHT + day.width / 2) * grid.CELL
    # A long name moves date and seal to the left rather than leave the text block.
    x = min(x, grid.WIDTH - name.width * grid.CELL / 2, grid.WIDTH - diameter / 2)
    row = 2
    items = _centred_at(name, x, row) + _centred_at(day, x, row + 1)
    centre = _seal_centre(grid.row_top(row), 2, diameter)
    return _Group(items, row + 1, [SealSpot(x, centre, diameter, diameter, doc.issuers[0])])


def _joint(doc: Gongwen, fonts: FontSet, diameter: float) -> list[_Group]:
    """One seal on each issuer, three in a row at most, rows aligned at the right; the last one on 成文日期 as well."""
    names, day = _names(doc, fonts), one_line(chinese_date(doc.date), fonts)
    places = _columns(max(line.width for line in names) * grid.CELL, day.width * grid.CELL, diameter, len(names))
    rows_apart = math.ceil((diameter + _APART) / grid.PITCH)
    levels = range(-(-len(names) // len(places)))
    together = 2 + levels[-1] * rows_apart + 2 + rows_apart <= _TALLEST
    groups: list[_Group] = []
    for level in levels:
        if not groups or not together:
            groups.append(_Group())
        group, down = groups[-1], (level * rows_apart if together else 0)
        row = _row_of_names(diameter, leads=level > 0 and not together)
        centre = _seal_centre(grid.row_top(row), 2, diameter) + down * grid.PITCH
        here = range(level * len(places), min((level + 1) * len(places), len(names)))
        for index, x in zip(here, places[-len(here) :], strict=True):
            group.items += _centred_at(names[index], x, row + down)
            group.spots.append(SealSpot(x, centre, diameter, diameter, doc.issuers[index]))
        group.last_row = row + down
    groups[-1].last_row += 1
    groups[-1].items += _centred_at(day, places[-1], groups[-1].last_row)
    return groups


def _row_of_names(diameter: float, *, leads: bool) -> int:
    """The row of 署名 in its block. Where the block may begin a page, no seal rises above the block's first row."""
    rises = _seal_centre(grid.row_top(2), 2, diameter) < diameter / 2
    return 3 if leads and rises else 2


def _columns(widest: float, day: float, diameter: float, count: int) -> list[float]:
    """The middles of the columns of a joint document's seals. 成文日期 under the last one ends four characters from the
    right where the columns allow it; otherwise they share the width evenly.
    """
    half = max(widest, diameter) / 2
    for across in range(min(_ACROSS, count), 1, -1):
        last = min(grid.WIDTH - _DATE_FROM_RIGHT * grid.CELL - day / 2, grid.WIDTH - half)
        for first, end in ((grid.WIDTH - last, last), (grid.WIDTH / across / 2, grid.WIDTH * (1 - 0.5 / across))):
            step = (end - first) / (across - 1)
            if step >= max(diameter + _APART, widest + grid.CELL) - 1e-6:
                return [first + column * step for column in range(across)]
    return [min(grid.WIDTH - _DATE_FROM_RIGHT * grid.CELL - day / 2, grid.WIDTH - half)]


def _without_seal(doc: Gongwen, fonts: FontSet) -> _Group:
    """7.3.5.2: 署名 two characters from the right below one empty line, 成文日期 two characters further in under it."""
    day = one_line(chinese_date(doc.date), fonts)
    group = _Group()
    start = 0.0
    for line in _names(doc, fonts):
        group.last_row += 1
        start = max(0.0, min(grid.COLUMNS - 2 - line.width, grid.COLUMNS - 2 - day.width - 2))
        group.items += _at(line.shifted(start), group.last_row)
    group.last_row += 1
    group.items += _at(day.shifted(min(start + 2, grid.COLUMNS - 2 - day.width)), group.last_row)
    return group


def _signed(doc: Gongwen, fonts: FontSet) -> list[_Group]:
    """7.3.5.3: below two empty lines a 签名章 four characters from the right, 签发人职务 two characters to its left and
    halfway up, further ones below; 成文日期 below one empty line. Without 签名章 the name is printed.
    """
    width, height = (size * grid.MM for size in doc.signature_stamp_mm or (0.0, grid.SIZE_3 / grid.MM))
    rows = math.ceil((height + grid.PITCH - grid.SIZE_3) / grid.PITCH)
    together = 2 + rows * len(doc.signatures) + 2 <= _TALLEST
    groups: list[_Group] = []
    for index, signature in enumerate(doc.signatures):
        if not groups or not together:
            groups.append(_Group(last_row=1))
        group = groups[-1]
        y = grid.row_top(group.last_row + 1)
        group.last_row += rows
        right = grid.WIDTH - _DATE_FROM_RIGHT * grid.CELL
        if doc.signature_stamp_mm:
            left = right - width
            middle = left + width / 2, y + height / 2
            group.spots.append(SealSpot(*middle, width, height, signature.name, kind="signature"))
        else:
            name = _name(doc, index, fonts)
            left = right - name.width * grid.CELL
            group.items += text_items(name, cell=grid.CELL, size=grid.SIZE_3, x=left, y=y)
        path = f"$.signatures[{index}].post"
        post = one_line(signature.post, fonts, path=path)
        left -= (2 + post.width) * grid.CELL
        if left < 0:
            raise GongwenError("too_long", path, "leaves no room for the name or 签名章 beside it; shorten it")
        group.items += text_items(post, cell=grid.CELL, size=grid.SIZE_3, x=left, y=y + (height - grid.SIZE_3) / 2)
    day = one_line(chinese_date(doc.date), fonts)
    groups[-1].last_row += 2
    groups[-1].items += _at(day.shifted(grid.COLUMNS - _DATE_FROM_RIGHT - day.width), groups[-1].last_row)
    return groups


def _name(doc: Gongwen, index: int, fonts: FontSet) -> Line:
    """A name of 签发人; one of two characters is spread to the width of three, as in any column of names."""
    name = doc.signatures[index].name
    longest = max(len(signature.name) for signature in doc.signatures)
    shown = "　".join(name) if len(name) == 2 and longest == 3 else name
    return one_line(shown, fonts, role="kaiti", path=f"$.signatures[{index}].name")
