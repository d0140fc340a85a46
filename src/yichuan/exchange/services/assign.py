"""分办: the registry gives a signed-for document to one of its offices, with a note and a due date (R8, G-20)."""

import uuid
from datetime import date

from django.utils.timezone import localtime

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Assignment, Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.assignments import HELD
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.requests import optional_words
from yichuan.exchange.services.wrapping import Wrap, until_still, wrap
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Box, Office
from yichuan.people.models import Account

LEFT = (DeliveryState.FORWARDED, DeliveryState.REPLACED, DeliveryState.RETURNED, DeliveryState.WITHDRAWN)
MOST_DAYS = 366


def assign(
    *, actor: Account, delivery_id: uuid.UUID, office_id: uuid.UUID, note: str = "", due_on: date | None = None
) -> Assignment:
    """Give one delivery of the registry to one office. A command.

    Raises `Invalid` on `office`, `note`, `due_on`; `Refused` where the delivery is not signed for yet.
    """
    note = optional_words(note, "note", "拟办意见")
    _check_due(due_on)
    return until_still(lambda: _assigned(actor, delivery_id, office_id, note, due_on))


def _assigned(
    actor: Account, delivery_id: uuid.UUID, office_id: uuid.UUID, note: str, due_on: date | None
) -> Assignment:
    delivery = _assignable(actor, delivery_id)
    made = _wrap(delivery, office_id)
    with command():
        made.hold()
        Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery = _assignable(actor, delivery_id)
        office = _office(delivery, office_id)
        if Assignment.objects.filter(delivery=delivery, office=office).exists():
            raise Invalid({"office": f"已经分给{office.name}，不用再分。"})
        assignment = Assignment.objects.create(
            delivery=delivery,
            unit_id=delivery.unit_id,
            office=office,
            box=made.box,
            wrapped_key=made.wrapped,
            note=note,
            due_on=due_on,
            given_by=actor,
            given_at=clock.now(),
        )
        detail = {"office": office.name, "due_on": str(due_on or "")}
        record(verb="exchange.assign", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("assigned", [delivery.unit_id], subject_id=delivery.pk)
    return assignment


def _assignable(actor: Account, delivery_id: uuid.UUID) -> Delivery:
    delivery = visible(actor, delivery_id)
    if delivery.office_id is not None:
        raise Refused("not_at_registry", "处室的来文不再分办。需要其他处室办理时，请转本单位收发室。")
    if delivery.state not in HELD:
        state = DeliveryState(delivery.state).label
        raise Refused("wrong_state", f"这件公文现在是「{state}」，签收以后才能分办。请刷新页面看最新情况。")
    check(actor, ExchangePermission.ASSIGN, delivery)
    return delivery


def _wrap(delivery: Delivery, office_id: uuid.UUID) -> Wrap:
    office = _office(delivery, office_id)
    box = Box.objects.filter(office=office, closed_at=None).first()
    if box is None:
        raise Invalid({"office": f"{office.name}还没有交换箱，不能分办。请本单位系统管理员先给它开交换箱。"})
    return wrap(box, delivery.dispatch.document, delivered_key(delivery))


def _office(delivery: Delivery, office_id: uuid.UUID) -> Office:
    """An open office of the registry's own unit that does not have the document by itself."""
    office = Office.objects.filter(pk=office_id, unit_id=delivery.unit_id).first()
    if office is None:
        raise Invalid({"office": "请从本单位的处室里选择。"})
    if office.closed_at is not None:
        raise Invalid({"office": f"{office.name}已经撤销，不能分办。请选别的处室。"})
    own = Delivery.objects.filter(dispatch_id=delivery.dispatch_id, office=office).exclude(state__in=LEFT)
    if own.exists():
        raise Invalid({"office": f"{office.name}已经直接收到这件公文，不用再分。"})
    return office


def _check_due(due_on: date | None) -> None:
    if due_on is None:
        return
    today = localtime(clock.now(), profile.current().zone).date()
    if not 0 <= (due_on - today).days <= MOST_DAYS:
        raise Invalid({"due_on": "限办日期应在今天到一年以内。"})
