"""What a delivery came of and what came of it: sent again (R7), or passed on to the registry (R9)."""

from yichuan.exchange.models import Delivery, PrintedCopy

LONGEST = 100  # of a chain: nobody sends one document to one recipient more often


def earlier(delivery: Delivery) -> list[Delivery]:
    """Those it follows, the nearest first: one query each, and chains are short."""
    found: list[Delivery] = []
    while delivery.follows_id is not None and len(found) < LONGEST:
        delivery = Delivery.objects.select_related("office", "unit", "addressee").get(pk=delivery.follows_id)
        found.append(delivery)
    return found


def later(delivery: Delivery) -> list[Delivery]:
    """Those that followed it, the nearest first; the last is the one that counts now."""
    found: list[Delivery] = []
    while len(found) < LONGEST:
        after = Delivery.objects.filter(follows_id=delivery.pk).select_related("office", "unit", "addressee").first()
        if after is None:
            break
        found.append(after)
        delivery = after
    return found


def numbers_taken(delivery: Delivery) -> set[int]:
    """The numbers of originals that this recipient has used: on this delivery and on those it follows.

    What was still being made on an earlier one is never issued: it has left the states in which one prints.
    """
    before = PrintedCopy.objects.filter(delivery__in=earlier(delivery), state=PrintedCopy.State.ISSUED)
    own = delivery.copies.exclude(state=PrintedCopy.State.FAILED)
    return {*before.values_list("number", flat=True), *own.values_list("number", flat=True)}
