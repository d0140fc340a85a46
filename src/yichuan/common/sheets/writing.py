"""Spreadsheets that leave: templates to be filled in, results, boards. No cell of theirs can be taken for a formula.

openpyxl is loaded with the first one: with numpy it takes 15 MB, which most processes never need.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from yichuan.common.sheets.columns import Column, Form
from yichuan.common.sheets.table import EXAMPLE

if TYPE_CHECKING:
    from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
STARTS = ("=", "+", "-", "@", "\t", "\r")
_FILLABLE = 20_000


def template_xlsx(form: Form, notes: Sequence[str]) -> bytes:
    """The form to be filled in: text columns, lists to choose from, an example to be skipped, a page of notes."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    filled, grey = PatternFill("solid", fgColor="DCE6F1"), Font(italic=True, color="7F7F7F")
    book = Workbook()
    sheet = book.active
    sheet.title = form.title  # type: ignore[union-attr]
    sheet.append([f"{column.label}{'*' if column.required else ''}" for column in form.columns])  # type: ignore[union-attr]
    sheet.append(_example(form))  # type: ignore[union-attr]
    for number, column in enumerate(form.columns, start=1):
        letter = get_column_letter(number)
        across = sheet.column_dimensions[letter]  # type: ignore[union-attr]
        across.width, across.number_format = column.width, "@"
        head, example = sheet.cell(1, number), sheet.cell(2, number)  # type: ignore[union-attr]
        head.font, head.fill = Font(bold=True), filled
        example.font, example.number_format = grey, "@"
        if column.choices:
            check = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=not column.required)
            check.error, check.showErrorMessage = f"只能填{'、'.join(column.choices)}", True
            check.add(f"{letter}2:{letter}{_FILLABLE + 1}")
            sheet.add_data_validation(check)  # type: ignore[union-attr]
    sheet.freeze_panes = "A2"  # type: ignore[union-attr]
    page = book.create_sheet("填写说明")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 18, 70
    for note in notes:
        page.append(["", note])
    page.append([])
    page.append(["列", "怎么填"])
    for column in form.columns:
        page.append([column.label, _how(column)])
    for line in page["B"]:
        line.alignment = Alignment(wrap_text=True, vertical="top")
    return _bytes(book)


def template_csv(form: Form) -> bytes:
    """The same heading and example as csv in UTF-8 with its mark, which spreadsheets want."""
    return csv_bytes([[column.label for column in form.columns], _example(form)])


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as csv; what a spreadsheet would take for a formula stands behind an apostrophe."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[f"'{text}" if text.startswith(STARTS) else text for text in row] for row in rows])
    return written.getvalue().encode("utf-8-sig")


def table_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table of texts, streamed: every cell is text and stays text."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for number, label in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, 2 * len(label) + 4)
    sheet.freeze_panes = "A2"
    for row in (head, *rows):
        sheet.append([_text_cell(sheet, text) for text in row])
    return _bytes(book)


def _text_cell(sheet: object, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell: Any = WriteOnlyCell(sheet, value=None)  # type: ignore[arg-type]
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(STARTS)
    return cell


def _example(form: Form) -> list[str]:
    examples = [column.example for column in form.columns]
    return [f"（{EXAMPLE}，导入时跳过）{examples[0]}", *examples[1:]]


def _how(column: Column) -> str:
    says = ["必填" if column.required else "可以不填"]
    if column.choices:
        says.append(f"只能填{'、'.join(column.choices)}")
    if column.hint:
        says.append(column.hint)
    return "；".join(says)


def _bytes(book: "Workbook") -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
