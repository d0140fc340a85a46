"""The filings as a spreadsheet and on paper: for the shelf of the supervising office."""

import io
from collections.abc import Iterable, Sequence

from django.utils import timezone

from yichuan.org.models import Filing
from yichuan.web.paper_form import Cell, PaperForm

COLUMNS = (("时间", 17), ("单位", 22), ("姓名", 12), ("账号", 16), ("变更", 52), ("办理人", 12), ("阅知", 22))
MOST_ROWS = 20_000
MOST_ON_PAPER = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def sheet(rows: Iterable[Filing]) -> bytes:
    """An xlsx file with one line a filing. openpyxl is loaded with the first: most processes never need it."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet("人员变更备案")
    page.append([label for label, _ in COLUMNS])
    for cell, (_, width) in zip(page[1], COLUMNS, strict=True):
        cell.font = Font(bold=True)
        page.column_dimensions[cell.column_letter].width = width
    for row in rows:
        page.append([safe(text) for text in _line(row)])
        page.cell(page.max_row, 5).alignment = Alignment(wrap_text=True)
    page.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def paper(rows: Sequence[Filing]) -> bytes:
    """The same on A4, with room for the reader's name."""
    form = PaperForm("人员变更备案表", footer="依据：江府办〔2008〕44号附件3 第十四条")
    shown = (0, 1, 2, 4, 5)
    lines = [[Cell(COLUMNS[place][0], label=True) for place in shown]]
    lines += [[Cell(line[place]) for place in shown] for line in map(_line, rows)]
    form.table([1.6, 1.8, 1.1, 4, 1.1], lines)
    form.note(f"共 {len(rows)} 条。")
    form.table([1, 3, 1, 2], [[Cell("主管单位阅", label=True), Cell(height_mm=18), Cell("日期", label=True), Cell()]])
    return form.pdf()


def _line(row: Filing) -> list[str]:
    noted = f"{row.noted_by.name} {timezone.localtime(row.noted_at):%Y-%m-%d}" if row.noted_by and row.noted_at else ""
    return [
        f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
        row.unit.short_name if row.unit else "交换中心",
        row.account.name,
        row.account.username,
        row.what,
        row.by.name if row.by else "系统",
        noted,
    ]
