"""What the rooms below ask of returns (`YICHUAN_DOCUMENT_RETURNED`)."""

import uuid

from yichuan.exchange.models import Delivery
from yichuan.exchange.states import DeliveryState


def returned(document_id: uuid.UUID) -> bool:
    """Whether a recipient of this document returned it."""
    return Delivery.objects.filter(dispatch__document_id=document_id, state=DeliveryState.RETURNED).exists()
