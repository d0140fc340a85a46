"""The people of a unit that was merged are from now on registered with its successor (J-10(3))."""

from yichuan.audit.services.record import record
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Staff, Unit


def move_staff(*, actor: Actor | None, unit: Unit, to: Unit) -> int:
    """Register everybody of `unit` with `to`; how many. A step. They have no post there until one is asked for."""
    require_transaction()
    moved = Staff.objects.filter(unit=unit).update(unit=to, office=None)
    detail = {"from": unit.name, "to": to.name, "people": moved}
    record(verb="org.move_staff", actor=actor, unit_id=to.pk, subject=unit, detail=detail)
    return moved
