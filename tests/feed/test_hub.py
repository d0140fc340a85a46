"""Reading the outbox for open pages."""

import asyncio
import json
import uuid

import pytest
from django.utils import timezone

from yichuan.common.models import Event
from yichuan.feed.hub import BEAT, QUEUE_LIMIT, Hub

HERE, THERE = uuid.uuid4(), uuid.uuid4()


def event(unit: uuid.UUID, number: int, kind: str = "arrival") -> Event:
    return Event.objects.create(pk=number, at=timezone.now(), kind=kind, unit_id=unit)


@pytest.fixture
def hub(db: None, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setattr("yichuan.feed.hub.close_old_connections", lambda: None)
    event(HERE, 100)
    hub = Hub()
    assert hub._fetch() == []  # it begins with what comes after
    return hub


def test_new_events_are_read_once_and_in_order(hub: Hub) -> None:
    event(HERE, 101), event(THERE, 102)
    assert [each.pk for each in hub._fetch()] == [101, 102]
    assert hub._fetch() == []


def test_a_lower_number_that_is_committed_later_is_not_lost(hub: Hub) -> None:
    event(HERE, 103)
    assert [each.pk for each in hub._fetch()] == [103]
    event(THERE, 101)
    assert [each.pk for each in hub._fetch()] == [101]
    assert hub._fetch() == []


def test_a_page_hears_of_its_own_units_only() -> None:
    async def listen() -> list[bytes]:
        hub = Hub()
        queue = hub.listen([HERE])
        hub._hand_out(Event(kind="arrival", unit_id=THERE))
        hub._hand_out(Event(kind="arrival", unit_id=HERE, subject_id=THERE))
        heard = [queue.get_nowait() for _ in range(queue.qsize())]
        hub.leave(queue)
        hub._hand_out(Event(kind="arrival", unit_id=HERE))
        assert queue.empty()
        return heard

    (line,) = asyncio.run(listen())
    kind, data, *_ = line.decode().splitlines()
    assert kind == "event: arrival"
    assert json.loads(data.removeprefix("data: ")) == {"unit": str(HERE), "subject": str(THERE)}


def test_a_page_that_does_not_read_holds_nobody_up() -> None:
    async def flood() -> int:
        hub = Hub()
        queue = hub.listen([HERE])
        for _ in range(QUEUE_LIMIT * 2):
            hub._hand_out(Event(kind="arrival", unit_id=HERE))
        hub.leave(queue)
        return queue.qsize()

    assert asyncio.run(flood()) == QUEUE_LIMIT


def test_what_happened_while_nobody_listened_is_not_told_afterwards() -> None:
    hub, began_at = Hub(), []

    def fetch() -> list[Event]:
        began_at.append(hub._last)
        hub._queues.clear()
        return []

    async def begin_again() -> None:
        hub.listen([HERE])
        assert hub._task is not None
        await hub._task

    hub._last = 101  # where the last listener left it
    hub._fetch = fetch  # type: ignore[method-assign]
    asyncio.run(begin_again())
    assert began_at == [-1]  # it asks for the present end first, and hands out what comes after


def test_every_page_is_told_once_that_the_line_stands_however_many_units_it_hears() -> None:
    async def beat() -> tuple[list[bytes], list[bytes]]:
        hub = Hub()
        queues = hub.listen([HERE, THERE]), hub.listen([HERE])
        hub._beat()
        heard = [[queue.get_nowait() for _ in range(queue.qsize())] for queue in queues]
        for queue in queues:
            hub.leave(queue)
        return heard[0], heard[1]

    assert asyncio.run(beat()) == ([BEAT], [BEAT])
