"""The status list of seals: at once after a change, once a day, for everybody."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from support.world import World, broken_device
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.ses.seal import parse_seal
from yichuan.lib.ses.status_list import Status
from yichuan.lib.ses.status_list import StatusList as Read
from yichuan.operations.services.settle import settle
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, StatusList
from yichuan.seals.selectors_status import status_lists
from yichuan.seals.services.publish_status import KEPT, publish_status, publish_wanted, want_list

DAY = timedelta(days=1)


def end(state: SealState, **when: datetime) -> Seal:
    """The world's seal as a verb leaves it that ends it."""
    Seal.objects.update(state=state, cause=Cause.LOSS, **when)
    with command():
        want_list()
    publish_wanted()
    return Seal.objects.get()


def newest() -> Read:
    return status_lists()[0]


def test_a_centre_has_a_list_from_its_first_day(world: World) -> None:
    assert (newest().number, newest().entries) == (1, {})
    assert newest().believed(trust=trusted_roots(), at=clock.now(), crls=crls())


def test_a_suspended_seal_stands_on_the_list_by_the_number_in_its_structure(world: World) -> None:
    since = clock.now().replace(microsecond=0)
    seal = end(SealState.SUSPENDED, suspended_at=since)
    entry = newest().entries[parse_seal(bytes(seal.der)).seal_id]
    assert (entry.status, entry.since, entry.cause) == (Status.SUSPENDED, since, "遗失")


def test_a_seal_ended_when_it_was_first_suspended_and_not_when_it_was_destroyed(world: World) -> None:
    at = clock.now().replace(microsecond=0)
    end(SealState.DESTROYED, suspended_at=at - 3 * DAY, withdrawn_at=at - 2 * DAY, destroyed_at=at)
    entry = next(iter(newest().entries.values()))
    assert (entry.status, entry.since) == (Status.DESTROYED, at - 3 * DAY)


def test_a_seal_that_may_be_used_again_leaves_the_list(world: World) -> None:
    end(SealState.SUSPENDED, suspended_at=clock.now())
    Seal.objects.update(suspended_at=None)
    end(SealState.IN_USE)
    assert (newest().number, newest().entries) == (3, {})


def test_the_list_is_signed_as_soon_as_the_change_stands(
    world: World, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True), command():  # type: ignore[operator]
        want_list()
    assert newest().number == 2


def test_a_device_that_is_away_leaves_the_list_wanted_for_the_ticker(world: World) -> None:
    with command():
        want_list()
    with broken_device("sign"):
        assert publish_wanted() == 0
    assert newest().number == 1
    settle(sweep=False)
    assert newest().number == 2
    assert not StatusList.objects.filter(der=None).exists()


def test_a_list_comes_once_a_day_though_nothing_changed(world: World) -> None:
    assert publish_status() == 0
    with clock.fixed_at(clock.now() + DAY):
        assert publish_status() == 1
        assert newest().number == 2


def test_of_old_lists_the_last_of_each_month_is_kept(world: World) -> None:
    start = clock.now()
    StatusList.objects.all().delete()
    for number in range(1, 60):
        StatusList.objects.create(
            number=number, wanted_at=start, this_update=start + number * DAY, next_update=start + 90 * DAY, der=b"-"
        )
    with clock.fixed_at(start + 60 * DAY):
        publish_status()
    kept = list(StatusList.objects.order_by("number").values_list("number", "this_update"))
    recent = [number for number, _ in kept if number > 60 - KEPT]
    assert recent == list(range(31, 61))
    months = [(day.year, day.month) for number, day in kept if number <= 60 - KEPT and day]
    assert 0 < len(months) == len(set(months)) < 4


def test_anybody_may_have_the_list_and_the_earlier_ones(world: World) -> None:
    end(SealState.WITHDRAWN, withdrawn_at=clock.now())
    answer = Client().get("/seals/status/seals.der")
    assert answer.content == newest().der
    assert answer["ETag"] == '"seals-2"'
    assert Client().get("/seals/status/1.der").content != answer.content
    assert Client().get("/seals/status/77.der").status_code == 404
