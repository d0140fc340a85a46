"""What one row of each form does. Steps; a `Refused` leaves nothing of the row."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from yichuan.changes.models import Import, ImportRow, Imprint, PlannedUnit
from yichuan.changes.services.batch_approve import unapprove
from yichuan.changes.services.import_people import bring_people_in
from yichuan.changes.services.import_rows import values_of
from yichuan.changes.services.import_slice import CLASHED, Slice, Values, fail, open_unit
from yichuan.changes.sheet_forms import KINDS, RANK_WORDS
from yichuan.common import clock
from yichuan.common.characters import skeleton
from yichuan.common.errors import Refused
from yichuan.org.models import Unit
from yichuan.org.services.register_unit import UnitEntry, register_unit


def bring_in(part: Slice, rows: Sequence[ImportRow]) -> None:
    """Do what the rows ask for; each says in the end what became of it."""
    if part.source.kind == Import.Kind.STAFF:
        bring_people_in(part, rows)
    else:
        for row in rows:
            _one(part, row)


def _one(part: Slice, row: ImportRow) -> None:
    """One row, on its own: a refusal undoes this row alone."""
    try:
        with transaction.atomic():
            row.note = _DOES[Import.Kind(part.source.kind)](part, row, values_of(row))
        row.state = ImportRow.State.DONE
    except Refused as refusal:
        fail(row, refusal.message)
    except IntegrityError:
        fail(row, CLASHED)


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
    unit = open_unit(part, values)
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


_DOES = {
    Import.Kind.UNITS: _planned,
    Import.Kind.JOIN: _join,
    Import.Kind.IMPRINTS: _imprint,
}
