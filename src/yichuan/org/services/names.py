"""Further names that a unit carries beside its own (挂多个牌子, U2, J-9), each with its own seal."""

from datetime import date

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Unit, UnitName
from yichuan.org.services.rename_unit import locked_open


def add_name(*, actor: Actor | None, unit: Unit, name: str, short_name: str, on: date) -> UnitName:
    """The unit carries this name too, from the day `on`. A step; the names were checked above."""
    require_transaction()
    locked_open(unit)
    added = UnitName.objects.create(unit=unit, name=name, short_name=short_name, main=False, valid_from=on)
    record(verb="org.add_name", actor=actor, unit_id=unit.pk, subject=unit, detail={"name": name})
    return added


def drop_name(*, actor: Actor | None, unit: Unit, name: UnitName, on: date) -> UnitName:
    """The unit no longer carries `name`. A step. The unit's own name is not dropped, it is changed (`rename_unit`)."""
    require_transaction()
    locked_open(unit)
    dropped = UnitName.objects.filter(pk=name.pk, unit=unit, main=False, valid_to=None).first()
    if dropped is None:
        raise Refused("no_such_name", f"「{name.name}」不是这个单位现在增挂的牌子，请刷新页面。")
    dropped.valid_to = max(on, dropped.valid_from)
    dropped.save(update_fields=["valid_to"])
    record(verb="org.drop_name", actor=actor, unit_id=unit.pk, subject=unit, detail={"name": dropped.name})
    return dropped
