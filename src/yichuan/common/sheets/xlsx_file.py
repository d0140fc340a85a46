"""Reading an xlsx: bounded before it is opened, streamed row by row, with nothing run and nothing followed.

openpyxl is loaded with the first one, as in `writing`.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import ERROR, FORMULA, WPS_PICTURE, Problem
from yichuan.common.sheets.parts import DAMAGED, look_through
from yichuan.lib.kinds import container_of
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.zipcheck import check_size, checked_entries

MIB = 2**20
LIMITS = Limits(package_bytes=32 * MIB, entries=2_000, entry_bytes=96 * MIB, total_bytes=128 * MIB, ratio=250)
STRINGS_BYTES = 24 * MIB
MOST_COLUMNS = 100
MOST_BLANK = 2_000  # rows in a row without a value: what follows them is nobody's table
MOST_MERGES = 500
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
NOT_WHOLE = "文件打不开，可能没有传完整。请用表格软件打开检查，另存为 xlsx 后再传。"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Workbook:
    """The sheet that is read: its name and rows, its merged areas, and what a reader should know."""

    sheet: str
    path: str
    rows: Iterator[tuple[int, list[Any]]]
    merged: list[tuple[int, int, int, int]]
    notes: list[str] = field(default_factory=list)


def checked_archive(data: bytes) -> zipfile.ZipFile:
    """The package, opened and found harmless. Raises `Invalid`."""
    if container_of(data) == "ole":
        locked = _ENCRYPTED in data
        raise Invalid(
            {
                "file": "文件设了打开密码，读不了。请去掉密码另存后再传。"
                if locked
                else "这是旧的 xls 文件，读不了。请用表格软件打开，另存为 xlsx 后再传。"
            }
        )
    try:
        check_size(data, LIMITS)
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = checked_entries(data, archive, LIMITS, [])
    except OfdError as error:
        if error.code == "entry_encrypted":
            raise Invalid({"file": "文件设了密码，读不了。请去掉密码另存后再传。"}) from error
        raise Invalid(
            {"file": f"文件展开以后太大或者结构不正常（{error.code}），没有打开。请减少行数或另存后再传。"}
        ) from error
    except DAMAGED as error:
        raise Invalid({"file": NOT_WHOLE}) from error
    strings = entries.get("xl/sharedStrings.xml")
    if strings is not None and strings.file_size > STRINGS_BYTES:
        raise Invalid({"file": "文件里的文字太多，没有打开。请分成几个文件再传。"})
    try:
        look_through(archive)
    except DAMAGED as error:
        raise Invalid({"file": NOT_WHOLE}) from error
    return archive


def open_xlsx(data: bytes, wanted: str) -> Workbook:
    """The sheet called `wanted`, else the first that can be seen. Raises `Invalid`."""
    from openpyxl import load_workbook

    archive = checked_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Invalid(
            {"file": "文件不是完整的 xlsx 表格，打不开。请用表格软件打开检查，另存为 xlsx 后再传。"}
        ) from error
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not seen:
        raise Invalid({"file": "文件里没有看得见的工作表。"})
    sheet: Any = next((each for each in seen if each.title == wanted), seen[0])
    notes = []
    hidden = [each.title for each in book.worksheets if each.sheet_state != "visible"]
    if hidden:
        notes.append(f"隐藏的工作表没有读：{'、'.join(hidden[:5])}。")
    others = [each.title for each in seen if each is not sheet and each.title != "填写说明"]
    if others:
        notes.append(f"只读了工作表「{sheet.title}」，没有读：{'、'.join(others[:5])}。")
    if any(name.startswith("xl/externalLinks/") for name in archive.namelist()):
        notes.append("文件里有指向别的文件的链接，没有打开它们。")
    path = sheet._worksheet_path
    sheet.reset_dimensions()
    return Workbook(sheet.title, path, _rows(sheet, book.epoch), _merges(archive, path), notes)


def _rows(sheet: Any, epoch: datetime) -> Iterator[tuple[int, list[Any]]]:
    blank = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            values = [_value(cell, epoch) for cell in cells]
            blank = blank + 1 if all(value is None for value in values) else 0
            if blank > MOST_BLANK:
                return
            yield number, values
    except Invalid:
        raise
    except Exception as error:  # as above: a sheet cut short or written wrongly
        raise Invalid({"file": "工作表的内容不完整，读不下去。请用表格软件打开检查，另存为 xlsx 后再传。"}) from error


def _value(cell: Any, epoch: datetime) -> Any:
    if cell.data_type == "f":
        return WPS_PICTURE if "DISPIMG" in str(cell.value) else FORMULA
    if cell.data_type == "e":
        return ERROR
    return cell.value


def as_date(value: Any) -> Any:
    """A day that a spreadsheet keeps as the number of days since 1900."""
    from openpyxl.utils.datetime import from_excel

    if isinstance(value, (int, float)) and not isinstance(value, bool) and 18_264 <= value <= 73_415:
        return from_excel(value)
    return value


def _merges(archive: zipfile.ZipFile, path: str) -> list[tuple[int, int, int, int]]:
    """Column and row bounds of every merged area, read from the stream: the reader by rows does not tell them."""
    from openpyxl.utils import range_boundaries

    found: list[tuple[int, int, int, int]] = []
    with archive.open(path) as part:
        tail = b""
        while chunk := part.read(MIB):
            window = tail + chunk
            end = 0
            for match in _MERGE.finditer(window):
                found.append(range_boundaries(match[1].decode()))  # type: ignore[arg-type]
                end = match.end()
                if len(found) > MOST_MERGES:
                    raise Invalid({"file": "合并单元格太多，没有导入。请取消合并后再传。"})
            tail = window[max(end, len(window) - 200) :]
    return found


__all__ = ["Problem", "Workbook", "as_date", "checked_archive", "open_xlsx"]
