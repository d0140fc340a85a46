"""Form of laid-out pages: margins, grid, 版头, title, page numbers, 版记 and seals, measured on the sheets.

Where a reader's ruler would not tell, there is room: 1.5 mm for edges, half a point for sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from yichuan.lib.gongwen.checker.content import check_content
from yichuan.lib.gongwen.checker.findings import Finding, Place, finding, ordered
from yichuan.lib.gongwen.checker.first_page import check_first_page
from yichuan.lib.gongwen.checker.imprint_block import check_imprint_block
from yichuan.lib.gongwen.checker.page_numbers import check_page_numbers
from yichuan.lib.gongwen.checker.seals import check_seals
from yichuan.lib.gongwen.checker.type_area import check_type_area
from yichuan.lib.gongwen.reading.pages import read_sheets
from yichuan.lib.gongwen.sheets import Sheet

_PAPER = (210.0, 297.0)
_TRIMMED = 2.0  # mm that a finished sheet may differ (6.3)
_CERTAIN = {f"$.{name}" for name in ("copy_no", "secrecy", "doc_no", "title", "date", "print_date", "attachments")}
Rule = Callable[[Sequence[Sheet]], Iterator[Finding]]
_RULES: tuple[Rule, ...] = (
    check_first_page, check_type_area, check_page_numbers, check_imprint_block, check_seals,
)  # fmt: skip


def check_pages(sheets: Sequence[Sheet]) -> list[Finding]:
    """What departs from the standard on laid-out pages, the gravest first."""
    if not any(sheet.rows for sheet in sheets):
        return [finding("page_none", Place())]
    return ordered([*_paper(sheets), *(each for rule in _RULES for each in rule(sheets)), *_parts(sheets)])


def _parts(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """What the content rules say of the parts that can be read off the pages for certain. The text itself is left out:
    characters of laid-out files are often not those that are seen, and tables cannot be told from text."""
    for each in check_content(read_sheets(sheets).content):
        if each.place.path.partition("[")[0] in _CERTAIN and each.code != "part_missing":
            yield each


def _paper(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """A4, upright or, for tables, on its side (5.1, 8)."""
    for index, sheet in enumerate(sheets):
        sides = sorted((sheet.width, sheet.height))
        if any(abs(side - wanted) > _TRIMMED for side, wanted in zip(sides, _PAPER, strict=True)):
            yield finding("page_size", Place(page=index), shown=f"{sheet.width:.0f}×{sheet.height:.0f}")
