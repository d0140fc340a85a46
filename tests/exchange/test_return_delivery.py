"""Returning with a reason (J-33)."""

import json

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.states import DeliveryState


@pytest.mark.usefixtures("in_both_centres")
@pytest.mark.parametrize("signed", [False, True])
def test_it_is_returned_with_its_reason_on_the_receipt(world: World, signed: bool) -> None:
    delivery = world.signed_for() if signed else world.delivery()
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason=" 附件2 缺页 ")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.return_reason) == (DeliveryState.RETURNED, "附件2 缺页")
    receipt = Receipt.objects.get(delivery=delivery, kind="returned")
    assert json.loads(bytes(receipt.payload))["reason"] == "附件2 缺页"
    assert verify_receipt(receipt)
    assert Entry.objects.filter(verb="exchange.return", subject_id=delivery.pk).count() == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "写明退回理由"),
        (" \n　", "写明退回理由"),
        ("字" * 401, "401 个字"),
        ("缺\0页", "看不见的字符"),
        ("缺\u202e页", "看不见的字符"),
    ],
)
def test_a_reason_that_cannot_be_kept_is_refused_by_its_field(world: World, reason: str, said: str) -> None:
    delivery = world.delivery()
    with pytest.raises(Invalid) as refusal:
        return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason=reason)
    assert said in refusal.value.errors["reason"]
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


@pytest.mark.usefixtures("in_both_centres")
def test_what_was_received_is_not_returned(world: World) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]
    take_copy(actor=clerk, delivery_id=delivery.pk)
    with pytest.raises(Refused) as refusal:
        return_delivery(actor=clerk, delivery_id=delivery.pk, reason="退回")
    assert refusal.value.code == "wrong_state"
    assert "已接收" in refusal.value.message
    assert not Receipt.objects.filter(kind="returned").exists()


def test_another_unit_cannot_return_it(world: World) -> None:
    delivery = world.delivery()
    with pytest.raises(NotFound):
        return_delivery(actor=world.clerk["市卫生局"], delivery_id=delivery.pk, reason="退回")
