"""The keys of a box's deliveries, assignments and documents, out of the old wrapping key and into the new one."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, QuerySet

from yichuan.compose.models import Document
from yichuan.exchange.models import Assignment, Delivery, Rewrap, TakeOver
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.org.models import Box


class Item(NamedTuple):
    """One wrapped key: of a delivery, an assignment or a document, with the document that it belongs to."""

    pk: uuid.UUID
    document_id: uuid.UUID
    wrapped: bytes


def in_box(box: Box, *, at_a_time: int, but: Exists) -> Iterator[list[Item]]:
    """All wrapped keys of the box, in pieces, without those that `but` names."""
    yield from _pieces(Delivery.objects.filter(~but, box=box), "dispatch__document_id", at_a_time)
    yield from _pieces(Assignment.objects.filter(~but, box=box), "delivery__dispatch__document_id", at_a_time)
    yield from _pieces(Document.objects.filter(~but, box=box), "pk", at_a_time)


def rewraps(box: Box, prepared: TakeOver, items: Sequence[Item]) -> list[Rewrap]:
    """The keys under the new generation, not saved yet. Device work.

    A wrap that does not open (somebody altered it) is kept as it is and counted: one such delivery, which its receiver
    is told of, may not keep a whole unit from being merged.
    """
    old, new = box.wrapping_label_of(prepared.generation - 1), box.wrapping_label_of(prepared.generation)
    found = []
    for item in items:
        context = Document(pk=item.document_id).key_context
        try:
            found.append(Rewrap(take_over=prepared, item=item.pk, wrapped=_again(old, new, item.wrapped, context)))
        except DeviceError as error:
            if error.code != "wrong_context":
                raise unavailable(error) from error
            found.append(Rewrap(take_over=prepared, item=item.pk, wrapped=item.wrapped, opened=False))
    return found


def _again(old: str, new: str, wrapped: bytes, context: bytes) -> bytes:
    return device().wrap(new, device().unwrap(old, wrapped, context), context)


def _pieces(rows: QuerySet[Any], document: str, at_a_time: int) -> Iterator[list[Item]]:
    rows, last = rows.order_by("pk").values_list("pk", document, "wrapped_key"), None
    while piece := [
        Item(pk, of, bytes(wrapped))
        for pk, of, wrapped in (rows if last is None else rows.filter(pk__gt=last))[:at_a_time]
    ]:
        yield piece
        last = piece[-1].pk
