"""Registering a unit: its names, its box and the box's two keys, its own key with its certificate.

Applications to join (U1) come above this.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.ids import new_id
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.services.device import device
from yichuan.org.models import Box, Unit, UnitName
from yichuan.org.services.rename_unit import spelled
from yichuan.org.services.unit_certificate import certify_unit


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
    kind: str = Unit.Kind.ORGAN.value


def register_unit(
    entry: UnitEntry, *, actor: Actor | None = None, unit_id: uuid.UUID | None = None, box_id: uuid.UUID | None = None
) -> Unit:
    """Add the unit to the address book with its box. A step.

    Who knows beforehand under which identifiers can make the keys before any lock is held (`make_box_keys`,
    `make_unit_key`).
    """
    require_transaction()
    pinyin, initials = spelled(entry.short_name)
    unit = Unit.objects.create(
        id=unit_id or new_id(),
        code=entry.code,
        kind=entry.kind,
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
    box = Box.objects.create(id=box_id or new_id(), unit=unit, opened_at=clock.now())
    make_box_keys(box)
    record(verb="org.register_unit", actor=actor, unit_id=unit.pk, subject=unit, detail={"name": entry.name})
    certify_unit(actor=actor, unit=unit)
    return unit


def make_box_keys(box: Box) -> None:
    """Make the box's two keys in the device, as far as they are not there yet. Device work."""
    if not device().has(box.wrapping_label):
        device().make_wrapping_key(box.wrapping_label)
    if not device().has(box.receipt_label):
        device().make_signing_key(box.receipt_label)
