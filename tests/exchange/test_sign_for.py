"""Signing for (G-20, J-33)."""

import json

import pytest

from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState


@pytest.mark.usefixtures("in_both_centres")
def test_it_is_signed_for_once_with_name_and_time(world: World) -> None:
    clerk = world.clerk["市环保局"]
    delivery = sign_for(actor=clerk, delivery_id=world.delivery().pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SIGNED_FOR
    assert delivery.signed_for_by == clerk
    assert delivery.signed_for_at is not None
    assert delivery.received_at is None, "signing for is not receiving"
    entry = Entry.objects.get(verb="exchange.sign_for")
    assert (entry.subject_id, entry.actor_id, entry.unit_id) == (delivery.pk, clerk.pk, delivery.unit_id)


def test_the_sender_has_a_receipt_that_the_box_signed(world: World) -> None:
    delivery = world.signed_for()
    receipt = Receipt.objects.get(delivery=delivery)
    said = json.loads(bytes(receipt.payload))
    assert said["receipt"] == "signed_for"
    assert said["by"] == "文市环保局"
    assert said["digest_sm3"] == delivery.dispatch.document.body_digest
    assert verify_receipt(receipt)
    assert Event.objects.filter(kind="receipt", unit_id=world.sender.pk, subject_id=delivery.dispatch_id).count() == 1


def test_a_receipt_with_another_word_in_it_does_not_verify(world: World) -> None:
    receipt = Receipt.objects.get(delivery=world.signed_for())
    receipt.payload = bytes(receipt.payload).replace("文市环保局".encode(), "文市卫生局".encode())
    assert not verify_receipt(receipt)


def test_a_receipt_signed_by_another_box_does_not_verify(world: World) -> None:
    receipt = Receipt.objects.get(delivery=world.signed_for())
    other = world.delivery("市卫生局")
    receipt.delivery.box = other.box
    assert not verify_receipt(receipt)


@pytest.mark.usefixtures("in_both_centres")
def test_it_cannot_be_signed_for_twice(world: World) -> None:
    delivery = world.signed_for()
    with pytest.raises(Refused) as refusal:
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert refusal.value.code == "wrong_state"
    assert "已签收" in refusal.value.message
    assert Receipt.objects.count() == 1


def test_another_units_delivery_looks_as_if_it_did_not_exist(world: World) -> None:
    delivery = world.delivery("市环保局")
    for somebody in (world.clerk["市卫生局"], world.sending_clerk):
        with pytest.raises(NotFound):
            sign_for(actor=somebody, delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


def test_a_leader_reads_but_does_not_sign_for(world: World) -> None:
    world_leader = world.appoint_leader("市环保局")
    delivery = world.delivery("市环保局")
    with pytest.raises(NotAllowed):
        sign_for(actor=world_leader, delivery_id=delivery.pk)
    assert not Receipt.objects.exists()


def test_a_broken_body_cannot_be_signed_for_but_can_be_returned(world: World) -> None:
    delivery, clerk = world.delivery(), world.clerk["市环保局"]
    alter_blob(delivery.dispatch.document.body)
    with pytest.raises(Refused) as refusal:
        sign_for(actor=clerk, delivery_id=delivery.pk)
    assert refusal.value.code == "not_sound"
    assert "退回" in refusal.value.message
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert not Receipt.objects.exists()
    returned = return_delivery(actor=clerk, delivery_id=delivery.pk, reason="校验没有通过")
    assert returned.state == DeliveryState.RETURNED
