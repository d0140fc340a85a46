"""What a receiver sees of corrections: which of its deliveries came before this one, and which came after."""

from yichuan.compose.services.chain import chain_of
from yichuan.exchange.models import Delivery


def corrected_by(delivery: Delivery) -> list[Delivery]:
    """The same desk's deliveries of what corrected this document, the first first."""
    return [each for each in _chain(delivery) if each.arrived_at > delivery.arrived_at]


def corrects(delivery: Delivery) -> list[Delivery]:
    """The same desk's deliveries of what this document corrects, the last first."""
    return [each for each in reversed(_chain(delivery)) if each.arrived_at < delivery.arrived_at]


def _chain(delivery: Delivery) -> list[Delivery]:
    """One desk's deliveries of every document of the chain, in the order in which they arrived."""
    document = delivery.dispatch.document
    others = [each.pk for each in chain_of(document) if each.pk != document.pk]
    if not others:
        return []
    found = Delivery.objects.filter(dispatch__document__in=others, unit_id=delivery.unit_id, office=delivery.office)
    return list(found.select_related("dispatch__document").order_by("arrived_at", "pk"))
