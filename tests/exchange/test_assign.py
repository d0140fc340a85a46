"""分办: the registry gives a signed-for document to its offices; they read it under their own box and take it (R8)."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from support.offices import an_office, of_office
from support.over_the_years import box_of_office, hand_over_office, merge_into
from support.requests import asked_for_resend
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from yichuan.exchange.models import Assignment, Delivery
from yichuan.exchange.services.assign import assign
from yichuan.exchange.services.assignments import assigned_body, assigned_key, given_to, record_look_at_assigned
from yichuan.exchange.services.check import delivered_body, delivered_key
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.take_assignment import take_assignment
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


def _given(world: World, delivery: Delivery, office: Office) -> Assignment:
    clerk = world.clerk["市环保局"]
    return assign(actor=clerk, delivery_id=delivery.pk, office_id=office.pk, note="请提出意见", due_on=localdate())


def test_the_office_reads_it_under_its_own_wrap_and_takes_it(world: World, office: Office, receiver: Account) -> None:
    delivery = world.signed_for()
    made = _given(world, delivery, office)
    assert (made.note, made.due_on, made.taken_at) == ("请提出意见", localdate(), None)
    opened = given_to(receiver, made.pk)
    of_registry = Delivery.objects.select_related("box", "dispatch__document").get(pk=delivery.pk)
    assert assigned_body(opened) == delivered_body(of_registry)
    assert bytes(opened.wrapped_key) != bytes(of_registry.wrapped_key)
    first = take_assignment(actor=receiver, assignment_id=made.pk)
    assert (first.taken_by, take_assignment(actor=receiver, assignment_id=made.pk).taken_at) == (
        receiver,
        first.taken_at,
    )
    verbs = Entry.objects.filter(subject_id=delivery.pk).values_list("verb", flat=True)
    assert list(verbs).count("exchange.assign") == list(verbs).count("exchange.take_assignment") == 1
    record_look_at_assigned(receiver, opened)
    record_look_at_assigned(receiver, opened)
    assert Entry.objects.filter(verb="exchange.look_at_assigned", subject_id=made.pk).count() == 1, "once an hour"


def test_it_is_given_once_to_each_and_to_several(world: World, office: Office) -> None:
    other = an_office(world, "法规科", "市环保局")
    box_of_office(other)
    delivery = world.signed_for()
    _given(world, delivery, office)
    _given(world, delivery, other)
    with pytest.raises(Invalid, match="已经分给监测科"):
        _given(world, delivery, office)
    assert delivery.assignments.count() == 2


def test_what_cannot_be_given_is_refused_in_words(world: World, office: Office) -> None:
    delivery, clerk = world.signed_for(), world.clerk["市环保局"]
    boxless, foreign = an_office(world, "后勤科", "市环保局"), an_office(world, "信息科", "市卫生局")
    closed = an_office(world, "老科", "市环保局")
    closed.closed_at = delivery.arrived_at
    closed.save()
    for wrong, said in ((boxless, "还没有交换箱"), (foreign, "本单位的处室"), (closed, "已经撤销")):
        with pytest.raises(Invalid) as refusal:
            _given(world, delivery, wrong)
        assert said in refusal.value.errors["office"]
    for days in (-1, 367):
        with pytest.raises(Invalid, match="限办日期"):
            assign(actor=clerk, delivery_id=delivery.pk, office_id=office.pk, due_on=localdate() + timedelta(days=days))
    with pytest.raises(Refused, match="签收以后才能分办"):
        _given(world, world.delivery(), office)
    assert not Assignment.objects.exists()


def test_others_neither_give_nor_see_nor_take(world: World, office: Office, receiver: Account) -> None:
    delivery = world.signed_for()
    made = _given(world, delivery, office)
    other = an_office(world, "法规科", "市环保局")
    neighbour = of_office(other, Duty.RECEIVER, "neighbour")
    for stranger in (neighbour, world.clerk["市卫生局"], world.clerk["市环保局"]):
        with pytest.raises(NotFound):
            given_to(stranger, made.pk)
        with pytest.raises(NotFound):
            take_assignment(actor=stranger, assignment_id=made.pk)
    with pytest.raises(NotFound):
        assign(actor=world.clerk["市卫生局"], delivery_id=delivery.pk, office_id=other.pk)
    with pytest.raises(NotFound):
        assign(actor=receiver, delivery_id=delivery.pk, office_id=other.pk)
    leader = world.appoint_leader("市环保局")
    with pytest.raises(NotAllowed):
        assign(actor=leader, delivery_id=delivery.pk, office_id=other.pk)
    head = of_office(office, Duty.OFFICE_HEAD, "head")
    assert given_to(head, made.pk) == made
    with pytest.raises(NotAllowed):
        take_assignment(actor=head, assignment_id=made.pk)


def test_a_resend_takes_it_along_and_closes_it_until_the_registry_has_signed(world: World, office: Office) -> None:
    delivery = world.signed_for()
    made = _given(world, delivery, office)
    answered = grant(actor=world.sending_clerk, request_id=asked_for_resend(world, delivery).pk)
    made = Assignment.objects.select_related("delivery__dispatch__document", "box").get(pk=made.pk)
    assert made.delivery == answered.led_to
    with pytest.raises(Refused, match="未签收"):
        assigned_key(made)


def test_a_device_that_is_away_gives_nothing(world: World, office: Office) -> None:
    delivery = world.signed_for()
    with broken_device("wrap", "unwrap"), pytest.raises(Unavailable):
        _given(world, delivery, office)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("whole", [False, True])
def test_its_wrap_goes_along_when_the_box_changes_hands(world: World, office: Office, whole: bool) -> None:
    delivery = world.signed_for()
    made = _given(world, delivery, office)
    if whole:
        merge_into(world, "市环保局", "市建设局")
    else:
        hand_over_office(office, world.units["市环保局"])
    after = Assignment.objects.select_related("delivery__dispatch__document", "delivery__box", "box").get(pk=made.pk)
    assert after.box is not None and after.box.generation == 2
    assert bytes(after.wrapped_key) != bytes(made.wrapped_key)
    assert assigned_key(after) == delivered_key(after.delivery)
    assert after.unit == world.units["市建设局" if whole else "市环保局"]
