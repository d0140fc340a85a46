"""催签 (R8, G-20): receiver, stand-in, leader, and after the half day the supervising office."""

from typing import Any

import pytest

from support.at_once import at_once
from support.chasing import arrived, at, friday, monday, tick
from support.offices import an_office, of_office
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Reminder
from yichuan.exchange.services.remind import remind, settle_reminders
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import DeliveryState
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.services.appoint import appoint

Step = Reminder.Step
HERE = "市环保局"


def steps() -> list[tuple[str, list[str]]]:
    """The reminders that were written, in order, each with whom it told."""
    return [(row.step, row.told) for row in Reminder.objects.order_by("sent_at", "id")]


@pytest.mark.usefixtures("in_both_centres")
def test_the_chain_goes_from_the_receiver_to_the_stand_in_to_the_leader_to_the_supervising_office(world: World) -> None:
    arrived(world)
    leader, supervisor = world.appoint_leader(HERE), world.holder(Duty.SUPERVISOR, "市府办公室")
    stand_in = stands_in(world)
    assert tick(friday(10, 59)) == 0
    for moment in (friday(11), friday(11, 30), friday(11, 50), friday(12)):
        assert tick(moment) == 1
        assert tick(moment) == 0, "once a step"
    assert steps() == [
        (Step.RECEIVER, [world.clerk[HERE].name]),
        (Step.STAND_IN, [stand_in]),
        (Step.LEADER, [leader.name]),
        (Step.SUPERVISOR, [supervisor.name]),
    ]


def stands_in(world: World) -> str:
    """Somebody stands in for the unit's clerk; returns the name."""
    with command():
        appoint(
            actor=None,
            account=world.clerk["市卫生局"],
            unit=world.units[HERE],
            duty=Duty.CLERK,
            since=friday(8),
            until=friday(18),
            stands_in_for=Post.objects.get(account=world.clerk[HERE]),
        )
    return world.clerk["市卫生局"].name


@pytest.mark.usefixtures("in_both_centres")
def test_the_afternoon_chases_again_what_the_morning_left(world: World) -> None:
    arrived(world)
    for moment in (friday(11), friday(12), friday(16, 30), friday(17, 30), monday(11)):
        tick(moment)
    rows = Reminder.objects.filter(step=Step.RECEIVER).order_by("sent_at")
    assert [(row.day.day, row.half) for row in rows] == [(6, "am"), (6, "pm"), (9, "am")]


def test_what_arrives_after_the_first_reminder_is_asked_for_in_the_next_half(world: World) -> None:
    arrived(world, when=friday(11, 1))
    assert tick(friday(12)) == 0
    assert tick(friday(16, 30)) == 1


@pytest.mark.usefixtures("in_both_centres")
def test_nobody_is_reminded_on_a_saturday(world: World) -> None:
    arrived(world)
    assert tick(friday(11).replace(day=7)) == 0


def test_without_a_stand_in_the_step_stands_on_record_as_one_that_told_nobody(world: World) -> None:
    arrived(world)
    tick(friday(11, 30))
    assert Reminder.objects.get(step=Step.STAND_IN).told == []


def test_after_an_outage_over_noon_only_the_supervising_office_is_told(world: World) -> None:
    arrived(world)
    tick(friday(14, 30))
    assert [step for step, _ in steps()] == [Step.SUPERVISOR]


def test_who_signed_in_time_is_reminded_of_nothing_and_what_was_withdrawn_neither(world: World) -> None:
    first, second = arrived(world, HERE, "市卫生局")
    sign_for(actor=world.clerk[HERE], delivery_id=first.pk)
    Delivery.objects.filter(pk=second.pk).update(state=DeliveryState.WITHDRAWN)
    assert tick(friday(11)) == 0


def test_an_offices_receiver_and_head_are_told_and_the_registry_is_not(world: World) -> None:
    [delivery] = arrived(world)
    office = an_office(world, "监测站", HERE)
    receiver = of_office(office, Duty.RECEIVER, "office-receiver")
    head = of_office(office, Duty.OFFICE_HEAD, "office-head")
    leader = world.appoint_leader(HERE)
    Delivery.objects.filter(pk=delivery.pk).update(office=office)
    tick(friday(11)), tick(friday(11, 50))
    told = {step: names for step, names in steps() if step != Step.STAND_IN}
    assert told[Step.RECEIVER] == [receiver.name]
    assert sorted(told[Step.LEADER]) == sorted([leader.name, head.name])
    assert set(Reminder.objects.values_list("desk", flat=True)) == {office.pk}


def test_an_office_system_is_no_person_to_remind(world: World) -> None:
    arrived(world)
    program = world.holder(Duty.OFFICE_SYSTEM, HERE)
    tick(friday(11))
    assert program.name not in Reminder.objects.get().told


def test_those_who_are_told_hear_it_on_their_open_pages_and_it_stands_in_the_log(world: World) -> None:
    arrived(world)
    tick(friday(11))
    heard = set(Event.objects.filter(kind="reminder").values_list("unit_id", flat=True))
    assert heard == {world.clerk[HERE].pk, world.units[HERE].pk}
    [entry] = Entry.objects.filter(verb="exchange.remind")
    assert (entry.unit_id, entry.detail["step"], entry.detail["count"]) == (world.units[HERE].pk, Step.RECEIVER, 1)


def test_a_reminder_is_settled_when_all_of_it_was_signed_for(world: World) -> None:
    first, second = arrived(world)[0], arrived(world)[0]
    tick(friday(11))
    row = Reminder.objects.get()
    assert (row.waiting, row.oldest_at) == (2, friday(9))
    for delivery, settled in ((first, 0), (second, 1)):
        sign_for(actor=world.clerk[HERE], delivery_id=delivery.pk)
        with at(friday(11, 20)):
            assert settle_reminders() == settled
    row.refresh_from_db()
    assert row.settled_at == friday(11, 20)


def test_a_later_arrival_does_not_keep_a_reminder_open(world: World) -> None:
    [delivery] = arrived(world)
    tick(friday(11))
    arrived(world, when=friday(11, 5))
    sign_for(actor=world.clerk[HERE], delivery_id=delivery.pk)
    assert settle_reminders() == 1


def test_a_round_over_many_desks_asks_the_database_no_more_often(
    world: World, django_assert_max_num_queries: Any
) -> None:
    arrived(world, *(name for name in world.units if name != "市府办公室"))
    with django_assert_max_num_queries(16):
        assert tick(friday(11)) == 4


def test_two_tickers_at_once_write_each_reminder_once(committed_world: World) -> None:
    arrived(committed_world, HERE, "市卫生局")
    made: list[int] = []
    with at(friday(11)):
        assert at_once(lambda _: made.append(remind()), 4) == []
    assert sum(made) == Reminder.objects.count() == 2
    assert Entry.objects.filter(verb="exchange.remind").count() == 2
