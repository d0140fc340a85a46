"""Closing a unit (注销, U4, U5, J-10(2) and (3)). Nothing of it is removed: its rows, names and boxes stay."""

from django.utils.timezone import localdate

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Box, Office, Post, Unit, UnitName
from yichuan.org.selectors import not_ended
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.rename_unit import locked_open


def close_unit(*, actor: Actor | None, unit: Unit, successor: Unit | None, disposal: str) -> Unit:
    """Close the unit: its posts, offices and names end, its boxes take nothing more. A step.

    `successor` is the unit that letters reach from now on; `disposal` (`Unit.Disposal`) says what becomes of the
    documents. What lies in the boxes is moved by `exchange.services.take_over`, before or after this.
    """
    require_transaction()
    concerned = [unit] if successor is None else sorted([unit, successor], key=lambda each: each.pk)
    locked = {each.pk: locked_open(each) for each in concerned}  # always in one order; successors make no circle
    current = locked[unit.pk]
    if successor is not None and successor.pk == unit.pk:
        raise Refused("own_successor", f"「{current.name}」不能由它自己承继，请另选承继单位。")
    now = clock.now()
    for post in not_ended(Post.objects.filter(unit=current)).select_related("account", "unit", "office"):
        dismiss(actor=actor, post=post)
    Office.objects.filter(unit=current, closed_at=None).update(closed_at=now)
    Box.objects.filter(unit=current, closed_at=None).update(closed_at=now)
    for name in UnitName.objects.filter(unit=current, valid_to=None):
        name.valid_to = max(name.valid_from, localdate(now))
        name.save(update_fields=["valid_to"])
    for each in (current, unit):
        each.closed_at, each.successor, each.disposal = now, successor, disposal
    current.save(update_fields=["closed_at", "successor", "disposal"])
    detail = {"name": current.name, "successor": successor.name if successor else "", "disposal": disposal}
    record(verb="org.close_unit", actor=actor, unit_id=unit.pk, subject=unit, detail=detail)
    return current
