"""Receipts that a failing device left unsigned (R6, J-36)."""

from support.world import World, broken_device
from yichuan.common.models import Event
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.receipts import settle_receipts, sign_receipt, verify_receipt
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState


def _signed_for_without_a_signature(world: World) -> Receipt:
    delivery, clerk = world.delivery(), world.clerk["市环保局"]
    with broken_device("sign"):
        sign_for(actor=clerk, delivery_id=delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SIGNED_FOR, "the act stands"
    return Receipt.objects.get(delivery=delivery)


def test_the_act_stands_and_its_receipt_is_signed_later(world: World) -> None:
    receipt = _signed_for_without_a_signature(world)
    assert receipt.signature is None
    assert not verify_receipt(receipt)
    assert not Event.objects.filter(kind="receipt").exists(), "nobody is told of a receipt that is not there"
    assert settle_receipts() == 1
    receipt.refresh_from_db()
    assert verify_receipt(receipt)
    assert Event.objects.filter(kind="receipt", unit_id=world.sender.pk).count() == 1


def test_it_waits_as_long_as_the_device_fails(world: World) -> None:
    _signed_for_without_a_signature(world)
    with broken_device():
        assert settle_receipts() == 0
    assert settle_receipts() == 1
    assert settle_receipts() == 0


def test_a_receipt_is_signed_once_and_told_once(world: World) -> None:
    receipt = _signed_for_without_a_signature(world)
    assert sign_receipt(receipt)
    kept = bytes(Receipt.objects.get().signature or b"")
    assert sign_receipt(receipt), "another ticker that had read it before"
    assert bytes(Receipt.objects.get().signature or b"") == kept
    assert Event.objects.filter(kind="receipt").count() == 1


def test_the_senders_page_shows_whether_each_receipt_verifies(world: World) -> None:
    delivery = world.signed_for()
    browser = world.browser(world.sending_clerk)
    address = f"/sent/{delivery.dispatch_id}/{delivery.pk}/"
    sound = browser.get(address).content.decode()
    receipt = Receipt.objects.get()
    receipt.payload = bytes(receipt.payload).replace(b"signed_for", b"returned")
    receipt.save()
    forged = browser.get(address).content.decode()
    assert sound != forged
