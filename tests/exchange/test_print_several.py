"""打印所选: originals of several documents for one entry of the verification seal's password."""

import uuid
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from support.at_once import at_once
from support.printing import WORDS, hold
from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt
from yichuan.exchange.services import print_original as parts
from yichuan.exchange.services import print_several as service
from yichuan.exchange.services.print_codes import read_code
from yichuan.exchange.services.print_several import NothingPrinted, SeveralPrinted, print_several
from yichuan.exchange.services.print_word import read_word
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.print_code import PrintCode
from yichuan.seals.models import VerificationSeal
from yichuan.seals.services import shares

UNIT = "市环保局"


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the seal was opened; stretching takes its fifth of a second elsewhere."""
    asked: list[str] = []

    def quick(password: str, salt: bytes) -> bytes:
        asked.append(password)
        return sm3(password.encode() + salt)[:16]

    monkeypatch.setattr(shares, "_stretched_quicker", quick)
    return asked


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is typeset: these tests are about what is in one."""
    monkeypatch.setattr(parts, "original_files", lambda *_: b"%PDF-")
    monkeypatch.setattr(service, "in_one", lambda files, title: b"".join(files))


def _print(
    world: World, *wanted: tuple[Delivery, int], request: uuid.UUID | None = None, password: str | None = WORDS
) -> SeveralPrinted:
    hold(world.units[UNIT], world.clerk[UNIT])
    return print_several(
        actor=world.clerk[UNIT],
        wanted={delivery.pk: copies for delivery, copies in wanted},
        request=request or uuid.uuid4(),
        password=password,
    )


def _codes(pdf: bytes) -> list[PrintCode]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        found = [zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())[0].text for page in document]
    finally:
        document.close()
    codes = [read_code(text) for text in found]
    assert all(isinstance(code, PrintCode) for code in codes)
    return [code for code in codes if isinstance(code, PrintCode)]


def test_several_documents_are_one_file_in_the_order_of_the_list_for_one_password(
    world: World, opened: list[str]
) -> None:
    first, second = world.signed_for(UNIT, allowance=3), world.signed_for(UNIT, allowance=2)
    hold(world.units[UNIT], world.clerk[UNIT])
    opened.clear()
    made = _print(world, (second, 1), (first, 2))
    assert opened == [WORDS]
    assert [each.numbers for each in made.files] == [(1,), (1, 2)]
    numbers = [each.dispatch.document.number for each in (second, first, first)]
    codes = _codes(made.pdf)
    assert [(code.number, code.copy, code.allowance) for code in codes] == [
        *zip(numbers, (1, 1, 2), (2, 3, 3), strict=True)
    ]
    assert {code.copy_id for code in codes} == {copy.pk.bytes for copy in PrintedCopy.objects.filter(state="issued")}


def test_each_document_has_its_own_word_entry_and_receipt(world: World, drawn: None) -> None:
    deliveries = [world.signed_for(UNIT, allowance=2) for _ in range(2)]
    _print(world, *((each, 1) for each in deliveries))
    kept = VerificationSeal.objects.get(holder=world.clerk[UNIT])
    for delivery in deliveries:
        delivery.refresh_from_db()
        copy = delivery.copies.get()
        assert (delivery.state, delivery.printed, copy.state) == ("received", 1, "issued")
        said = read_word(bytes(copy.verified or b""), bytes(kept.certificate))
        assert said is not None
        assert (said["delivery"], said["print"]) == (str(delivery.pk), [1])
        assert Entry.objects.get(verb="exchange.print_original", subject_id=delivery.pk).detail["numbers"] == [1]
        assert Receipt.objects.get(delivery=delivery, kind="received").signature is not None


def test_what_cannot_be_printed_is_named_and_the_others_are_printed(world: World, drawn: None) -> None:
    good, unsigned, spent, broken = (
        world.signed_for(UNIT),
        world.delivery(UNIT),
        world.signed_for(UNIT, allowance=1),
        world.signed_for(UNIT),
    )
    others = world.signed_for("市卫生局")
    alter_blob(broken.dispatch.document.body)
    made = _print(world, (unsigned, 1), (spent, 2), (broken, 1), (others, 1), (good, 1))
    assert [each.number for each in made.files] == [good.dispatch.document.number]
    codes = {delivery_id: refusal.code for delivery_id, refusal in made.refused.items()}
    assert codes == {
        unsigned.pk: "wrong_state",
        spent.pk: "beyond_allowance",
        broken.pk: "not_sound",
        others.pk: "no_delivery",
    }
    assert list(PrintedCopy.objects.values_list("delivery", "state")) == [(good.pk, "issued")]
    assert Delivery.objects.get(pk=spent.pk).printed == 0


