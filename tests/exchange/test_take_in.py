"""Taking in several deliveries at once: the same rules and the same record as signing for and reading each of them."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.intake import UNIT, a_system, taken_of
from support.offices import an_office
from support.over_the_years import box_of_office
from support.world import World, alter_blob, broken_device
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, Refused
from yichuan.common.models import Event
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services import take_in as service
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.receipts import settle_receipts, verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_in import Intake, Taken, take_in
from yichuan.exchange.services.withdraw import withdraw
from yichuan.interface.services.register_client import register_client
from yichuan.org.models import Post
from yichuan.people.models import Account


@pytest.fixture
def system(world: World) -> Account:
    return a_system(world)


def _codes(intake: Intake) -> list[str]:
    return [each.code if isinstance(each, Refused) else "" for each in intake.items.values()]


def _entries(delivery: Delivery) -> list[tuple[str, str, object, object]]:
    """What the log says of it and of its receipts, from signing for it on."""
    of_receipts = Receipt.objects.filter(delivery=delivery).values("pk")
    rows = Entry.objects.filter(subject_id__in=[delivery.pk, *(each["pk"] for each in of_receipts)]).order_by("pk")
    return [(each.verb, each.actor_name, each.unit_id, each.detail.get("kind")) for each in rows]


def test_the_record_is_that_of_signing_for_and_reading_it_alone(world: World, system: Account) -> None:
    alone, together = world.delivery(), world.delivery()
    sign_for(actor=system, delivery_id=alone.pk)
    _, body = read(actor=system, delivery_id=alone.pk)
    [taken] = taken_of(take_in(actor=system, delivery_ids=[together.pk]))
    assert body == read_body(alone.dispatch.document) and taken.body == read_body(together.dispatch.document)
    assert sorted(_entries(together), key=str) == sorted(_entries(alone), key=str)
    rows = [Delivery.objects.get(pk=each.pk) for each in (alone, together)]
    assert [(each.state, each.signed_for_by) for each in rows] == [("received", system)] * 2
    assert all(each.signed_for_at and each.received_at for each in rows)
    of_each = [
        sorted(Event.objects.filter(subject_id=each.pk).values_list("kind", "unit_id")) for each in (alone, together)
    ]
    assert of_each[0] == of_each[1]
    for kinds in ([each.kind for each in taken.receipts], list(_kinds(alone))):
        assert kinds == ["signed_for", "received"]
    said = [[json.loads(bytes(each.payload)) for each in row.receipts.order_by("kind")] for row in rows]
    for one, other in zip(*said, strict=True):
        assert {name for name in one if one[name] != other[name]} <= {
            "delivery", "dispatch", "number", "digest_sm3", "at"
        }  # fmt: skip
    assert all(verify_receipt(each) for each in taken.receipts)


def _kinds(delivery: Delivery) -> list[str]:
    return list(Receipt.objects.filter(delivery=delivery).order_by("at").values_list("kind", flat=True))


def test_what_is_signed_for_is_only_read_and_what_is_received_is_read_again(world: World, system: Account) -> None:
    signed, received = world.signed_for(), world.signed_for()
    read(actor=system, delivery_id=received.pk)
    before = Delivery.objects.get(pk=received.pk)
    intake = take_in(actor=system, delivery_ids=[signed.pk, received.pk])
    assert [each.delivery.state for each in taken_of(intake)] == ["received", "received"]
    assert Delivery.objects.get(pk=received.pk).received_at == before.received_at
    assert Delivery.objects.get(pk=signed.pk).signed_for_by == world.clerk[UNIT]
    assert [len(each.receipts) for each in taken_of(intake)] == [2, 2]
    reads = Entry.objects.filter(verb="exchange.read", actor_id=system.pk)
    assert [reads.filter(subject_id=each.pk).count() for each in (signed, received)] == [1, 2]


def test_each_bad_letter_refuses_itself_alone(world: World, system: Account) -> None:
    good, broken, returned = world.delivery(), world.delivery(), world.delivery()
    taken_back, foreign = world.delivery(), world.delivery("市卫生局")
    return_delivery(actor=world.clerk[UNIT], delivery_id=returned.pk, reason="不属于本单位职责")
    withdraw(actor=world.sending_clerk, dispatch_id=taken_back.dispatch_id, reason="会议改期")
    alter_blob(broken.dispatch.document.body)
    asked = [broken.pk, returned.pk, taken_back.pk, foreign.pk, uuid.uuid4(), good.pk, good.pk]
    intake = take_in(actor=system, delivery_ids=asked)
    assert list(intake.items) == asked[:-1]
    assert _codes(intake) == ["not_sound", "wrong_state", "wrong_state", "no_delivery", "no_delivery", ""]
    states = [Delivery.objects.get(pk=each.pk).state for each in (broken, returned, taken_back, foreign)]
    assert states == ["delivered", "returned", "withdrawn", "delivered"]
    assert set(Receipt.objects.exclude(kind="returned").values_list("delivery", flat=True)) == {good.pk}


def test_what_was_returned_between_the_checks_and_the_lock_is_refused(
    world: World, system: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.delivery(), world.delivery()
    checked = service.check_opened

    def returned_in_between(*args: object, **kwargs: object) -> object:
        panels = checked(*args, **kwargs)  # type: ignore[arg-type]
        return_delivery(actor=world.clerk[UNIT], delivery_id=first.pk, reason="不属于本单位职责")
        return panels

    monkeypatch.setattr(service, "check_opened", returned_in_between)
    assert _codes(take_in(actor=system, delivery_ids=[first.pk, second.pk])) == ["wrong_state", ""]
    assert Delivery.objects.get(pk=first.pk).state == "returned"
    assert _kinds(first) == ["returned"]


@pytest.mark.parametrize("missing", ["exchange.sign_for", "exchange.read", "exchange.see_inbox"])
def test_without_one_of_the_permissions_nothing_of_it_is_done(world: World, system: Account, missing: str) -> None:
    delivery = world.delivery()
    held = {"exchange.sign_for", "exchange.read", "exchange.see_inbox"} - {missing}
    Post.objects.filter(account=system).update(permissions=sorted(held))
    actor = Account.objects.get(pk=system.pk)
    [code] = _codes(take_in(actor=actor, delivery_ids=[delivery.pk]))
    assert code == ("no_delivery" if missing == "exchange.see_inbox" else "no_permission")
    assert Delivery.objects.get(pk=delivery.pk).state == "delivered"
    assert not Receipt.objects.exists()
    assert not Entry.objects.filter(actor_id=system.pk).exists()


def test_each_desk_takes_in_its_own(world: World, system: Account) -> None:
    """An office's system has the office's box, the registry's the registry's."""
    office = an_office(world, "监测科", UNIT)
    box_of_office(office)
    of_office = register_client(actor=None, name="科室系统", unit=world.units[UNIT], office=office)[0].account
    to_office = send(
        actor=world.sending_clerk, document=world.sealed(), idempotency_key=uuid.uuid4(),
        recipients=[Recipient(world.units[UNIT].pk, Delivery.Role.MAIN, 2, office.pk)],
    ).deliveries.get()  # fmt: skip
    to_registry = world.delivery()
    asked = [to_office.pk, to_registry.pk]
    assert _codes(take_in(actor=of_office, delivery_ids=asked)) == ["", "no_delivery"]
    assert _codes(take_in(actor=system, delivery_ids=asked)) == ["no_delivery", ""]


def test_only_so_many_are_asked_for_and_not_none(world: World, system: Account) -> None:
    for asked in ([], [uuid.uuid4() for _ in range(service.MOST + 1)]):
        with pytest.raises(Invalid, match="50 件"):
            take_in(actor=system, delivery_ids=asked)


def test_a_silent_device_leaves_the_receipts_to_the_ticker(world: World, system: Account) -> None:
    deliveries = [world.delivery(), world.delivery()]
    with broken_device("sign"):
        intake = take_in(actor=system, delivery_ids=[each.pk for each in deliveries])
    assert [each.delivery.state for each in taken_of(intake)] == ["received"] * 2
    assert not Receipt.objects.exclude(signature=None).exists()
    assert not Event.objects.filter(kind="receipt").exists()
    assert settle_receipts() == 4
    assert all(verify_receipt(each) for each in Receipt.objects.all())


def _stored(delivery_id: uuid.UUID) -> list[tuple[object, ...]]:
    rows = Receipt.objects.filter(delivery=delivery_id).order_by("at", "-kind")
    return [(each.pk, each.kind, each.at, bytes(each.payload), bytes(each.signature or b"")) for each in rows]


def _told(taken: Taken) -> list[tuple[object, ...]]:
    return [(each.pk, each.kind, each.at, bytes(each.payload), bytes(each.signature or b"")) for each in taken.receipts]


def test_the_receipts_told_are_the_stored_ones_whether_made_now_before_or_signed_by_another(
    world: World, system: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, signed, received = world.delivery(), world.delivery(), world.delivery()
    sign_for(actor=world.clerk[UNIT], delivery_id=signed.pk)
    sign_for(actor=world.clerk[UNIT], delivery_id=received.pk)
    read(actor=system, delivery_id=received.pk)
    for taken in taken_of(take_in(actor=system, delivery_ids=[new.pk, signed.pk, received.pk])):
        assert _told(taken) == _stored(taken.delivery.pk) and len(taken.receipts) == 2
    last = world.delivery()
    monkeypatch.setattr(service, "sign_soon", lambda receipts: settle_receipts())
    [taken] = taken_of(take_in(actor=system, delivery_ids=[last.pk]))
    assert _told(taken) == _stored(last.pk) and all(each.signature for each in taken.receipts)


def test_many_take_no_more_statements_than_two(world: World, system: Account) -> None:
    """What is asked of the database is asked for all of them together."""
    counted = []
    for count in (2, 5):
        ids = [world.delivery().pk for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            assert len(taken_of(take_in(actor=system, delivery_ids=ids))) == count
        counted.append(len(asked))
    assert counted[1] <= counted[0]
