"""催办: the sender asks recipients to sign for a document, at most once an hour a desk."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account

AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Urged:
    """Who was asked, and who was not with the reason."""

    done: list[Delivery]
    failed: dict[Delivery, str]


def urge(*, actor: Account, dispatch_id: uuid.UUID, delivery_ids: list[uuid.UUID]) -> Urged:
    """Ask these recipients of one dispatch to sign for it. A command.

    Each is decided on its own: who has signed meanwhile, or was asked by this unit within the hour, is not asked.
    Raises `NotFound` for another unit's dispatch, `Invalid` where nobody is chosen.
    """
    with command():
        dispatch = Dispatch.objects.filter(pk=dispatch_id).first()
        if dispatch is None or not actor.has_perm(ExchangePermission.TRACK, dispatch):
            raise NotFound("no_dispatch", "没有这次发送，或者不是你单位的。请回到发送跟踪查看。")
        check(actor, ComposePermission.SEND, dispatch)
        if not delivery_ids:
            raise Invalid({"delivery": "没有选择收件单位。请先选择没有签收的单位，再催办。"})
        rows = Delivery.objects.select_for_update(of=("self",)).filter(dispatch=dispatch, pk__in=delivery_ids)
        chosen = list(rows.select_related("unit", "addressee").order_by("pk"))
        if len(chosen) != len(set(delivery_ids)):
            raise NotFound("no_delivery", "选择的单位里有的不在这次发送里。请刷新页面，重新选择。")
        lately = _asked_lately(dispatch, chosen)
        failed = {delivery: why for delivery in chosen if (why := _why_not(delivery, lately))}
        done = [delivery for delivery in chosen if delivery not in failed]
        _write(actor, dispatch, done)
    return Urged(done, failed)


def _asked_lately(dispatch: Dispatch, chosen: list[Delivery]) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    """The desks among these that the sender asked within the hour, about this document or another."""
    since = clock.now() - AGAIN_AFTER
    found = Delivery.objects.filter(
        unit__in={delivery.unit_id for delivery in chosen},
        state=DeliveryState.DELIVERED,
        dispatch__unit=dispatch.unit_id,
        urged_at__gt=since,
    )
    return set(found.values_list("unit_id", "office_id"))


def _why_not(delivery: Delivery, lately: set[tuple[uuid.UUID, uuid.UUID | None]]) -> str:
    if delivery.state != DeliveryState.DELIVERED:
        return f"{DeliveryState(delivery.state).label}，不用催办"
    if (delivery.unit_id, delivery.office_id) in lately:
        return "一小时以内催办过，请过一会儿再催，或者打电话"
    return ""


def _write(actor: Account, dispatch: Dispatch, done: list[Delivery]) -> None:
    at = clock.now()
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in done]).update(urged_at=at)
    record_all(
        entry(verb="exchange.urge", actor=actor, unit_id=dispatch.unit_id, subject=delivery) for delivery in done
    )
    publish("reminder", {delivery.office_id or delivery.unit_id for delivery in done}, subject_id=dispatch.pk)
