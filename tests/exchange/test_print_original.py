"""Printing originals (R4, J-34)."""

import uuid
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.db import OperationalError

from support.at_once import at_once
from support.printing import WORDS, hold, print_original
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt
from yichuan.exchange.services import print_original as service
from yichuan.exchange.services import receipts
from yichuan.exchange.services.print_codes import read_code
from yichuan.exchange.services.print_numbers import AGAIN_AT_MOST, RESERVED_AT_MOST, reap_copies, take
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.states import DeliveryState
from yichuan.lib.print_code import Fault, PrintCode

THREADS = 40


def _codes(pdf: bytes) -> list[str]:
    """The text of the QR symbol on each page, read from what a printer would put on paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = [zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil()) for page in document]
    finally:
        document.close()
    assert all(len(codes) == 1 for codes in found)
    return [codes[0].text for codes in found]


def _said(text: str) -> PrintCode:
    """What a code says that this centre signed."""
    code = read_code(text)
    assert isinstance(code, PrintCode)
    return code


def _left(delivery: Delivery) -> int:
    delivery.refresh_from_db()
    return delivery.allowance - delivery.printed


def test_copies_are_numbered_and_every_page_carries_its_signed_code(world: World) -> None:
    delivery = world.signed_for(allowance=3)
    made = print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=2)
    assert made.numbers == (1, 2)
    said = [_said(text) for text in _codes(made.pdf)]
    assert [(code.copy, code.allowance) for code in said] == [(1, 3), (2, 3)]
    document = delivery.dispatch.document
    assert (said[0].unit, said[0].number) == ("市环保局", document.number)
    assert said[0].digest.hex() == document.body_digest[:32]
    assert {code.copy_id for code in said} == {copy.pk.bytes for copy in PrintedCopy.objects.all()}
    assert print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=1).numbers == (3,)


@pytest.mark.usefixtures("in_both_centres")
def test_the_first_print_is_receiving_and_writes_one_receipt(world: World) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]
    for _ in range(2):
        print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.RECEIVED
    receipt = Receipt.objects.get(delivery=delivery, kind="received")
    assert verify_receipt(receipt)
    entries = Entry.objects.filter(verb="exchange.print_original", subject_id=delivery.pk)
    assert [entry.detail["numbers"] for entry in entries.order_by("id")] == [[1], [2]]


@pytest.mark.usefixtures("in_both_centres")
def test_beyond_the_allowance_nothing_is_printed(world: World) -> None:
    delivery, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    with pytest.raises(Refused) as refusal:
        print_original(actor=clerk, delivery_id=delivery.pk, copies=2)
    assert refusal.value.code == "beyond_allowance"
    assert "允许打印 2 份，剩余 1 份" in refusal.value.message
    assert _left(delivery) == 1


def test_no_copies_are_allowed_when_the_allowance_is_nought(world: World) -> None:
    delivery = world.signed_for(allowance=0)
    with pytest.raises(Refused) as refusal:
        print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=1)
    assert refusal.value.code == "beyond_allowance"


@pytest.mark.parametrize("copies", [0, -1])
def test_a_number_of_copies_below_one_is_refused(world: World, copies: int) -> None:
    delivery = world.signed_for()
    with pytest.raises(Invalid):
        print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=copies)
    assert not PrintedCopy.objects.exists()


def test_another_unit_cannot_print_it(world: World) -> None:
    delivery = world.signed_for()
    with pytest.raises(NotFound):
        print_original(actor=world.clerk["市卫生局"], delivery_id=delivery.pk, copies=1)


def test_a_code_with_one_letter_changed_is_not_read(world: World) -> None:
    delivery = world.signed_for()
    text = _codes(print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=1).pdf)[0]
    assert _said(text).copy == 1
    for place in [*range(0, len(text), 4), len(text) - 2, len(text) - 1]:
        other = "A" if text[place] != "A" else "B"
        changed = read_code(text[:place] + other + text[place + 1 :])
        assert isinstance(changed, Fault), f"letter {place} may be changed"
    for torn in (text[:-1], text + "A", text + "=", text + "!", text.replace("|", "", 1), "", "YC3|||||||||||"):
        assert read_code(torn) is Fault.TORN


def _fail(*_: object) -> bytes:
    raise RuntimeError("the printer driver fell over")


def test_a_failure_while_drawing_gives_the_numbers_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    with monkeypatch.context() as patch:
        patch.setattr(service, "original_files", _fail)
        with pytest.raises(RuntimeError):
            print_original(actor=clerk, delivery_id=delivery.pk, copies=2)
    assert _left(delivery) == 2
    assert delivery.state == DeliveryState.SIGNED_FOR
    assert Entry.objects.filter(verb="exchange.print_failed", subject_id=delivery.pk).count() == 2
    assert print_original(actor=clerk, delivery_id=delivery.pk, copies=2).numbers == (1, 2)


def test_a_return_that_comes_while_drawing_leaves_no_copy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]

    def returned_meanwhile(*_: object) -> bytes:
        return_delivery(actor=clerk, delivery_id=delivery.pk, reason="发错了")
        return b"%PDF-"

    monkeypatch.setattr(service, "original_files", returned_meanwhile)
    with pytest.raises(Refused) as refusal:
        print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    assert refusal.value.code == "wrong_state"
    assert _left(delivery) == delivery.allowance
    assert not PrintedCopy.objects.exclude(state="failed").exists()


def test_the_reaper_gives_back_what_a_dead_process_had_reserved(world: World) -> None:
    delivery, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    with command():
        take(uuid.uuid4(), clerk, delivery, 2)
    assert reap_copies() == 0, "a print in progress is left alone"
    assert _left(delivery) == 0
    with clock.fixed_at(clock.now() + RESERVED_AT_MOST + timedelta(seconds=1)):
        assert reap_copies() == 2
        assert reap_copies() == 0
    assert _left(delivery) == 2
    assert print_original(actor=clerk, delivery_id=delivery.pk, copies=2).numbers == (1, 2)


def test_a_print_that_was_reaped_meanwhile_is_not_handed_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]

    def slow(*_: object) -> bytes:
        with clock.fixed_at(clock.now() + RESERVED_AT_MOST + timedelta(seconds=1)):
            assert reap_copies() == 1
        return b"%PDF-"

    monkeypatch.setattr(service, "original_files", slow)
    with pytest.raises(Refused) as refusal:
        print_original(actor=clerk, delivery_id=delivery.pk, copies=1)
    assert refusal.value.code == "print_interrupted"
    assert _left(delivery) == delivery.allowance


def test_forty_at_once_never_exceed_the_allowance(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, clerk = committed_world.signed_for(allowance=7), committed_world.clerk["市环保局"]
    kept = hold(delivery.unit, clerk)
    numbers: list[int] = []
    monkeypatch.setattr(service, "original_files", lambda *_: b"%PDF-")  # the race is for numbers, not for drawing

    def press(_: int) -> None:
        made = service.print_original(actor=clerk, delivery_id=delivery.pk, copies=1, password=WORDS)
        numbers.extend(made.numbers)

    raised = at_once(press, THREADS)
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6, 7]
    assert [getattr(error, "code", error) for error in raised] == ["beyond_allowance"] * (THREADS - 7)
    assert _left(delivery) == 0
    assert PrintedCopy.objects.filter(state="issued").count() == 7
    assert Receipt.objects.filter(kind="received").count() == 1
    kept.refresh_from_db()
    assert (kept.failures, kept.tries, kept.locked_until) == (0, 0, None), "right passwords at once are no failures"


def test_the_same_request_again_makes_the_same_numbers_and_counts_nothing(world: World) -> None:
    delivery, clerk, key = world.signed_for("市环保局", allowance=2), world.clerk["市环保局"], uuid.uuid4()
    first = print_original(actor=clerk, delivery_id=delivery.pk, copies=1, request=key)
    again = print_original(actor=clerk, delivery_id=delivery.pk, copies=1, request=key)
    delivery.refresh_from_db()
    assert (first.numbers, again.numbers, delivery.printed) == ((1,), (1,), 1)
    said = [[code.rpartition("|")[0] for code in _codes(made.pdf)] for made in (first, again)]
    again_on_record = Entry.objects.get(verb="exchange.print_again", subject_id=delivery.pk)
    assert again_on_record.detail["numbers"] == [1]
    assert said[0] == said[1]  # but for the signature, which is never the same twice


def test_anothers_request_is_not_answered(world: World) -> None:
    one, other, key = world.signed_for("市环保局"), world.signed_for("市卫生局"), uuid.uuid4()
    print_original(actor=world.clerk["市环保局"], delivery_id=one.pk, copies=1, request=key)
    with pytest.raises(Refused) as refusal:
        print_original(actor=world.clerk["市卫生局"], delivery_id=other.pk, copies=1, request=key)
    assert refusal.value.code == "request_reused"


def test_a_receipt_that_cannot_be_signed_takes_no_print_file_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(receipt: Receipt) -> bool:
        raise OperationalError("database is locked")

    delivery = world.signed_for("市环保局")
    monkeypatch.setattr(receipts, "sign_receipts", locked)
    made = print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=1)
    assert made.pdf.startswith(b"%PDF-")
    assert Receipt.objects.filter(delivery=delivery, kind="received", signature=None).exists()


def test_a_request_is_not_answered_again_for_ever(world: World) -> None:
    delivery, clerk, key = world.signed_for("市环保局", allowance=2), world.clerk["市环保局"], uuid.uuid4()
    print_original(actor=clerk, delivery_id=delivery.pk, copies=1, request=key)
    later = clock.now() + AGAIN_AT_MOST + timedelta(seconds=5)
    with clock.fixed_at(later), pytest.raises(Refused) as refusal:
        print_original(actor=clerk, delivery_id=delivery.pk, copies=1, request=key)
    assert refusal.value.code == "request_over"
