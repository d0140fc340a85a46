"""Taking in what arrived, several deliveries at once, as an office system that polls does (J-33, J-36).

The same rules, checks, entries and receipts as signing for each and reading each; one transaction for the acts, one
for the receipts' signatures. What one letter is refused for keeps no other one back.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused, Unavailable
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import receipts_of_each
from yichuan.exchange.services.attached import list_at_once
from yichuan.exchange.services.check import Opened, Panel, check_opened, opened, refuse_unsound
from yichuan.exchange.services.locking import gone, held, visible_of
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import Act, read_it, sign_for_it, write
from yichuan.exchange.states import DeliveryState
from yichuan.people.models import Account

MOST = 50
MOST_BYTES = 16 * 1024 * 1024
"""Of the bodies of one answer together; a single larger one is an answer of its own."""
MOST_READ = 128 * 1024 * 1024
"""Of bodies and attachments together, which are all read for the checks before the answer begins."""


@dataclass(frozen=True)
class Taken:
    """A delivery that was taken in: as it stands now, its body byte for byte, its checks, its receipts by time."""

    delivery: Delivery
    body: bytes
    panel: Panel
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Intake:
    """What became of each delivery, in the order asked for; `left` were not touched, for want of room."""

    items: dict[uuid.UUID, Taken | Refused]
    left: tuple[uuid.UUID, ...]


def take_in(*, actor: Account, delivery_ids: Sequence[uuid.UUID]) -> Intake:
    """Check, sign for and read these deliveries, at most `MOST`. A command in two transactions.

    What is signed for already is only read; what is received already is read again and on record, as `read` does. A
    letter that is not sound, in another state, in other hands or not there is told its refusal and stays as it is.
    Raises `Unavailable` where the device or the store is away: then nothing was done.
    """
    ids = list(dict.fromkeys(delivery_ids))
    if not 0 < len(ids) <= MOST:
        raise Invalid({"deliveries": f"一次收取 1 到 {MOST} 件，请分几次收取。"})
    refused: dict[uuid.UUID, Refused] = {}
    waiting, left = _opened(actor, ids, refused)
    panels = _sound(waiting, refused)
    acts: list[Act] = []
    with command():
        now = held(actor, {each.delivery.pk: each.delivery for each in waiting if each.delivery.pk in panels})
        at = clock.now()
        for delivery_id in panels:
            try:
                acts += _acts(now.get(delivery_id), actor, at)
            except Refused as refusal:
                refused[delivery_id] = refusal
        receipts = write(acts)
    sign_soon(receipts)
    taken = {act.delivery.pk: act.delivery for act in acts}
    given = _receipts(taken, receipts)
    items: dict[uuid.UUID, Taken | Refused] = {
        each.delivery.pk: Taken(
            taken[each.delivery.pk], each.body, panels[each.delivery.pk], tuple(given[each.delivery.pk])
        )
        for each in waiting
        if each.delivery.pk in taken
    }
    items |= refused
    return Intake({each: items[each] for each in ids if each in items}, left)


def _receipts(taken: Mapping[uuid.UUID, Delivery], made: Sequence[Receipt]) -> dict[uuid.UUID, list[Receipt]]:
    """All receipts of each, by time. Both of what was signed for and read now are known, having been signed by this
    process; of the others, and where the device or another process stood between, they are asked for."""
    given: dict[uuid.UUID, list[Receipt]] = {}
    for receipt in made:
        if receipt.signature is not None:
            given.setdefault(receipt.delivery_id, []).append(receipt)
    given = {each: receipts for each, receipts in given.items() if len(receipts) == 2}
    others = {each: delivery for each, delivery in taken.items() if each not in given}
    return given | receipts_of_each(others) if others else given


def _opened(
    actor: Account, ids: list[uuid.UUID], refused: dict[uuid.UUID, Refused]
) -> tuple[list[Opened], tuple[uuid.UUID, ...]]:
    """The bodies that there is room for, and the deliveries from the first on for which there is none."""
    seen = visible_of(actor, ids)
    list_at_once(each.dispatch.document for each in seen.values())
    waiting: list[Opened] = []
    bodies = read = 0
    for place, delivery_id in enumerate(ids):
        try:
            delivery = _readable(actor, seen.get(delivery_id))
            found = opened(delivery)
        except Unavailable:
            raise
        except Refused as refusal:
            refused[delivery_id] = refusal
            continue
        bodies += len(found.body)
        read += len(found.body) + sum(file.size for file in delivery.dispatch.document.attachments.all())
        if waiting and (bodies > MOST_BYTES or read > MOST_READ):
            return waiting, tuple(ids[place:])
        waiting.append(found)
    return waiting, ()


def _readable(actor: Account, delivery: Delivery | None) -> Delivery:
    if delivery is None:
        raise gone()
    check(actor, ExchangePermission.READ, delivery)
    return delivery


def _sound(waiting: list[Opened], refused: dict[uuid.UUID, Refused]) -> dict[uuid.UUID, Panel]:
    """The checks of those that may be signed for."""
    panels: dict[uuid.UUID, Panel] = {}
    for each, panel in zip(waiting, check_opened(waiting, anew=True), strict=True):
        try:
            refuse_unsound(panel)
            panels[each.delivery.pk] = panel
        except Refused as refusal:
            refused[each.delivery.pk] = refusal
    return panels


def _acts(delivery: Delivery | None, actor: Account, at: datetime) -> list[Act]:
    """What is still to be done with a locked one, all of it or nothing. A step."""
    if delivery is None:
        raise gone()
    first = [sign_for_it(delivery, actor, at)] if delivery.state == DeliveryState.DELIVERED else []
    return [*first, read_it(delivery, actor, at)]