def test_a_second_press_prints_nothing_twice(world: World, drawn: None) -> None:
    deliveries, key = [world.signed_for(UNIT, allowance=4) for _ in range(2)], uuid.uuid4()
    first = _print(world, *((each, 2) for each in deliveries), request=key)
    again = _print(world, *((each, 2) for each in deliveries), request=key)
    assert [each.numbers for each in again.files] == [each.numbers for each in first.files] == [(1, 2), (1, 2)]
    assert list(Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).values_list("printed")) == [(2,), (2,)]
    assert Entry.objects.filter(verb="exchange.print_again").count() == 2


def test_presses_at_the_same_moment_print_each_document_once(
    committed_world: World, drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    hold(world.units[UNIT], world.clerk[UNIT])
    deliveries, key = [world.signed_for(UNIT, allowance=9) for _ in range(3)], uuid.uuid4()
    wanted = {each.pk: 1 for each in deliveries}

    def press(turn: int) -> None:
        order = list(wanted.items())[:: 1 if turn % 2 else -1]
        print_several(actor=world.clerk[UNIT], wanted=dict(order), request=key, password=WORDS)

    raised = at_once(press, 6)
    assert all(isinstance(error, NothingPrinted) for error in raised)
    assert {refusal.code for error in raised for refusal in getattr(error, "why", {}).values()} <= {"printing"}
    assert PrintedCopy.objects.count() == 3
    assert set(Delivery.objects.filter(pk__in=wanted).values_list("printed", flat=True)) == {1}


def test_a_file_that_cannot_be_made_gives_its_own_numbers_back_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = world.signed_for(UNIT), world.signed_for(UNIT)

    def draw(delivery: Delivery, copies: list[PrintedCopy]) -> bytes:
        if delivery.pk == bad.pk:
            raise Refused("cannot_draw", "打印文件没有做成")
        return b"%PDF-"

    monkeypatch.setattr(parts, "original_files", draw)
    made = _print(world, (bad, 1), (good, 1))
    assert {each.code for each in made.refused.values()} == {"cannot_draw"}
    assert dict(PrintedCopy.objects.values_list("delivery", "state")) == {good.pk: "issued", bad.pk: "failed"}
    assert Delivery.objects.get(pk=bad.pk).printed == 0


def test_where_the_files_cannot_be_joined_it_is_said_that_the_copies_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "original_files", lambda *_: b"no PDF")
    with pytest.raises(Refused, match="份数已经记下") as refusal:
        _print(world, (world.signed_for(UNIT, allowance=1), 1), (world.signed_for(UNIT, allowance=1), 1))
    assert refusal.value.code == "cannot_join"
    assert PrintedCopy.objects.filter(state=PrintedCopy.State.ISSUED).count() == 2


def test_what_does_not_fit_any_more_is_left_for_another_file(
    world: World, drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_BYTES", 2 * len(b"%PDF-"))
    deliveries = [world.signed_for(UNIT) for _ in range(3)]
    made = _print(world, *((each, 1) for each in deliveries))
    assert len(made.files) == 2
    assert {key: each.code for key, each in made.refused.items()} == {deliveries[2].pk: "print_too_large"}
    assert Delivery.objects.get(pk=deliveries[2].pk).printed == 0


def test_a_wrong_password_prints_nothing_and_is_the_fields_fault(world: World) -> None:
    delivery = world.signed_for(UNIT)
    with pytest.raises(Refused) as refusal:
        _print(world, (delivery, 1), password="Wrong-words-1")
    assert (refusal.value.code, refusal.value.field) == ("verification_wrong", "password")
    assert not PrintedCopy.objects.exists()


def test_too_much_at_once_and_nothing_at_all_are_refused(world: World) -> None:
    delivery = world.signed_for(UNIT)
    many = {uuid.uuid4(): 1 for _ in range(service.MOST_DOCUMENTS + 1)}
    for wanted in ({}, many, {delivery.pk: service.MOST_COPIES + 1}, {delivery.pk: 101, uuid.uuid4(): -50}):
        with pytest.raises(Invalid):
            print_several(actor=world.clerk[UNIT], wanted=wanted, request=uuid.uuid4(), password=WORDS)


def test_where_nothing_is_printed_each_has_its_reason_and_anothers_is_not_there(world: World) -> None:
    unsigned, others = world.delivery(UNIT), world.signed_for("市卫生局")
    with pytest.raises(NothingPrinted) as nothing:
        _print(world, (unsigned, 1), (others, 1))
    assert {each.code for each in nothing.value.why.values()} == {"wrong_state", "no_delivery"}
    with pytest.raises(NotFound):
        _print(world, (others, 1))


def test_a_document_for_another_seal_is_printed_alone(
    world: World, drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = world.signed_for(UNIT), world.signed_for(UNIT)
    printable, kept = service.printable, hold(world.units["市卫生局"], world.clerk["市卫生局"])

    def addressed_to_another_name(*asked: Any) -> parts.Print:
        each = printable(*asked)
        return replace(each, kept=kept) if each.delivery.pk == other.pk else each

    monkeypatch.setattr(service, "printable", addressed_to_another_name)
    made = _print(world, (own, 1), (other, 1))
    assert {key: each.code for key, each in made.refused.items()} == {other.pk: "another_seal"}
