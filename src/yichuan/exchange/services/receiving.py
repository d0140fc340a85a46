"""Signing for and reading, on locked deliveries: what each act changes, and one writing of all of them.

A person's single act and an office system's fifty go through the same lines. An act alters the row in memory alone;
`write` stores what all of a transaction's acts did.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuan.audit.models import Entry
from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.outbox import publish_all
from yichuan.common.rows import alter_rows
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.locking import allowed
from yichuan.exchange.services.receipts import receipt_of, write_receipts
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account


@dataclass(frozen=True)
class Act:
    """One act on one delivery: its columns that are others now, its entry, its receipt, who hears of it as what."""

    delivery: Delivery
    changes: dict[str, Any]
    entry: Entry
    receipt: Receipt | None
    event: str
    units: tuple[uuid.UUID, ...]


def sign_for_it(delivery: Delivery, actor: Account, at: datetime) -> Act:
    """It arrived (G-20, J-33). A step, on a locked delivery."""
    transition = allowed(actor, delivery, "sign_for")
    changes = {"state": transition.target.value, "signed_for_at": at, "signed_for_by_id": actor.pk}
    receipt = receipt_of(delivery, Receipt.Kind.SIGNED_FOR, actor, at)
    return _act(delivery, actor, transition, changes, receipt, "inbox", delivery.unit_id)


def read_it(delivery: Delivery, actor: Account, at: datetime) -> Act:
    """Its body goes to the unit's office system (J-36). A step, on a locked delivery."""
    transition = allowed(actor, delivery, "read")
    changes, receipt = _received(delivery, actor, "接口读取", at)
    return _act(delivery, actor, transition, changes, receipt, "copied", delivery.dispatch.unit_id, delivery.unit_id)


def mark_received(delivery: Delivery, actor: Account, by: str) -> Receipt | None:
    """Set the receiving time once and write its receipt. A step, on a locked delivery."""
    require_transaction()
    changes, receipt = _received(delivery, actor, by, clock.now())
    if receipt is not None:
        _alter(delivery, changes)
        delivery.save(update_fields=list(changes))
        write_receipts([receipt])
    return receipt


def write(acts: Sequence[Act]) -> list[Receipt]:
    """Store the acts of a transaction: rows, entries, receipts, events. A step. The receipts wait for signatures."""
    require_transaction()
    changed: dict[uuid.UUID, dict[str, Any]] = {}
    for act in acts:
        changed.setdefault(act.delivery.pk, {}).update(act.changes)
    alike: dict[tuple[tuple[str, Any], ...], list[uuid.UUID]] = {}
    for delivery_id, changes in changed.items():
        alike.setdefault(tuple(changes.items()), []).append(delivery_id)
    for values, delivery_ids in alike.items():
        if values:
            alter_rows(Delivery, delivery_ids, dict(values))
    record_all([act.entry for act in acts])
    receipts = [act.receipt for act in acts if act.receipt is not None]
    if receipts:
        write_receipts(receipts)
    publish_all([(act.event, unit, act.delivery.pk) for act in acts for unit in act.units])
    return receipts


def _received(delivery: Delivery, actor: Account, by: str, at: datetime) -> tuple[dict[str, Any], Receipt | None]:
    """What the first print, copy or reading changes, with its receipt (J-36); nothing from the second on."""
    if delivery.received_at is not None:
        return {}, None
    changes = {"state": DeliveryState.RECEIVED.value, "received_at": at}
    return changes, receipt_of(delivery, Receipt.Kind.RECEIVED, actor, at, by_way_of=by)


def _act(
    delivery: Delivery,
    actor: Account,
    transition: Transition,
    changes: dict[str, Any],
    receipt: Receipt | None,
    event: str,
    *units: uuid.UUID,
) -> Act:
    written = entry(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery)
    _alter(delivery, changes)
    return Act(delivery, changes, written, receipt, event, units)


def _alter(delivery: Delivery, changes: dict[str, Any]) -> None:
    for column, value in changes.items():
        setattr(delivery, column, value)
