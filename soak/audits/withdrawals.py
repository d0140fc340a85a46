"""Of taking back and signing for exactly one wins, and each side was told what happened."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator

from soak.found import Finding
from soak.ledger import Act, Ledger, Withdrawal
from yichuan.audit.models import Entry
from yichuan.common.errors import Refused
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Delivery, Dispatch, Receipt
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.states import DeliveryState

VERBS = ("exchange.withdraw", "compose.withdraw")


def withdrawals(ledger: Ledger) -> Iterator[Finding]:
    """As the database stands, as each side was told, and what of it still opens."""
    boxes: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.select_related("box", "dispatch__document"):
        boxes[str(delivery.dispatch_id)].append(delivery)
    entries = Counter(Entry.objects.filter(verb__in=VERBS).values_list("subject_id", flat=True))
    receipts = Counter(Receipt.objects.values_list("delivery_id", flat=True))
    asked = {each.dispatch for each in ledger.withdrawals}
    dispatches = {str(each.pk): each for each in Dispatch.objects.select_related("document")}
    for name, dispatch in dispatches.items():
        if dispatch.withdrawn_at is not None and name not in asked:
            yield Finding("not asked for", f"{dispatch.document.number} was withdrawn")
        yield from _one(dispatch, boxes[name], entries, receipts)
    for line in ledger.withdrawals:
        yield from _sender(line, dispatches, boxes)
    states = {str(each.pk): each.state for deliveries in boxes.values() for each in deliveries}
    yield from _receivers(ledger.acts, states)
    for what in ledger.opened:
        yield Finding("opened", f"withdrawn and still to be had: {what}")


def _one(
    dispatch: Dispatch, deliveries: list[Delivery], entries: Counter[uuid.UUID | None], receipts: Counter[uuid.UUID]
) -> Iterator[Finding]:
    """A document is taken back from all or from none, with one entry each; then nobody has signed or can open it."""
    number, back = dispatch.document.number, dispatch.withdrawn_at is not None
    if (dispatch.document.state == DocumentState.WITHDRAWN) != back:
        yield Finding("half withdrawn", f"{number} is {dispatch.document.state}")
    if entries[dispatch.document_id] != back:
        yield Finding(
            "entry too many" if entries[dispatch.document_id] else "entry lost",
            f"{number} has {entries[dispatch.document_id]} of its withdrawal",
        )
    for each in deliveries:
        what = f"{number}, delivery {each.pk}"
        if (each.state == DeliveryState.WITHDRAWN) != back:
            signed = back and each.signed_for_at is not None
            yield Finding("both" if signed else "half withdrawn", f"{what} is {each.state}")
        elif back and (each.signed_for_at or each.received_at or receipts[each.pk]):
            yield Finding("both", f"{what} is withdrawn, and was signed for")
        if entries[each.pk] != back:
            fault = "entry too many" if entries[each.pk] > back else "entry lost"
            yield Finding(fault, f"{what} has {entries[each.pk]} of its withdrawal")
        if each.state == DeliveryState.WITHDRAWN and _opens(each):
            yield Finding("opened", f"{what} is withdrawn, and its receiver's box gives the key")


def _opens(delivery: Delivery) -> bool:
    try:
        return bool(delivered_key(delivery))
    except Refused:
        return False


def _sender(line: Withdrawal, dispatches: dict[str, Dispatch], boxes: dict[str, list[Delivery]]) -> Iterator[Finding]:
    what, dispatch = f"the withdrawal of {line.dispatch}", dispatches.get(line.dispatch)
    if line.refused:
        yield Finding("refused", f"{what}: {line.refused}")
    elif not line.told:
        yield Finding("no answer", f"{what} was never answered")
    if dispatch is None:
        yield Finding("lost", f"{line.dispatch} was told and is not there")
    elif line.told == "done" and dispatch.withdrawn_at is None:
        yield Finding("lost", f"{what} was acknowledged, and it is not withdrawn")
    elif line.told == "too late" and dispatch.withdrawn_at is not None:
        yield Finding("told otherwise", f"{what} was refused, and it is withdrawn")
    elif line.told == "too late" and all(each.signed_for_at is None for each in boxes[line.dispatch]):
        yield Finding("refused", f"{what} as too late, and nobody has signed for it")


def _receivers(acts: list[Act], states: dict[str, str]) -> Iterator[Finding]:
    for line in acts:
        state = states.get(line.delivery)
        if line.told == "withdrawn" and state != DeliveryState.WITHDRAWN:
            yield Finding("told otherwise", f"{line.verb} of {line.delivery}: withdrawn, and it is {state}")
        if line.told == "done" and state == DeliveryState.WITHDRAWN:
            yield Finding("both", f"{line.verb} of {line.delivery} was acknowledged, and it is withdrawn")
