"""What the database itself refuses, whatever the code above it forgets."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError

from support.world import World
from yichuan.common import clock
from yichuan.common.ids import new_id
from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy, Receipt


def _again(row: Model, **changes: object) -> None:
    """The same row once more, under an identifier of its own."""
    row.pk = new_id()
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def _copy(delivery: Delivery, state: str) -> PrintedCopy:
    clerk = Delivery.objects.values_list("dispatch__sent_by", flat=True).get(pk=delivery.pk)
    return PrintedCopy.objects.create(
        delivery=delivery, unit=delivery.unit, number=1, printed_by_id=clerk, reserved_at=clock.now(), state=state
    )


REFUSED: dict[str, Callable[[Delivery], object]] = {
    "a second dispatch of a document": lambda delivery: _again(
        Dispatch.objects.get(pk=delivery.dispatch_id), idempotency_key=new_id()
    ),
    "a second delivery to a unit": lambda delivery: _again(Delivery.objects.get(pk=delivery.pk)),
    "more printed than allowed": lambda delivery: Delivery.objects.filter(pk=delivery.pk).update(printed=3),
    "a copy number given twice": lambda delivery: [_copy(delivery, "issued"), _copy(delivery, "reserved")],
    "a second receipt of a kind": lambda delivery: _again(Receipt.objects.get(delivery=delivery)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses(world: World, what: str) -> None:
    delivery = world.signed_for(allowance=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        REFUSED[what](delivery)


def test_a_number_whose_print_failed_is_given_again(world: World) -> None:
    delivery = world.signed_for()
    _copy(delivery, "failed")
    _copy(delivery, "failed")
    assert _copy(delivery, "issued").number == 1


def test_what_was_sent_is_not_deleted(world: World) -> None:
    delivery = world.signed_for()
    for row in (delivery.dispatch.document, delivery.dispatch, delivery, delivery.unit):
        with pytest.raises(ProtectedError):
            row.delete()
