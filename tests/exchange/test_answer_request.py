"""The sender grants or refuses (R7, J-37): more prints never beyond, a resend as a delivery that follows the old."""

import json
import uuid

import pytest
from django.db.models import F

from support.at_once import at_once
from support.printing import print_original
from support.requests import asked_for_prints, asked_for_resend
from support.world import World, alter_blob, broken_device
from yichuan.audit.models import Entry
from yichuan.common import memory
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from yichuan.common.models import Event
from yichuan.exchange.chain import earlier, later
from yichuan.exchange.models import Delivery, DeliveryRequest, PrintedCopy, Receipt
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.refuse_request import refuse
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState


def _now(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("box", "dispatch__document").get(pk=delivery.pk)


@pytest.mark.usefixtures("in_both_centres")
def test_more_prints_may_be_fewer_than_were_asked_for(world: World) -> None:
    delivery = world.signed_for(allowance=2)
    request = asked_for_prints(world, delivery, 3)
    for wrong in (0, 4, -1):
        with pytest.raises(Invalid) as refusal:
            grant(actor=world.sending_clerk, request_id=request.pk, copies=wrong)
        assert "1 到 3" in refusal.value.errors["copies"]
    answered = grant(actor=world.sending_clerk, request_id=request.pk, copies=2)
    assert (answered.state, answered.granted, _now(delivery).allowance) == ("granted", 2, 4)
    entry = Entry.objects.get(verb="exchange.grant_request")
    assert (entry.subject_id, entry.detail["count"], entry.detail["allowance"]) == (delivery.pk, 2, 4)
    assert Event.objects.filter(kind="answered", unit_id=delivery.unit_id, subject_id=delivery.pk).count() == 1


def test_a_double_click_grants_once(committed_world: World) -> None:
    world = committed_world
    delivery = world.signed_for(allowance=2)
    request = asked_for_prints(world, delivery, 2)
    raised = at_once(lambda _: grant(actor=world.sending_clerk, request_id=request.pk), 4)
    assert _now(delivery).allowance == 4
    assert [type(error) for error in raised] == [Refused] * 3


def test_a_refusal_needs_words_and_changes_nothing_else(world: World) -> None:
    delivery = world.signed_for(allowance=2)
    request = asked_for_prints(world, delivery)
    with pytest.raises(Invalid, match="答复是空的"):
        refuse(actor=world.sending_clerk, request_id=request.pk, answer="  ")
    answered = refuse(actor=world.sending_clerk, request_id=request.pk, answer="只发两份，请复印使用")
    assert (answered.state, answered.answer, _now(delivery).allowance) == ("refused", "只发两份，请复印使用", 2)
    with pytest.raises(Refused, match="不同意"):
        grant(actor=world.sending_clerk, request_id=request.pk)


def test_only_the_sender_answers(world: World) -> None:
    request = asked_for_prints(world, world.signed_for())
    for stranger in (world.clerk["市环保局"], world.clerk["市卫生局"]):
        with pytest.raises(NotFound):
            grant(actor=stranger, request_id=request.pk)
        with pytest.raises(NotFound):
            refuse(actor=stranger, request_id=request.pk, answer="不")
    with pytest.raises(NotFound):
        grant(actor=world.sending_clerk, request_id=uuid.uuid4())
    with pytest.raises(NotAllowed):
        grant(actor=world.leader, request_id=request.pk)


@pytest.fixture
def again(world: World) -> tuple[Delivery, Delivery]:
    """A delivery of which one of three originals was printed, and the one that was sent again in its place."""
    old, clerk = world.signed_for(allowance=3), world.clerk["市环保局"]
    print_original(actor=clerk, delivery_id=old.pk, copies=1)
    answered = grant(actor=world.sending_clerk, request_id=asked_for_resend(world, old).pk)
    assert answered.led_to is not None
    return _now(old), _now(answered.led_to)


@pytest.mark.usefixtures("in_both_centres")
def test_a_resend_follows_the_old_one_into_the_same_box_under_a_fresh_wrap(
    world: World, again: tuple[Delivery, Delivery]
) -> None:
    old, new = again
    assert (old.state, new.state, new.follows_id) == (DeliveryState.REPLACED, DeliveryState.DELIVERED, old.pk)
    assert (new.box_id, new.unit_id, new.role, new.order) == (old.box_id, old.unit_id, old.role, old.order)
    assert bytes(new.wrapped_key) != bytes(old.wrapped_key)
    assert check_delivery(new).sound
    assert (later(old), earlier(new)) == ([new], [old])
    assert Entry.objects.filter(verb="exchange.resend", subject_id=old.pk).count() == 1
    assert Event.objects.filter(kind="arrival", subject_id=new.dispatch_id).count() == 2


def test_what_was_printed_stays_counted_and_no_number_is_given_twice(
    world: World, again: tuple[Delivery, Delivery]
) -> None:
    old, new = again
    clerk = world.clerk["市环保局"]
    sign_for(actor=clerk, delivery_id=new.pk)
    assert print_original(actor=clerk, delivery_id=new.pk, copies=2).numbers == (2, 3)
    with pytest.raises(Refused, match="剩余 0 份"):
        print_original(actor=clerk, delivery_id=new.pk, copies=1)
    with pytest.raises(Refused, match="已重发"):
        print_original(actor=clerk, delivery_id=old.pk, copies=1)


def test_receipts_stay_with_each(world: World, again: tuple[Delivery, Delivery]) -> None:
    old, new = again
    before = {json.loads(bytes(each.payload))["delivery"] for each in Receipt.objects.filter(delivery=old)}
    sign_for(actor=world.clerk["市环保局"], delivery_id=new.pk)
    assert before == {str(old.pk)}
    assert [each.kind for each in Receipt.objects.filter(delivery=new)] == ["signed_for"]


def test_a_wrap_that_was_altered_is_healed_by_a_resend(world: World) -> None:
    delivery, other = world.delivery(), world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(wrapped_key=other.wrapped_key)
    memory.forget_all()
    assert not check_delivery(_now(delivery)).sound
    answered = grant(actor=world.sending_clerk, request_id=asked_for_resend(world, delivery).pk)
    assert answered.led_to is not None
    assert check_delivery(_now(answered.led_to)).sound


def test_what_is_damaged_in_the_centre_itself_is_not_sent_again(world: World) -> None:
    delivery = world.delivery()
    request = asked_for_resend(world, delivery)
    alter_blob(delivery.dispatch.document.body)
    with pytest.raises(Refused, match="重发也打不开"):
        grant(actor=world.sending_clerk, request_id=request.pk)
    assert _now(delivery).state == DeliveryState.DELIVERED


def test_a_device_that_is_away_leaves_everything_as_it_was(world: World) -> None:
    delivery = world.signed_for()
    request = asked_for_resend(world, delivery)
    with broken_device("wrap", "unwrap"), pytest.raises(Unavailable):
        grant(actor=world.sending_clerk, request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, _now(delivery).state) == ("asked", DeliveryState.SIGNED_FOR)
    grant(actor=world.sending_clerk, request_id=request.pk)
    assert _now(delivery).state == DeliveryState.REPLACED


def test_two_who_grant_a_resend_at_once_send_one(committed_world: World) -> None:
    world = committed_world
    delivery = world.signed_for()
    request = asked_for_resend(world, delivery)
    raised = at_once(lambda _: grant(actor=world.sending_clerk, request_id=request.pk), 3)
    assert all(isinstance(error, Refused) for error in raised) and len(raised) == 2
    assert delivery.dispatch.deliveries.count() == 2
    assert DeliveryRequest.objects.get().led_to == delivery.dispatch.deliveries.get(state="delivered")


def test_a_grant_amid_many_presses_lets_through_exactly_as_many_more(committed_world: World) -> None:
    world = committed_world
    delivery, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    request = asked_for_prints(world, delivery, 2)

    def press(number: int) -> None:
        if number == 0:
            grant(actor=world.sending_clerk, request_id=request.pk)
        else:
            print_original(actor=clerk, delivery_id=delivery.pk, copies=1)

    raised = at_once(press, 8)
    now = _now(delivery)
    issued = PrintedCopy.objects.filter(delivery=delivery, state="issued")
    assert now.allowance == 4 and 2 <= now.printed <= 4
    assert sorted(issued.values_list("number", flat=True)) == list(range(1, now.printed + 1))
    assert len(raised) == 7 - now.printed
    assert not Delivery.objects.filter(printed__gt=F("allowance")).exists()
