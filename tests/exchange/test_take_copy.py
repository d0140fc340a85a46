"""The decrypted copy (R5, J-35)."""

import pypdfium2
import pytest
from django.utils.timezone import localdate

from support.printing import print_original
from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.models import Event
from yichuan.exchange.models import PrintedCopy, Receipt
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.states import DeliveryState


def _texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_every_page_says_that_it_is_a_copy_whose_and_of_when(world: World) -> None:
    delivery = world.signed_for()
    pdf = take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    pages = _texts(pdf)
    assert len(pages) == delivery.dispatch.document.pages
    for text in pages:
        assert "副本" in text
        assert "江门市环保局 文市环保局" in text
        assert f"{localdate(clock.now()):%Y-%m-}" in text


def test_each_one_is_recorded_and_the_sender_is_told(world: World) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]
    for _ in range(2):
        take_copy(actor=clerk, delivery_id=delivery.pk)
    entries = Entry.objects.filter(verb="exchange.take_copy", subject_id=delivery.pk)
    assert [(entry.actor_id, entry.unit_id) for entry in entries] == [(clerk.pk, delivery.unit_id)] * 2
    assert Event.objects.filter(kind="copied", unit_id=world.sender.pk).count() == 2


@pytest.mark.usefixtures("in_both_centres")
def test_the_first_one_is_receiving_and_writes_one_receipt(world: World) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]
    take_copy(actor=clerk, delivery_id=delivery.pk)
    delivery.refresh_from_db()
    first = delivery.received_at
    assert (delivery.state, first is None) == (DeliveryState.RECEIVED, False)
    take_copy(actor=clerk, delivery_id=delivery.pk)
    print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    delivery.refresh_from_db()
    assert delivery.received_at == first
    assert verify_receipt(Receipt.objects.get(delivery=delivery, kind="received"))


def test_it_takes_nothing_from_the_allowance(world: World) -> None:
    delivery = world.signed_for(allowance=0)
    take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert not PrintedCopy.objects.exists()


def test_it_needs_a_signature_for_first(world: World) -> None:
    delivery = world.delivery()
    with pytest.raises(Refused) as refusal:
        take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert refusal.value.code == "wrong_state"
    assert not Entry.objects.filter(verb="exchange.take_copy").exists()


def test_nothing_is_taken_of_a_body_that_was_altered(world: World) -> None:
    delivery = world.signed_for()
    alter_blob(delivery.dispatch.document.body)
    with pytest.raises(Refused) as refusal:
        take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert refusal.value.code == "not_sound"


def test_another_unit_cannot_take_one(world: World) -> None:
    delivery = world.signed_for()
    with pytest.raises(NotFound):
        take_copy(actor=world.clerk["市卫生局"], delivery_id=delivery.pk)
