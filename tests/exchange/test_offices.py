"""Offices with boxes of their own (U7): addressed like a unit, and apart from the registry in both directions."""

import uuid
from dataclasses import dataclass

import pytest

from support.offices import an_office, of_office
from support.over_the_years import box_of_office, hand_over_office, merge_into
from support.printing import WORDS, hold, print_original
from support.world import World
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery
from yichuan.exchange.selectors import inbox, inbox_counts, next_unsigned, unsigned
from yichuan.exchange.selectors_waiting import unsigned_count
from yichuan.exchange.services import print_original as printing
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.org.duties import Duty
from yichuan.org.models import Box, Office
from yichuan.people.models import Account

MAIN = Delivery.Role.MAIN


@dataclass
class Place:
    """An office of 市环保局 with its box, its receiver, and a letter in each of both boxes."""

    world: World
    office: Office
    box: Box
    receiver: Account
    to_office: Delivery
    to_registry: Delivery


def _send(world: World, *recipients: Recipient, document: Document | None = None) -> list[Delivery]:
    dispatch = send(
        actor=world.sending_clerk,
        document=document or world.sealed(),
        recipients=list(recipients),
        idempotency_key=uuid.uuid4(),
    )
    return list(dispatch.deliveries.order_by("order"))


@pytest.fixture
def place(world: World) -> Place:
    office = an_office(world, "监测科", "市环保局")
    box = box_of_office(office)
    receiver = of_office(office, Duty.RECEIVER, "receiver-1")
    unit = world.units["市环保局"].pk
    to_office, to_registry = _send(world, Recipient(unit, MAIN, 2, office.pk), Recipient(unit, MAIN, 2))
    return Place(world, office, box, receiver, to_office, to_registry)


def test_each_desk_has_its_own_list_counts_and_next(place: Place) -> None:
    unit, office = place.office.unit_id, place.office.pk
    assert list(inbox(unit, office)) == [place.to_office]
    assert list(inbox(unit)) == [place.to_registry]
    assert unsigned(unit, office) == [place.to_office]
    assert (unsigned_count(unit), unsigned_count(unit, office)) == (1, 1)
    assert inbox_counts(unit, office)["delivered"] == 1
    assert next_unsigned(place.to_office) is None
    assert place.to_office.addressee_name == "市环保局监测科"


def test_the_letter_lies_under_the_offices_own_key(place: Place) -> None:
    assert place.to_office.box == place.box
    assert delivered_key(place.to_office)
    place.to_office.box = place.to_registry.box
    with pytest.raises(NotFound):
        delivered_key(place.to_office)


def test_the_office_signs_for_its_own_and_prints_it(place: Place) -> None:
    assert sign_for(actor=place.receiver, delivery_id=place.to_office.pk).state == "signed_for"
    assert print_original(actor=place.receiver, delivery_id=place.to_office.pk, copies=1).numbers == (1,)


def test_an_office_whose_receiver_does_not_hold_the_seal_learns_that_the_registry_can_print(place: Place) -> None:
    hold(place.office.unit, place.world.clerk["市环保局"])
    delivery = sign_for(actor=place.receiver, delivery_id=place.to_office.pk)
    with pytest.raises(Refused) as refusal:
        printing.print_original(actor=place.receiver, delivery_id=delivery.pk, copies=1, password=WORDS)
    assert refusal.value.code == "not_holder"
    assert "转本单位收发室打印" in refusal.value.message


@pytest.mark.parametrize("theirs", [True, False])
def test_registry_and_office_open_nothing_of_each_other(place: Place, *, theirs: bool) -> None:
    actor, delivery = (
        (place.world.clerk["市环保局"], place.to_office) if theirs else (place.receiver, place.to_registry)
    )
    with pytest.raises(NotFound):
        sign_for(actor=actor, delivery_id=delivery.pk)
    with pytest.raises(NotFound):
        return_delivery(actor=actor, delivery_id=delivery.pk, reason="看一看")
    with pytest.raises(NotFound):
        print_original(actor=actor, delivery_id=delivery.pk, copies=1)
    with pytest.raises((NotFound, NotAllowed)):
        take_copy(actor=actor, delivery_id=delivery.pk)
    browser = place.world.browser(actor)
    number = str(delivery.pk)
    assert browser.get(f"/deliveries/{delivery.pk}/").status_code == 404
    assert browser.get(f"/deliveries/{delivery.pk}/pages/1.svg").status_code == 404
    assert number not in browser.get("/inbox/").content.decode()
    assert number not in browser.get("/").content.decode()


def test_the_receivers_page_shows_the_offices_letters(place: Place) -> None:
    browser = place.world.browser(place.receiver)
    assert str(place.to_office.pk) in browser.get("/inbox/").content.decode()
    assert browser.get(f"/deliveries/{place.to_office.pk}/").status_code == 200


def test_an_office_without_an_open_box_is_refused_with_whom_to_write_to(place: Place) -> None:
    Box.objects.filter(pk=place.box.pk).update(closed_at=place.box.opened_at)
    with pytest.raises(Invalid, match="请改发市环保局"):
        _send(place.world, Recipient(place.office.unit_id, MAIN, 2, place.office.pk))


def test_an_office_of_another_unit_is_not_reached_through_this_one(place: Place) -> None:
    with pytest.raises(Invalid, match="请改发市卫生局"):
        _send(place.world, Recipient(place.world.units["市卫生局"].pk, MAIN, 2, place.office.pk))


def test_after_a_merger_the_successors_registry_has_the_offices_letters(place: Place) -> None:
    merge_into(place.world, "市环保局", "市建设局")
    unit = place.world.units["市建设局"]
    assert set(inbox(unit.pk)) == {place.to_office, place.to_registry}
    assert sign_for(actor=place.world.clerk["市建设局"], delivery_id=place.to_office.pk).state == "signed_for"
    (late,) = _send(place.world, Recipient(place.office.unit_id, MAIN, 2, place.office.pk))
    assert (late.unit, late.office, late.addressee_office) == (unit, None, "")
    assert late.addressee.unit == place.office.unit


def test_an_office_that_becomes_part_of_another_unit_takes_its_letters_along(place: Place) -> None:
    hand_over_office(place.office, place.world.units["市规划局"])
    place.to_office.refresh_from_db()
    assert place.to_office.unit == place.world.units["市规划局"]
    assert place.to_office.addressee_name == "市环保局监测科（现：市规划局）"
    assert list(inbox(place.office.unit_id)) == [place.to_registry]
    assert delivered_key(Delivery.objects.get(pk=place.to_office.pk))
