"""Taking hold of deliveries: lock, then state, then permission (architecture, contract 4)."""

import uuid
from collections.abc import Collection, Mapping

from django.db.models import UUIDField

from yichuan.common.among import Several
from yichuan.common.errors import NotFound
from yichuan.common.permissions import Permission, check
from yichuan.common.prepared import Prepared
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import named
from yichuan.exchange.states import DELIVERY
from yichuan.people.models import Account

GONE = "没有这件公文，或者不是发给你单位的。请回到收文列表查看。"

_for_update = Prepared(
    lambda pks: Delivery.objects.select_for_update().filter(pk__among=pks).order_by("pk"), pks=Several(UUIDField())
)


def visible(actor: Account, delivery_id: uuid.UUID, permission: Permission = ExchangePermission.SEE_INBOX) -> Delivery:
    """The delivery, for one of its own unit who may do `permission`; another unit's looks as if it did not exist."""
    delivery = _one(visible_of(actor, [delivery_id]), delivery_id)
    check(actor, permission, delivery)
    return delivery


def visible_of(actor: Account, delivery_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Delivery]:
    """Those of the deliveries that `visible` would give, in one query."""
    rows = named(delivery_ids)
    return {each.pk: each for each in rows if actor.has_perm(ExchangePermission.SEE_INBOX, each)}


def locked(
    actor: Account, delivery_id: uuid.UUID, verb: str, seen: Delivery | None = None
) -> tuple[Delivery, Transition]:
    """Lock the delivery and find the row of its table for `verb`. A step. `seen` is what `visible` gave before."""
    delivery = _one(held(actor, {delivery_id: seen}), delivery_id)
    return delivery, allowed(actor, delivery, verb)


def held_one(actor: Account, seen: Delivery) -> Delivery:
    """`held` for one that `visible` gave a moment ago. A step."""
    return _one(held(actor, {seen.pk: seen}), seen.pk)


def held(actor: Account, seen: Mapping[uuid.UUID, Delivery | None]) -> dict[uuid.UUID, Delivery]:
    """Lock deliveries in the order of their ids; those of them that are the actor's to see. A step.

    `seen` is what `visible` gave a moment ago: while one still lies in the same hands, the names around it are not
    read again.
    """
    require_transaction()
    found: dict[uuid.UUID, Delivery] = {}
    elsewhere: list[uuid.UUID] = []
    for now in _for_update(pks=seen):
        before = seen[now.pk]
        if before is None or _hands(before) != _hands(now):
            elsewhere.append(now.pk)
        elif actor.has_perm(ExchangePermission.SEE_INBOX, now):
            now._state.fields_cache.update(before._state.fields_cache)
            found[now.pk] = now
    return found | visible_of(actor, elsewhere) if elsewhere else found


def allowed(actor: Account, delivery: Delivery, verb: str) -> Transition:
    """The row of its table for `verb`, as a locked delivery stands, where the actor may do it. A step."""
    transition = DELIVERY.find(verb, delivery.state)
    check(actor, transition.permission, delivery)
    return transition


def gone() -> NotFound:
    """It is not there, or not for this person."""
    return NotFound("no_delivery", GONE)


def _one(found: Mapping[uuid.UUID, Delivery], delivery_id: uuid.UUID) -> Delivery:
    if delivery_id not in found:
        raise gone()
    return found[delivery_id]


def _hands(delivery: Delivery) -> tuple[uuid.UUID, uuid.UUID | None, uuid.UUID]:
    return delivery.unit_id, delivery.office_id, delivery.box_id
