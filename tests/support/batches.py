"""A batch of the small centre with the people who plan and approve it, and sheets as units send them."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from PIL import Image, ImageDraw

from support.world import World
from yichuan.changes.models import Batch, Import
from yichuan.changes.services.batch_plan import plan_batch
from yichuan.changes.services.import_rows import faults_of
from yichuan.changes.services.import_run import advance, begin_import
from yichuan.changes.services.import_take import take_import
from yichuan.changes.sheet_forms import FORMS
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole
from yichuan.people.models import Account

STARTS = date(2008, 8, 1)
STAFF_HEAD = [column.label for column in FORMS[Import.Kind.STAFF].columns]
UNITS_HEAD = [column.label for column in FORMS[Import.Kind.UNITS].columns]
IMPRINTS_HEAD = [column.label for column in FORMS[Import.Kind.IMPRINTS].columns]


@dataclass
class Planned:
    """The world, its operator and supervisor, and the first batch."""

    world: World
    operator: Account
    supervisor: Account
    batch: Batch

    def take(self, data: bytes, kind: str = Import.Kind.STAFF, *, pictures: bytes = b"") -> Import:
        """What the operator uploads."""
        return take_import(actor=self.operator, number=1, kind=kind, name="表.xlsx", data=data, pictures=pictures)

    def imported(self, data: bytes, kind: str = Import.Kind.STAFF, *, pictures: bytes = b"") -> Import:
        """The same, brought in to the end."""
        source = self.take(data, kind, pictures=pictures)
        begin_import(actor=self.operator, import_id=source.pk)
        while advance(source.pk, seconds=1):
            pass
        source.refresh_from_db()
        return source


def planned(world: World) -> Planned:
    """市府办公室 supervises, 市建设局 operates; the first batch is theirs and the others'."""
    CentreRole.objects.create(role=CentreRole.Role.SUPERVISING, unit=world.units["市府办公室"])
    CentreRole.objects.create(role=CentreRole.Role.OPERATING, unit=world.units["市建设局"])
    operator = world.holder(Duty.OPERATOR, "市建设局")
    supervisor = world.holder(Duty.SUPERVISOR, "市府办公室")
    return Planned(world, operator, supervisor, plan_batch(actor=operator, number=1, starts=STARTS))


def person(**other: str) -> list[str]:
    """A row of the staff form; what is named differs from 张三 of 市环保局."""
    row = ["市环保局", "文件管理员", "张三", "科员", "", "13800138000", "", "", "是", "2008-06-25"]
    return list((dict(zip(STAFF_HEAD, row, strict=True)) | other).values())


def unit(number: int, **other: str) -> list[str]:
    """A row of the list of units."""
    row = [
        f"JM9{number:03d}",
        f"江门市第{number}局",
        f"市第{number}局",
        "机关",
        "工作部门、派出机构",
        str(900 + number),
        "1",
    ]
    return list((dict(zip(UNITS_HEAD, row, strict=True)) | other).values())


def xlsx(head: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "表") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in (head, *rows):
        sheet.append(list(row))
    return saved(book)


def staff_xlsx(*rows: Sequence[Any]) -> bytes:
    """The staff form with these rows."""
    return xlsx(STAFF_HEAD, rows or [person()])


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def imprint_png(size: int = 600, colour: str = "#d01010", dpi: int | None = 300, form: str = "PNG") -> bytes:
    """A ring on white, as a scanned imprint."""
    image = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(image).ellipse((10, 10, size - 10, size - 10), outline=colour, width=max(4, size // 15))
    written = io.BytesIO()
    image.save(written, form, **({"dpi": (dpi, dpi)} if dpi else {}))
    return written.getvalue()


def zipped(**files: bytes) -> bytes:
    """A zip of files by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def said(source: Import) -> list[list[str]]:
    """What is wrong with each row, in its own words."""
    return [[fault.said() for fault in faults_of(row)] for row in source.rows.order_by("number")]
