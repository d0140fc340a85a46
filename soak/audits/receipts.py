"""Every act on a delivery once, with its signed receipt and its entry in the log."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from soak.found import Finding
from soak.ledger import Act, Ledger
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.states import DeliveryState

Kind = Receipt.Kind
VERBS = {
    Kind.SIGNED_FOR: ("exchange.sign_for",),
    Kind.RECEIVED: ("exchange.read", "exchange.print_original", "exchange.take_copy"),
    Kind.RETURNED: ("exchange.return",),
}
STATES = {
    "sign_for": (DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED, DeliveryState.RETURNED),
    "read": (DeliveryState.RECEIVED,),
    "take_in": (DeliveryState.RECEIVED,),
    "return": (DeliveryState.RETURNED,),
}


def receipts(ledger: Ledger) -> Iterator[Finding]:
    """What stands in each delivery, its receipts and its entries say the same, and no less than what was told."""
    given: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in Receipt.objects.select_related("delivery__box"):
        given[str(receipt.delivery_id)].append(receipt)
    entries = Counter(
        (str(subject), verb)
        for subject, verb in Entry.objects.filter(
            verb__in=[verb for verbs in VERBS.values() for verb in verbs]
        ).values_list("subject_id", "verb")
    )
    deliveries = {str(each.pk): each for each in Delivery.objects.all()}
    for name, delivery in deliveries.items():
        yield from _one(name, delivery, given[name], entries)
    for line in ledger.acts:
        yield from _told(line, deliveries, entries)


def _one(name: str, delivery: Delivery, given: list[Receipt], entries: Counter[tuple[str, str]]) -> Iterator[Finding]:
    happened = {
        Kind.SIGNED_FOR: delivery.signed_for_at,
        Kind.RECEIVED: delivery.received_at,
        Kind.RETURNED: delivery.returned_at,
    }
    kinds = Counter(each.kind for each in given)
    for kind, at in happened.items():
        recorded = sum(entries[name, verb] for verb in VERBS[kind])
        if at is None and kinds[kind]:
            yield Finding("receipt too many", f"{name} was not {kind.value}, and there is a receipt of it")
        if at is not None and not kinds[kind]:
            yield Finding("receipt lost", f"{name} was {kind.value} without a receipt")
        if kinds[kind] > 1:
            yield Finding("receipt too many", f"{name} has {kinds[kind]} of {kind.value}")
        if at is not None and not recorded:
            yield Finding("entry lost", f"{name} was {kind.value} without an entry")
        if (at is None and recorded) or (recorded > 1 and kind is not Kind.RECEIVED):
            yield Finding("entry too many", f"{name} has {recorded} of {kind.value}")
    for each in given:
        if each.signature is None:
            yield Finding("open", f"the receipt of {each.kind} of {name} is not signed")
        elif not verify_receipt(each):
            yield Finding("receipt false", f"the receipt of {each.kind} of {name} does not verify")


def _told(line: Act, deliveries: dict[str, Delivery], entries: Counter[tuple[str, str]]) -> Iterator[Finding]:
    what = f"{line.verb} of {line.delivery}"
    if line.refused:
        yield Finding("refused", f"{what}: {line.refused}")
    elif not line.told:
        yield Finding("no answer", f"{what} was never answered")
    delivery = deliveries.get(line.delivery)
    if delivery is None:
        yield Finding("lost", f"{line.delivery} was told and is not there")
    elif line.told == "done" and line.verb in STATES and delivery.state not in STATES[line.verb]:
        yield Finding("lost", f"{what} was acknowledged, and it is {delivery.state}")
    elif line.told == "done" and line.verb in ("read", "take_in"):
        recorded = entries[line.delivery, "exchange.read"]
        if not 1 <= recorded <= line.tries:
            yield Finding(
                "entry lost" if not recorded else "entry too many", f"{what}: {recorded} in {line.tries} tries"
            )


def boxes(ledger: Ledger) -> Iterator[Finding]:
    """What a box told from its beginning is what lies in it."""
    for unit, told in ledger.listed.items():
        there = {str(each) for each in Delivery.objects.filter(unit_id=unit).values_list("pk", flat=True)}
        for each in there - set(told):
            yield Finding("lost", f"{each} lies in the box of {unit} and was not told")
        for each in set(told) - there:
            yield Finding("not chosen", f"{each} was told to {unit} and is not in its box")
