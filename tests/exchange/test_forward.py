"""An office passes what it got directly to its unit's registry (R9, G-19)."""

import pytest

from support.offices import an_office, of_office
from support.over_the_years import box_of_office
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.forward import forward
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.withdraw import withdraw
from yichuan.exchange.states import DeliveryState
from yichuan.org.duties import Duty
from yichuan.org.models import Office
from yichuan.people.models import Account


@pytest.fixture
def office(world: World) -> Office:
    """监测科 of 市环保局, with a box of its own."""
    office = an_office(world, "监测科", "市环保局")
    box_of_office(office)
    return office


@pytest.fixture
def receiver(office: Office) -> Account:
    return of_office(office, Duty.RECEIVER, "receiver")


def to_office(world: World, office: Office, *, registry: bool = False, document: Document | None = None) -> Dispatch:
    """A dispatch to the office, and with `registry` to its unit too."""
    wanted = [Recipient(office.unit_id, Delivery.Role.MAIN, 3, office.pk)]
    if registry:
        wanted.append(Recipient(office.unit_id, Delivery.Role.COPY, 2))
    document = document or world.sealed()
    return send(actor=world.sending_clerk, document=document, recipients=wanted, idempotency_key=document.pk)


def test_it_arrives_at_the_registry_under_its_own_wrap_with_the_offices_word(
    world: World, office: Office, receiver: Account
) -> None:
    old = to_office(world, office).deliveries.get()
    sign_for(actor=receiver, delivery_id=old.pk)
    new = forward(actor=receiver, delivery_id=old.pk, note=" 需要收发室登记 ")
    old.refresh_from_db()
    assert (old.state, new.state, new.follows_id) == (DeliveryState.FORWARDED, DeliveryState.DELIVERED, old.pk)
    assert (new.office_id, new.allowance, new.printed, new.note) == (None, 3, 0, "需要收发室登记")
    assert new.addressee_office == "监测科"
    assert new.box_id != old.box_id
    assert check_delivery(Delivery.objects.select_related("box", "dispatch__document").get(pk=new.pk)).sound
    assert sign_for(actor=world.clerk["市环保局"], delivery_id=new.pk).state == DeliveryState.SIGNED_FOR
    assert Entry.objects.filter(verb="exchange.forward", subject_id=old.pk).count() == 1
    assert Event.objects.filter(kind="arrival", unit_id=office.unit_id).count() == 2


def test_it_is_not_passed_on_where_the_registry_holds_it(world: World, office: Office, receiver: Account) -> None:
    old = to_office(world, office, registry=True).deliveries.get(office=office)
    with pytest.raises(Refused) as refusal:
        forward(actor=receiver, delivery_id=old.pk)
    assert refusal.value.code == "registry_has_it"
    old.refresh_from_db()
    assert old.state == DeliveryState.DELIVERED


def test_a_second_click_and_a_second_office_pass_nothing_on_again(
    world: World, office: Office, receiver: Account
) -> None:
    other = an_office(world, "法规科", "市环保局")
    box_of_office(other)
    theirs = of_office(other, Duty.RECEIVER, "other")
    document = world.sealed()
    wanted = [Recipient(office.unit_id, Delivery.Role.MAIN, 1, each.pk) for each in (office, other)]
    dispatch = send(actor=world.sending_clerk, document=document, recipients=wanted, idempotency_key=document.pk)
    first, second = (dispatch.deliveries.get(office=each) for each in (office, other))
    forward(actor=receiver, delivery_id=first.pk)
    with pytest.raises(Refused, match="已转收发室"):
        forward(actor=receiver, delivery_id=first.pk)
    with pytest.raises(Refused, match="收发室已经有这件公文"):
        forward(actor=theirs, delivery_id=second.pk)
    assert dispatch.deliveries.count() == 3


def test_who_may_not_and_what_lies_at_the_registry(world: World, office: Office, receiver: Account) -> None:
    at_office, at_registry = to_office(world, office).deliveries.get(), world.delivery()
    head = of_office(office, Duty.OFFICE_HEAD, "head")
    with pytest.raises(NotAllowed):
        forward(actor=head, delivery_id=at_office.pk)
    for stranger in (world.clerk["市环保局"], world.clerk["市卫生局"]):
        with pytest.raises(NotFound):
            forward(actor=stranger, delivery_id=at_office.pk)
    with pytest.raises(Refused, match="就在收发室"):
        forward(actor=world.clerk["市环保局"], delivery_id=at_registry.pk)
    with pytest.raises(Invalid, match="401 个字"):
        forward(actor=receiver, delivery_id=at_office.pk, note="字" * 401)


def test_what_was_passed_on_unsigned_can_still_be_withdrawn(world: World, office: Office, receiver: Account) -> None:
    dispatch = to_office(world, office)
    new = forward(actor=receiver, delivery_id=dispatch.deliveries.get().pk)
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="日期写错")
    new.refresh_from_db()
    assert new.state == DeliveryState.WITHDRAWN
