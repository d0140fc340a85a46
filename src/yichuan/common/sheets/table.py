"""Finding a form in a sheet: its heading, its rows, what is wrong with each cell."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import MERGED, Fault, Problem, Row, taken
from yichuan.common.sheets.columns import Column, Form
from yichuan.common.sheets.csv_file import csv_rows
from yichuan.common.sheets.xlsx_file import as_date, open_xlsx
from yichuan.lib.kinds import container_of

HEADING_WITHIN = 10  # rows in which the heading is looked for, below a title and notes
EXAMPLE = "示例"  # the first cell of a row that is there to be looked at


@dataclass
class Table:
    """What was read: the rows that hold something, the sheet's part in the package, notes for the reader."""

    rows: list[Row]
    path: str = ""
    notes: list[str] = field(default_factory=list)


def read_table(data: bytes, form: Form) -> Table:
    """Read an xlsx or csv as `form`. Raises `Invalid` for `file` where nothing of it can be taken."""
    if not data:
        raise Invalid({"file": "文件是空的。"})
    if container_of(data) in ("zip", "ole"):
        book = open_xlsx(data, form.title)
        return Table(_rows(book.rows, form, book.merged), book.path, book.notes)
    if container_of(data) in ("pdf", "png", "jpeg", "gif", "bmp", "tiff", "program", "ceb"):
        raise Invalid({"file": "这不是表格文件。请用本页的模板填写，存为 xlsx 或 csv 后再传。"})
    return Table(_rows(csv_rows(data), form, []))


def _rows(raw: Iterable[tuple[int, list[Any]]], form: Form, merged: list[tuple[int, int, int, int]]) -> list[Row]:
    places: dict[int, Column] = {}
    rows: list[Row] = []
    for number, values in raw:
        if not places:
            places = _heading(values, form)
            if not places and number >= HEADING_WITHIN:
                break
            continue
        if _blank(values) or _example(values):
            continue
        if len(rows) >= form.most_rows:
            raise Invalid({"file": f"表里超过 {form.most_rows:,} 行，没有导入。请分成几个文件，每个不超过这个数。"})
        rows.append(_row(number, values, places))
    if not places:
        wanted = "、".join(column.label for column in form.columns)
        raise Invalid({"file": f"没有找到表头。前 {HEADING_WITHIN} 行里要有一行是：{wanted}。请下载本页的模板填写。"})
    if not rows:
        raise Invalid({"file": "表头下面没有内容，没有可以导入的行。"})
    _mark_merged(rows, places, merged)
    return rows


def _heading(values: list[Any], form: Form) -> dict[int, Column]:
    """Which column stands where, if this is the heading; a heading that lacks or doubles something is refused."""
    by_label = {column.label: column for column in form.columns}
    labels = [str(value or "").replace("*", "").replace("\n", "").strip() for value in values]
    known = [label for label in labels if label in by_label]
    if len(set(known)) < min(2, len(by_label)):
        return {}
    doubled = sorted({label for label in known if known.count(label) > 1})
    if doubled:
        raise Invalid({"file": f"表头「{'、'.join(doubled)}」出现了两次，请删去多余的一列。"})
    missing = [column.label for column in form.columns if column.label not in known and column.required]
    if missing:
        raise Invalid({"file": f"表头缺少：{'、'.join(missing)}。请用本页的模板，不要改动表头。"})
    strange = [label for label in labels if label and label not in by_label]
    if strange:
        raise Invalid({"file": f"表头里有不认识的列：{'、'.join(strange[:5])}。请删去这些列，或用本页的模板。"})
    return {place: by_label[label] for place, label in enumerate(labels) if label in by_label}


def _row(number: int, values: list[Any], places: dict[int, Column]) -> Row:
    row = Row(number)
    for place, column in places.items():
        value = values[place] if place < len(values) else None
        text, problem = taken(column, as_date(value) if column.kind == "date" else value)
        row.values[column.key] = text
        if problem is not None:
            row.faults.append(_fault(column, problem))
    return row


def _mark_merged(rows: list[Row], places: dict[int, Column], merged: list[tuple[int, int, int, int]]) -> None:
    by_number = {row.number: row for row in rows}
    for place, column in places.items():
        done = 0  # areas may lie over one another: a row is marked once
        for top, bottom in sorted((top, bottom) for left, top, right, bottom in merged if left <= place + 1 <= right):
            for number in range(max(top, done + 1), min(bottom, rows[-1].number) + 1):
                if (row := by_number.get(number)) is not None:
                    row.faults = [fault for fault in row.faults if fault.column != column.label]
                    row.faults.append(_fault(column, MERGED))
            done = max(done, bottom)


def _fault(column: Column, problem: Problem) -> Fault:
    return Fault(column.label, problem.what, problem.remedy)


def _blank(values: list[Any]) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in values)


def _example(values: list[Any]) -> bool:
    first = next((value for value in values if value is not None and str(value).strip()), "")
    return str(first).strip().startswith((EXAMPLE, f"（{EXAMPLE}", f"({EXAMPLE}"))
