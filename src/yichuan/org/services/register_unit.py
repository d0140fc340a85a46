"""Registering a unit: its names, its box and the box's two keys. Applications to join (U1) come above this."""

from dataclasses import dataclass
from datetime import date

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import require_transaction
from yichuan.keys.services.device import device
from yichuan.org.models import Box, Unit, UnitName
from yichuan.org.services.rename_unit import spelled


@dataclass(frozen=True)
class UnitEntry:
    """One line of a batch plan (U6)."""

    code: str
    short_name: str
    name: str
    rank: str
    batch: int
    starts: date
    order: int


def register_unit(entry: UnitEntry) -> Unit:
    """Add the unit to the address book with its box. A step."""
    require_transaction()
    pinyin, initials = spelled(entry.short_name)
    unit = Unit.objects.create(
        code=entry.code,
        short_name=entry.short_name,
        name=entry.name,
        rank=entry.rank,
        batch=entry.batch,
        starts=entry.starts,
        order=entry.order,
        pinyin=pinyin,
        initials=initials,
    )
    UnitName.objects.create(unit=unit, name=entry.name, short_name=entry.short_name, valid_from=entry.starts)
    box = Box.objects.create(unit=unit, opened_at=clock.now())
    device().make_wrapping_key(box.wrapping_label)
    device().make_signing_key(box.receipt_label)
    record(verb="org.register_unit", actor=None, unit_id=unit.pk, subject=unit, detail={"name": entry.name})
    return unit
