"""What one row of each form does. Steps; a `Refused` leaves nothing of the row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from yichuan.changes.models import Import, ImportRow, Imprint, PlannedUnit
from yichuan.changes.services.batch_approve import unapprove
from yichuan.changes.services.import_rows import values_of
from yichuan.changes.sheets.columns import DUTIES, KINDS, RANK_WORDS, YES
from yichuan.common import clock
from yichuan.common.characters import skeleton
from yichuan.common.errors import Refused
from yichuan.org.models import AccessChange, Staff, Unit
from yichuan.org.services.access import request_change
from yichuan.org.services.register_unit import UnitEntry, register_unit
from yichuan.org.services.staff import register_person

Values = dict[str, Any]


@dataclass
class Slice:
    """The rows of one slice, and what is asked once for all of them."""

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


def bring_in(part: Slice, row: ImportRow) -> str:
    """Do what the row asks for; a word about it for the result, if there is one."""
    return _DOES[Import.Kind(part.source.kind)](part, row, values_of(row))


def _person(part: Slice, row: ImportRow, values: Values) -> str:
    """Register the person and ask for the posts; the auditor reviews them (P4). Nobody learns the first password:
    a new one is drawn when the slip is printed (`import_slips`)."""
    source, unit = part.source, _open_unit(part, values)
    if (values["name"], values["mobile"]) in part.people:
        raise Refused("registered_already", f"「{values['name']}」已经登记过，没有再开账号。")
    trained = values.get("trained_on", "")
    row.account, _ = register_person(
        actor=source.taken_by,
        unit=unit,
        username=values.get("username", ""),
        name=values["name"],
        title=values.get("title", ""),
        phone=values.get("phone", ""),
        mobile=values["mobile"],
        mail=values.get("mail", ""),
        established=values["established"] == YES,
        trained_on=date.fromisoformat(trained) if trained else None,
    )
    row.unit = unit
    part.people.add((values["name"], values["mobile"]))
    left = []
    for label in values["duties"].split("、"):
        try:
            request_change(
                actor=None,
                kind=AccessChange.Kind.APPOINT,
                account=row.account,
                unit=unit,
                duty=DUTIES[label],
                reason=f"{source.batch.name}报名表，{source.taken_by.name}导入",
            )
        except Refused as refusal:
            left.append(f"{label}没有申请：{refusal.message}")
    return "".join(left)


def _planned(part: Slice, row: ImportRow, values: Values) -> str:
    """Put the unit on the batch's list, which then wants the supervising office's approval."""
    unapprove(part.source.taken_by, part.source.batch)
    PlannedUnit.objects.create(
        batch=part.source.batch,
        code=values["code"],
        name=values["name"],
        short_name=values["short_name"],
        name_skeleton=skeleton(values["name"]),
        short_skeleton=skeleton(values["short_name"]),
        kind=KINDS[values["kind"]],
        rank=RANK_WORDS[values["rank"]],
        order=int(values["order"]),
    )
    return ""


def _join(part: Slice, row: ImportRow, values: Values) -> str:
    """Register a unit of an approved list, or find that it has joined by an application of its own."""
    planned = PlannedUnit.objects.select_for_update().get(pk=values["id"])
    if planned.unit is not None:
        row.unit = planned.unit
        return "已经登记过。"
    unit, said = Unit.objects.filter(name=planned.name, closed_at=None).first(), "已经按申请加入，没有再登记。"
    if unit is None:
        unit, said = _registered(part.source, planned), ""
    planned.unit = row.unit = unit
    planned.save(update_fields=["unit"])
    return said


def _registered(source: Import, planned: PlannedUnit) -> Unit:
    if Unit.objects.filter(code=planned.code).exists():
        raise Refused("code_taken", f"单位编号「{planned.code}」已经被别的单位用了。请在名单里换一个编号。")
    if Unit.objects.filter(short_name=planned.short_name, closed_at=None).exists():
        raise Refused("name_taken", f"简称「{planned.short_name}」已经被别的单位用了。请在名单里换一个简称。")
    unit = register_unit(
        UnitEntry(
            code=planned.code,
            short_name=planned.short_name,
            name=planned.name,
            rank=planned.rank,
            batch=source.batch_id,
            starts=source.batch.starts,
            order=planned.order,
        )
    )
    unit.kind = Unit.Kind(planned.kind)
    unit.save(update_fields=["kind"])
    return unit


def _imprint(part: Slice, row: ImportRow, values: Values) -> str:
    """Keep the picture for the seal that will be made of it; one that was there before steps back."""
    unit = _open_unit(part, values)
    replaced = Imprint.objects.filter(unit=unit, replaced_at=None).update(replaced_at=clock.now())
    Imprint.objects.create(
        unit=unit,
        source=part.source,
        number=row.number,
        blob=row.blob,
        digest=values["digest"],
        width=int(values["width"]),
        height=int(values["height"]),
        dpi=int(values["dpi"]) if values["dpi"] else None,
        diameter_mm=values.get("diameter") or None,
        warnings=[each for each in values["warnings"].split("\n") if each],
        added_at=clock.now(),
    )
    row.unit = unit
    return "换下了原来的印模。" if replaced else ""


def _open_unit(part: Slice, values: Values) -> Unit:
    if values["unit_id"] not in part.units:
        raise Refused("unit_gone", f"「{values['unit_name']}」已经注销，没有导入。")
    return part.units[values["unit_id"]]


_DOES = {
    Import.Kind.STAFF: _person,
    Import.Kind.UNITS: _planned,
    Import.Kind.JOIN: _join,
    Import.Kind.IMPRINTS: _imprint,
}
