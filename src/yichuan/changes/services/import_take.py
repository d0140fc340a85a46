"""Taking a spreadsheet: read, looked through row by row, kept encrypted. Nothing of it is in force yet."""

from pathlib import PurePath

from yichuan.audit.services.record import record
from yichuan.changes.models import Import, ImportRow
from yichuan.changes.services.batch_access import locked_batch, planned_batch
from yichuan.changes.services.import_check import check_rows
from yichuan.changes.services.import_key import import_key, wrapped
from yichuan.changes.services.import_rows import packed
from yichuan.changes.sheet_forms import FORMS
from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import Fault, Problem, Row
from yichuan.common.sheets.pictures import examine, in_sheet, in_zip
from yichuan.common.sheets.table import Table, read_table
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Account

MOST_BYTES = 32 * 2**20
LONGEST_NAME = 120


def take_import(*, actor: Account, number: int, kind: str, name: str, data: bytes, pictures: bytes = b"") -> Import:
    """Read the file for a batch; what comes back is to be looked at. A command. Raises `Invalid` for `file`."""
    batch = planned_batch(actor, number)
    name = PurePath(name.replace("\\", "/")).name.strip()[:LONGEST_NAME]
    if hides_something(name):
        raise Invalid({"file": "文件名里有看不见的字符，请改名后再选择。"})
    if len(data) > MOST_BYTES:
        raise Invalid({"file": f"文件超过 {MOST_BYTES // 2**20} MB，没有收下。请分成几个文件再传。"})
    if kind not in FORMS:
        raise Invalid({"kind": "请选择导入哪一种表。"})
    table = read_table(data, FORMS[Import.Kind(kind)])
    check_rows(kind, batch, table.rows)
    key = sealed.new_key()
    source = Import(batch=batch, kind=kind, state=Import.State.CHECKED, file_name=name, notes=table.notes)
    source.taken_by, source.taken_at = actor, clock.now()
    source.wrapped_key = wrapped(source, key)
    source.blob = sealed.write_bytes(key, source.context, data)
    rows = [_row(source, each) for each in table.rows]
    if kind == Import.Kind.IMPRINTS:
        _take_pictures(key, table, rows, data, pictures)
    for row, each in zip(rows, table.rows, strict=True):
        row.state = ImportRow.State.FAULTY if each.faults else ImportRow.State.WAITING
        row.entry = packed(each)
    with command():
        locked_batch(actor, number)
        source.save(force_insert=True)
        ImportRow.objects.bulk_create(rows, batch_size=500)
        detail = {"batch": number, "kind": kind, "rows": len(rows), "digest": sm3(data).hex()}
        record(verb="changes.take_import", actor=actor, subject=source, detail=detail)
    return source


def file_of(source: Import) -> bytes:
    """The file as it was taken."""
    return sealed.read_bytes(import_key(source), source.context, source.blob)


def _row(source: Import, row: Row) -> ImportRow:
    return ImportRow(source=source, number=row.number, unit_id=row.values.get("unit_id"))


def _take_pictures(key: bytes, table: Table, rows: list[ImportRow], data: bytes, pictures: bytes) -> None:
    """Find each row's picture, in the sheet or by name in the zip; keep it written anew, or say what is wrong."""
    by_row = in_sheet(data, table.path) if table.path else {}
    by_name = in_zip(pictures) if pictures else {}
    for row, each in zip(rows, table.rows, strict=True):
        found = by_row.get(each.number)
        for word in (each.values.get("picture", ""), each.values.get("name", ""), each.values.get("unit_name", "")):
            found = found or by_name.get(skeleton(word))
        each.faults = [fault for fault in each.faults if not (found and fault.column == "印模图片")]
        if found is None:
            if not any(fault.column == "印模图片" for fault in each.faults):
                remedy = "把图片插在本行，或写文件名并把图片打成 zip 一起传"
                each.faults.append(Fault("印模图片", "没有找到图片", remedy))
            continue
        picture = examine(found)
        if isinstance(picture, Problem):
            each.faults.append(Fault("印模图片", picture.what, picture.remedy))
            continue
        row.blob = sealed.write_bytes(key, row.context, picture.png)
        each.values |= {
            "width": str(picture.width),
            "height": str(picture.height),
            "dpi": str(picture.dpi or ""),
            "warnings": "\n".join(picture.warnings),
            "digest": sm3(picture.png).hex(),
        }
