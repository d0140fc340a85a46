"""A box changes hands (U4, U5): all that lies in it goes under a new key generation, in three parts, on record.

`plan_take_over` does the device's work before any lock is held, `take_over` moves what was prepared inside the
transaction that carries the change out, `finish_take_over` destroys the old wrapping keys when that stands. A process
that dies in between loses nothing: what was prepared is found and used again, the old key opens everything until it
is moved, and the ticker finishes what was moved (`settle_take_overs`).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.models import Document
from yichuan.exchange.models import Assignment, Delivery, Dispatch, PrintedCopy, Rewrap, TakeOver
from yichuan.exchange.services.rewrapping import in_box, rewraps
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.org.models import Box, Office, Unit
from yichuan.org.services.rename_unit import locked_open

AT_A_TIME = 1_000
MOST_UNDER_LOCK = 500
"""Keys that are wrapped anew while the boxes are locked; where more came in meanwhile, it is planned again."""


@dataclass(frozen=True)
class Plan:
    """What was prepared: whose boxes go to whom, and under which new generation. It holds no key."""

    unit: Unit
    taker: Unit
    kept: bool
    whole: bool
    take_overs: tuple[TakeOver, ...]


def plan_take_over(unit: Unit, taker: Unit, *, kept: bool = False, office: Office | None = None) -> Plan:
    """Prepare that `taker` receives every box of `unit`, or only those of its `office`. Outside of any transaction.

    `kept` False: the taker succeeds the unit; deliveries, dispatches and documents become its own, in the inbox of its
    registry. `kept` True: it only keeps the boxes (archive, sealed export); nobody acts on what lies in them.
    Called again after a failure it goes on where it stopped. Commits as it goes, in small pieces.
    """
    boxes = Box.objects.filter(unit=unit).order_by("pk")
    if office is not None:
        boxes = boxes.filter(office=office)
    return Plan(unit, taker, kept, office is None, tuple(_prepared(box) for box in boxes))


def lock_together(plans: Iterable[Plan]) -> None:
    """Lock the boxes of several plans in one order, before the first is carried out. A step."""
    require_transaction()
    ids = {take_over.box_id for plan in plans for take_over in plan.take_overs}
    list(Box.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def take_over(*, actor: Actor | None, plan: Plan) -> list[Box]:
    """Move the boxes and what lies in them. A step; what came in after the planning is wrapped now.

    Refused (`box_changed`, `not_prepared`) where the plan no longer fits: plan again.
    """
    lock_together([plan])
    locked_open(plan.taker)
    planned = [prepared.box_id for prepared in plan.take_overs]
    if plan.whole and Box.objects.filter(unit=plan.unit).exclude(pk__in=planned).exists():
        raise _changed(plan)
    return [_moved(actor, plan, prepared) for prepared in plan.take_overs]


def finish_take_over(plan: Plan) -> int:
    """Destroy the old wrapping keys, when the move is committed. A command for each; returns how many were.

    The move stands by then: a device that does not answer undoes nothing, and the ticker comes back to it.
    """
    try:
        return _finished(TakeOver.objects.filter(pk__in=[prepared.pk for prepared in plan.take_overs]))
    except Unavailable:
        logging.getLogger("yichuan.exchange").warning("old box keys wait for the ticker to be destroyed")
        return 0


def settle_take_overs() -> int:
    """Finish what was moved by a process that died before it destroyed the old keys. For the ticker."""
    return _finished(TakeOver.objects.all())


def _prepared(box: Box) -> TakeOver:
    with command():
        prepared, _ = TakeOver.objects.get_or_create(
            box=box, generation=box.generation + 1, defaults={"begun_at": clock.now()}
        )
    label = box.wrapping_label_of(prepared.generation)
    try:
        if not device().has(label):
            device().make_wrapping_key(label)
    except DeviceError as error:
        raise unavailable(error) from error
    for items in in_box(box, at_a_time=AT_A_TIME, but=_wrapped(prepared)):
        made = rewraps(box, prepared, items)
        with command():
            Rewrap.objects.bulk_create(made, ignore_conflicts=True)  # two may prepare the same at once
    return prepared


def _moved(actor: Actor | None, plan: Plan, prepared: TakeOver) -> Box:
    box = Box.objects.select_related("office").get(pk=prepared.box_id)
    if box.unit_id != plan.unit.pk or box.generation + 1 != prepared.generation:
        raise _changed(plan)
    late = 0
    for items in in_box(box, at_a_time=MOST_UNDER_LOCK, but=_wrapped(prepared)):
        late += len(items)
        if late > MOST_UNDER_LOCK:
            raise Refused("not_prepared", f"准备期间「{plan.unit.name}」又收到很多公文，没有移交。请重新办理。")
        Rewrap.objects.bulk_create(rewraps(box, prepared, items))
    own = box.held_for_id is None and not plan.kept
    taken = {"unit": plan.taker} if own else {}
    in_registry = {"office": None} if own else {}
    deliveries = _rewrapped(Delivery.objects.filter(box=box), prepared, **taken, **in_registry)
    assignments = _rewrapped(Assignment.objects.filter(box=box), prepared, **taken)
    documents = _rewrapped(Document.objects.filter(box=box), prepared, **taken)
    if own:
        Dispatch.objects.filter(document__box=box).update(unit=plan.taker)
        PrintedCopy.objects.filter(delivery__box=box).update(unit=plan.taker)
    now = clock.now()
    detail = {
        "from": plan.unit.name,
        "to": plan.taker.name,
        "office": box.office.name if box.office else "",
        "kept": not own,
        "generation": prepared.generation,
        "deliveries": deliveries,
        "assignments": assignments,
        "documents": documents,
        "unreadable": Rewrap.objects.filter(take_over=prepared, opened=False).count(),
    }
    box.unit, box.office, box.generation = plan.taker, None, prepared.generation
    box.closed_at = box.closed_at or now
    box.held_for = box.held_for or (plan.unit if plan.kept else None)
    box.save(update_fields=["unit", "office", "generation", "closed_at", "held_for"])
    TakeOver.objects.filter(pk=prepared.pk).update(moved_at=now)
    record(verb="exchange.take_over", actor=actor, unit_id=plan.taker.pk, subject=box, detail=detail)
    publish("inbox", [plan.taker.pk], subject_id=box.pk)
    return box


def _changed(plan: Plan) -> Refused:
    return Refused("box_changed", f"「{plan.unit.name}」的交换箱刚刚有变动，没有移交。请重新办理。")


def _wrapped(prepared: TakeOver) -> Exists:
    """Whether a row's key was wrapped anew already."""
    return Exists(Rewrap.objects.filter(take_over=prepared, item=OuterRef("pk")))


def _rewrapped(rows: QuerySet[Any], prepared: TakeOver, **more: object) -> int:
    """Put the prepared wraps in their places, in one statement. A row without one would stop it: it cannot be null."""
    wraps = Rewrap.objects.filter(take_over=prepared, item=OuterRef("pk")).values("wrapped")[:1]
    return rows.update(wrapped_key=Subquery(wraps), **more)


def _finished(take_overs: QuerySet[TakeOver]) -> int:
    moved = take_overs.filter(moved_at__isnull=False, finished_at=None).select_related("box").order_by("moved_at")
    for prepared in list(moved):
        label = prepared.box.wrapping_label_of(prepared.generation - 1)
        try:
            if device().has(label):
                device().destroy(label)
        except DeviceError as error:
            raise unavailable(error) from error
        with command():
            if not TakeOver.objects.filter(pk=prepared.pk, finished_at=None).update(finished_at=clock.now()):
                continue
            Rewrap.objects.filter(take_over=prepared).delete()
            detail = {"generation": prepared.generation - 1}
            record(
                verb="exchange.destroy_key",
                actor=None,
                unit_id=prepared.box.unit_id,
                subject=prepared.box,
                detail=detail,
            )
    return len(moved)
