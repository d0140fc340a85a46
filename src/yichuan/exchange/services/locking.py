"""Taking hold of one delivery: lock, then state, then permission (architecture, contract 4)."""

import uuid

from django.db.models import UUIDField

from yichuan.common.errors import NotFound
from yichuan.common.permissions import Permission, check
from yichuan.common.prepared import Prepared
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import with_names
from yichuan.exchange.states import DELIVERY
from yichuan.people.models import Account

GONE = "没有这件公文，或者不是发给你单位的。请回到收文列表查看。"

_with_names = Prepared(lambda pk: with_names(Delivery.objects.filter(pk=pk)).select_related("box"), pk=UUIDField())


def visible(actor: Account, delivery_id: uuid.UUID, permission: Permission = ExchangePermission.SEE_INBOX) -> Delivery:
    """The delivery, for one of its own unit who may do `permission`; another unit's looks as if it did not exist."""
    delivery = next(iter(_with_names(pk=delivery_id)), None)
    if delivery is None or not actor.has_perm(ExchangePermission.SEE_INBOX, delivery):
        raise NotFound("no_delivery", GONE)
    check(actor, permission, delivery)
    return delivery


def locked(
    actor: Account, delivery_id: uuid.UUID, verb: str, seen: Delivery | None = None
) -> tuple[Delivery, Transition]:
    """Lock the delivery and find the row of its table for `verb`. A step.

    `seen` is what `visible` gave a moment ago: while it still lies in the same hands, the names around it are not
    read again.
    """
    require_transaction()
    now = next(iter(Delivery.objects.select_for_update().filter(pk=delivery_id)), None)
    if now is None:
        raise NotFound("no_delivery", GONE)
    if seen is not None and _hands(seen) == _hands(now) and actor.has_perm(ExchangePermission.SEE_INBOX, now):
        now._state.fields_cache.update(seen._state.fields_cache)
        delivery = now
    else:
        delivery = visible(actor, delivery_id)
    transition = DELIVERY.find(verb, delivery.state)
    check(actor, transition.permission, delivery)
    return delivery, transition


def _hands(delivery: Delivery) -> tuple[uuid.UUID, uuid.UUID | None, uuid.UUID]:
    return delivery.unit_id, delivery.office_id, delivery.box_id
