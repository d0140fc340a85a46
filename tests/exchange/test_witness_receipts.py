"""Every receipt stands in the log with its digests; what befalls a row in the database is found and named."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.world import World, broken_device
from yichuan.audit.faults import Fault
from yichuan.audit.models import Entry
from yichuan.exchange.models import Receipt
from yichuan.exchange.services import witness_receipts
from yichuan.exchange.services.receipts import ENTRY, settle_receipts, verify_receipt
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.services.witness_receipts import receipt_faults
from yichuan.lib.gm.sm3 import sm3


def faults() -> list[Fault]:
    """What is wrong, without the signs of life between."""
    return [fault for fault in receipt_faults() if fault is not None]


@pytest.fixture
def receipts(world: World) -> list[Receipt]:
    """Of one delivery: signed for, and received."""
    delivery = world.signed_for()
    take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    return list(Receipt.objects.order_by("at"))


def test_a_receipt_enters_the_log_with_its_signature(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        entry = Entry.objects.get(subject_id=receipt.pk, verb=ENTRY)
        assert entry.detail["payload_sm3"] == sm3(bytes(receipt.payload)).hex()
        assert entry.detail["signature_sm3"] == sm3(bytes(receipt.signature or b"")).hex()
        assert (entry.actor_id, entry.unit_id) == (None, receipt.delivery.unit_id)
    assert faults() == []


def test_one_that_waits_for_its_signature_is_no_fault_and_enters_once(world: World) -> None:
    delivery = world.delivery()
    with broken_device("sign"):
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert not Entry.objects.filter(verb=ENTRY).exists()
    assert faults() == []
    settle_receipts()
    settle_receipts()
    assert Entry.objects.filter(verb=ENTRY).count() == 1
    assert faults() == []


def test_one_that_is_signed_while_it_is_looked_at_is_no_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = world.delivery()
    with broken_device("sign"):
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    read = witness_receipts._entries_of

    def read_later(receipts: Any) -> object:
        settle_receipts()
        return read(receipts)

    monkeypatch.setattr(witness_receipts, "_entries_of", read_later)
    assert faults() == []


def altered(receipt: Receipt) -> None:
    payload = bytes(receipt.payload).replace("市环保局".encode(), "市卫生局".encode())
    Receipt.objects.filter(pk=receipt.pk).update(payload=payload)


def signed_anew(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(signature=bytes(70))


def unsigned(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(signature=None)


def of_another_kind(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(kind=Receipt.Kind.RETURNED)


def deleted(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).delete()


FORGERIES: list[tuple[Callable[[Receipt], None], str]] = [
    (altered, "内容与日志不一致"),
    (signed_anew, "签名与日志不一致"),
    (unsigned, "签名被去掉"),
    (of_another_kind, "种类与日志不一致"),
    (deleted, "已被删除"),
]


@pytest.mark.parametrize(("forge", "said"), FORGERIES, ids=[forge.__name__ for forge, _ in FORGERIES])
def test_a_forged_row_is_found_and_named(receipts: list[Receipt], forge: Callable[[Receipt], None], said: str) -> None:
    forge(receipts[0])
    (fault,) = faults()
    assert str(receipts[0].pk) in fault.sentence
    assert said in fault.sentence


def test_one_put_in_is_found_though_the_box_key_signed_it(receipts: list[Receipt]) -> None:
    """Whoever may use the device could sign one; it has no entry."""
    Receipt.objects.filter(pk=receipts[0].pk).update(kind=Receipt.Kind.RETURNED, id=uuid.uuid4())
    added = Receipt.objects.get(kind=Receipt.Kind.RETURNED)
    assert verify_receipt(added)
    said = [fault.sentence for fault in faults()]
    assert [fault for fault in said if str(added.pk) in fault and "事后加进来" in fault]
    assert [fault for fault in said if str(receipts[0].pk) in fault and "已被删除" in fault]


def test_two_that_were_exchanged_are_both_named(receipts: list[Receipt]) -> None:
    first, second = receipts
    for row, other in ((first, second), (second, first)):
        Receipt.objects.filter(pk=row.pk).update(payload=other.payload, signature=other.signature)
    said = "".join(fault.sentence for fault in faults())
    assert all(str(each.pk) in said for each in receipts)


def test_an_entry_that_stands_twice_is_named(receipts: list[Receipt]) -> None:
    entry = Entry.objects.get(subject_id=receipts[0].pk, verb=ENTRY)
    Entry.objects.create(
        at=entry.at, verb=ENTRY, subject_kind=entry.subject_kind, subject_id=entry.subject_id, detail=entry.detail
    )
    (fault,) = faults()
    assert "2 项" in fault.sentence


def test_two_that_changed_their_deliveries_are_named(receipts: list[Receipt], world: World) -> None:
    """Each as it was signed, at another's place."""
    other = world.delivery()
    Receipt.objects.filter(pk=receipts[0].pk).update(delivery=other)
    (fault,) = faults()
    assert str(receipts[0].pk) in fault.sentence and "另一件" in fault.sentence


def test_one_that_was_put_in_with_an_unmarked_entry_is_named(receipts: list[Receipt]) -> None:
    """The device signs receipts, so it was open: an entry without the centre's mark is not the centre's."""
    added = Receipt.objects.get(pk=receipts[0].pk)
    added.pk, added.kind = uuid.uuid4(), Receipt.Kind.RETURNED
    added.save(force_insert=True)
    detail = Entry.objects.get(subject_id=receipts[0].pk, verb=ENTRY).detail | {"kind": "returned"}
    Entry.objects.create(at=added.at, verb=ENTRY, subject_kind="exchange.receipt", subject_id=added.pk, detail=detail)
    (fault,) = faults()
    assert str(added.pk) in fault.sentence and "没有本系统的标记" in fault.sentence


def test_it_asks_twice_a_block_and_gives_a_sign_of_life_behind_each(
    receipts: list[Receipt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuan.exchange.services.witness_receipts.BLOCK", 1)
    with CaptureQueriesContext(connection) as asked:
        assert list(receipt_faults()) == [None, None]
    assert len(asked) == 2 * 2 + 2, "for each block its receipts and entries, the end of them, and what has no receipt"


def test_entries_are_read_along_their_index_and_never_sorted(world: World) -> None:
    """A sort for each batch would make a million receipts a day's work."""
    with CaptureQueriesContext(connection) as asked:
        faults()
    if connection.vendor == "sqlite":  # PostgreSQL reads so small a table as it lies
        (entries,) = [each["sql"] for each in asked.captured_queries if "audit_entry" in each["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {entries}")
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        assert "audit_entry_verb" in plan
        assert "TEMP B-TREE" not in plan
