"""Renaming a unit (U3, J-10(1)): the old name keeps its row, and old documents go on pointing at it."""

from datetime import date

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.lib.pinyin import initials, pinyin
from yichuan.org.models import Unit, UnitName
from yichuan.org.services.unit_certificate import rename_certificate


def rename_unit(*, actor: Actor | None, unit: Unit, name: str, short_name: str, on: date) -> UnitName:
    """Give the unit its new names from the day `on`; returns their row. A step; the names were checked above.

    Seals that bear the old name are withdrawn by `seals.services.withdraw`; keys and boxes stay, the unit's key gets a
    certificate in the new name.
    """
    require_transaction()
    current = locked_open(unit)
    old = UnitName.objects.get(unit=current, main=True, valid_to=None)
    old.valid_to = max(on, old.valid_from)
    old.save(update_fields=["valid_to"])
    new = UnitName.objects.create(unit=current, name=name, short_name=short_name, valid_from=old.valid_to)
    for each in (current, unit):
        each.name, each.short_name = name, short_name
        each.pinyin, each.initials = spelled(short_name)
    current.save(update_fields=["name", "short_name", "pinyin", "initials"])
    detail = {"from": old.name, "to": name}
    record(verb="org.rename_unit", actor=actor, unit_id=unit.pk, subject=unit, detail=detail)
    rename_certificate(actor=actor, unit=current)
    return new


def locked_open(unit: Unit) -> Unit:
    """The unit, locked and open. A step's helper; refused where it was closed meanwhile."""
    current = Unit.objects.select_for_update().get(pk=unit.pk)
    if current.closed_at is not None:
        raise Refused("unit_closed", f"「{current.name}」已经注销，不能再变更。请刷新页面。")
    return current


def spelled(short_name: str) -> tuple[str, str]:
    """A unit's pinyin and its initials, for the picker."""
    return pinyin(short_name), initials(short_name)
