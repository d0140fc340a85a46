"""A slice of an import: its rows, and what is asked once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yichuan.changes.models import Import, ImportRow
from yichuan.changes.services.import_rows import values_of
from yichuan.common.errors import Refused
from yichuan.org.models import Staff, Unit

Values = dict[str, Any]
CLASHED = "和刚刚登记的内容重复，没有导入。请核对后重新上传这一行。"


@dataclass
class Slice:
    """What is asked once for all rows of one slice."""

    source: Import
    units: dict[str, Unit]
    people: set[tuple[str, str]]


def prepared(source: Import, rows: Iterable[ImportRow]) -> Slice:
    """Ask for the units of these rows and for whoever has their numbers already."""
    said = [values_of(row) for row in rows]
    wanted = {values["unit_id"] for values in said if "unit_id" in values}
    units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=wanted, closed_at=None)}
    mobiles = {values["mobile"] for values in said if "mobile" in values}
    people = Staff.objects.filter(mobile__in=mobiles).values_list("account__name", "mobile") if mobiles else ()
    return Slice(source, units, set(people))


def open_unit(part: Slice, values: Values) -> Unit:
    """The row's unit. Raises `Refused` if it was closed since the sheet was looked through."""
    if values["unit_id"] not in part.units:
        raise Refused("unit_gone", f"「{values['unit_name']}」已经注销，没有导入。")
    return part.units[values["unit_id"]]


def fail(row: ImportRow, why: str) -> None:
    """The row is not brought in."""
    row.state, row.note, row.account = ImportRow.State.FAILED, why, None
