"""Laid-out pages read back into parts: rows become paragraphs, larger and red rows title and 版头."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yichuan.lib.gongwen.grid import MM
from yichuan.lib.gongwen.reading.lines import Line, Source, printable
from yichuan.lib.gongwen.reading.patterns import DOC_NO, SIGNERS
from yichuan.lib.gongwen.reading.result import Notes, Reading, quoted
from yichuan.lib.gongwen.reading.structure import assemble
from yichuan.lib.gongwen.sheets.model import Row, Sheet, is_red

_LARGER = 2.0  # points above the text's size
_SHORT = 2.5  # characters free at the right, from which a row ends its paragraph
_INDENT = 1.2  # characters of indent with which a paragraph begins
_FULL = 0.75  # share of the page's height beyond which it counts as full
_RULE_MM = 100.0  # the shortest red rule under 版头


def read_sheets(sheets: Sequence[Sheet]) -> Reading:
    """Find the parts of a 公文 on laid-out pages. Tables come as lines of text; page numbers are left out, and so,
    with a note, are pages that lie on their side."""
    notes = Notes()
    upright = []
    for number, sheet in enumerate(sheets, 1):
        if sheet.width > sheet.height:
            notes.add("landscape", f"第{number}面", "横排的一面没有读。")
        elif sheet.text_rows:
            upright.append((number, sheet))
    items: list[Source] = list(_lines(upright, _frame([sheet for _, sheet in upright]), notes)) if upright else []
    return assemble(items, notes)


@dataclass(frozen=True)
class _Frame:
    """The text's size in points, its edges in mm."""

    size: float
    left: float
    right: float

    @property
    def em(self) -> float:
        return self.size / MM

    def begins(self, row: Row) -> bool:
        """Indented, as a paragraph's first row is."""
        return row.left > self.left + _INDENT * self.em

    def ends(self, row: Row) -> bool:
        """Short of the right edge, as a paragraph's last row is."""
        return row.right < self.right - _SHORT * self.em


def _frame(sheets: list[Sheet]) -> _Frame:
    rows = [row for sheet in sheets for row in sheet.text_rows]
    size = Counter(round(row.size_pt * 2) / 2 for row in rows for _ in row.glyphs).most_common(1)[0][0]
    text = [row for row in rows if abs(row.size_pt - size) < 1]
    edges = (
        Counter(round(edge * 2) / 2 for edge in each) for each in zip(*((r.left, r.right) for r in text), strict=True)
    )
    left, right = (counted.most_common(1)[0][0] for counted in edges)
    return _Frame(size, left, right)


def _lines(sheets: list[tuple[int, Sheet]], frame: _Frame, notes: Notes) -> Iterator[Line]:
    head = _head_end(sheets[0][1])
    last: Line | None = None
    before: Row | None = None
    for number, sheet in sheets:
        # A page is left before its end only where something begins on the next one.
        new_page = before is not None and before.y < _FULL * sheet.height
        where = f"第{number}面"
        for row in sheet.text_rows:
            text = printable(row.text, where, notes).strip()
            if sheet is sheets[0][1] and row.y < head and not _belongs_to_head(row):
                notes.add("not_placed", where, f"版头里的{quoted(text)}认不出来，没有带入。")
                continue
            if last and before and not new_page and _goes_on(last, before, row, frame):
                last = replace(last, text=_put_together(last.text, text))
            else:
                if last:
                    yield last
                last = _line(row, text, where, frame, new_page=new_page)
            before, new_page = row, False
    if last:
        yield last


def _head_end(first: Sheet) -> float:
    """The y of the red rule; 0 without one."""
    return min((rule.y for rule in first.rules if is_red(rule.rgb) and rule.width > _RULE_MM), default=0.0)


def _belongs_to_head(row: Row) -> bool:
    found = DOC_NO.fullmatch(row.text)
    known = found is not None or SIGNERS.search(row.text) is not None
    return row.is_red or known or len(row.text) <= 8  # 份号, 密级, names of signers


def _goes_on(last: Line, before: Row, row: Row, frame: _Frame) -> bool:
    same = abs(row.size_pt - before.size_pt) < 1 and row.size_pt < frame.size + _LARGER
    return same and not last.red and not frame.begins(row) and not frame.ends(before)


def _line(row: Row, text: str, where: str, frame: _Frame, *, new_page: bool) -> Line:
    middle = (frame.left + frame.right) / 2
    return Line(
        text,
        where,
        centred=row.size_pt >= frame.size + _LARGER
        or (abs(row.middle - middle) < frame.em and row.left > frame.left + 2.5 * frame.em),
        right=row.left > middle,
        size_pt=row.size_pt,
        new_page=new_page,
        red=row.is_red,
    )


def _put_together(text: str, more: str) -> str:
    apart = " " if text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii() else ""
    return text + apart + more
