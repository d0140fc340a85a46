"""Which rooms a kind of application touches: boxes to be prepared before, and the steps of the one transaction."""

from dataclasses import dataclass, replace

from django.utils import timezone

from yichuan.changes.content import (
    AddName,
    Content,
    Deregister,
    DropName,
    MergeInto,
    MergeNew,
    NewUnit,
    Rename,
    content_of,
)
from yichuan.changes.models import Application, Plan
from yichuan.changes.services.carrying.closing import close
from yichuan.changes.services.carrying.joining import open_unit
from yichuan.changes.services.carrying.renaming import carry_name, lay_down_name, rename
from yichuan.changes.services.end_others import end_others
from yichuan.changes.services.facts import open_units
from yichuan.changes.services.parties import centre_unit
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.exchange.services import take_over
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import unavailable
from yichuan.org.models import Box, CentreRole, Unit
from yichuan.org.services.register_unit import make_box_keys
from yichuan.org.services.unit_certificate import make_unit_key
from yichuan.people.models import Account
from yichuan.seals.kinds import Cause
from yichuan.seals.models import Seal
from yichuan.seals.services.end_applications import end_seal_applications


@dataclass(frozen=True)
class Outcome:
    """What came of it: the unit it ends in, who is to get a first password, whose names stood on withdrawn seals."""

    unit: Unit
    administrator: Account | None = None
    seals: tuple[str, ...] = ()


def closing_units(application: Application) -> list[Unit]:
    """The units that go with this application."""
    content = content_of(application)
    if isinstance(content, Deregister) and application.unit is not None:
        return [application.unit]
    return open_units(content.merged) if isinstance(content, MergeInto | MergeNew) else []


def taker_of(application: Application, plan: Plan | None = None) -> tuple[Unit, bool]:
    """Who takes the boxes of the units that go, and whether it only keeps them: archive, sealed export."""
    content = content_of(application)
    if isinstance(content, MergeInto):
        return open_units([content.survivor])[0], False
    if isinstance(content, MergeNew):
        return Unit(pk=plan.unit_id if plan else None, name=content.name), False
    if isinstance(content, Deregister) and content.disposal == Unit.Disposal.HAND_OVER:
        return open_units([content.to])[0], False
    return centre_unit(CentreRole.Role.SUPERVISING), True


def prepare(application: Application, plan: Plan) -> list[take_over.Plan]:
    """The device's work, before any lock: keys of a unit to come, and every key that moves wrapped anew.

    Done again after a crash it goes on where it stopped.
    """
    if isinstance(content_of(application), NewUnit):
        try:
            make_box_keys(Box(pk=plan.box_id))
            if plan.unit_id is not None:
                make_unit_key(plan.unit_id)
        except DeviceError as error:
            raise unavailable(error) from error
    units = closing_units(application)
    if not units:
        return []
    taker, kept = taker_of(application, plan)
    return [take_over.plan_take_over(unit, taker, kept=kept) for unit in units]


def carry(actor: Actor, application: Application, plan: Plan, boxes: list[take_over.Plan]) -> Outcome:
    """Everything the application asks for. A step."""
    losing = [each.pk for each in closing_units(application)]
    if application.kind in (Application.Kind.RENAME, Application.Kind.DROP_NAME) and application.unit_id:
        losing.append(application.unit_id)
    before = Seal.objects.filter(unit__in=losing, withdrawn_at=None)
    seals = {seal.pk: seal.name for seal in before.order_by("issued_at")}
    outcome = _carried(actor, application, plan, boxes)
    gone = Seal.objects.filter(pk__in=seals).exclude(withdrawn_at=None).values_list("pk", flat=True)
    return replace(outcome, seals=tuple(seals[pk] for pk in seals if pk in set(gone)))


def _carried(actor: Actor, application: Application, plan: Plan, boxes: list[take_over.Plan]) -> Outcome:
    content, number = content_of(application), application.number or ""
    today = timezone.localdate(clock.now())
    unit = application.unit
    if isinstance(content, NewUnit):
        new, administrator = open_unit(actor=actor, application=application, plan=plan, content=content)
        _close_all(actor, application, content, [replace(each, taker=new) for each in boxes], new)
        return Outcome(new, administrator)
    if isinstance(content, MergeInto):
        survivor = open_units([content.survivor])[0]
        _close_all(actor, application, content, boxes, survivor)
        return Outcome(survivor)
    if unit is None:
        raise ValueError(f"{application.kind} without a unit")
    if isinstance(content, Rename):
        return Outcome(unit, rename(actor=actor, unit=unit, content=content, number=number, on=today))
    if isinstance(content, Deregister):
        takes = boxes[0].taker if not boxes[0].kept else None
        _close_all(actor, application, content, boxes, takes)
    elif isinstance(content, AddName):
        carry_name(actor=actor, unit=unit, content=content, on=today)
    elif isinstance(content, DropName):
        lay_down_name(actor=actor, unit=unit, content=content, number=number, on=today)
    return Outcome(unit)


def _close_all(
    actor: Actor, application: Application, content: Content, boxes: list[take_over.Plan], successor: Unit | None
) -> None:
    disposal = content.disposal if isinstance(content, Deregister) else Unit.Disposal.HAND_OVER.value
    take_over.lock_together(boxes)
    for each in boxes:
        close(
            actor=actor,
            boxes=each,
            successor=successor,
            disposal=disposal,
            reason=f"申请 {application.number}：{each.unit.name}{application.get_kind_display()}",
            cause=Cause.DEREGISTRATION if isinstance(content, Deregister) else Cause.MERGER,
            people_to=None if isinstance(content, Deregister) else successor,
        )
        words = f"{each.unit.name}已经注销（申请 {application.number}），这份申请不再办理。"
        end_others(actor=actor, unit=each.unit, besides=application, words=words)
        end_seal_applications(actor=actor, unit=each.unit, words=words)
