"""Reading the outbox for open pages."""

import asyncio
import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from yichuan.common.models import Event
from yichuan.feed.hub import BEAT, QUEUE_LIMIT, RECENT, Hub, Line

HERE, THERE = uuid.uuid4(), uuid.uuid4()


NOW, SECOND = timezone.now(), timedelta(seconds=1)


def event(unit: uuid.UUID, number: int, kind: str = "arrival", ago: timedelta = timedelta()) -> Event:
    return Event.objects.create(pk=number, at=timezone.now() - ago, kind=kind, unit_id=unit)


def heard(queue: Line) -> list[bytes]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


@pytest.fixture
def hub(db: None, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setattr("yichuan.feed.hub.close_old_connections", lambda: None)
    event(HERE, 100, ago=RECENT + SECOND)
    hub = Hub()
    assert hub._fetch() == []  # no page asks so far back
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
        lines = heard(queue)
        hub.leave(queue)
        hub._hand_out(Event(kind="arrival", unit_id=HERE))
        assert queue.empty()
        return lines

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


def test_a_reader_that_begins_looks_back_as_far_as_pages_ask(hub: Hub) -> None:
    event(HERE, 101, ago=RECENT / 2)
    assert [each.pk for each in Hub()._fetch()] == [101]


def test_a_reader_that_begins_asks_for_no_number_from_before(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yichuan.feed.hub.close_old_connections", lambda: None)
    hub = Hub()
    assert hub._fetch() == []
    event(HERE, 900_000_000)
    assert [each.pk for each in hub._fetch()] == [900_000_000]
    assert hub._gaps == {}


def test_what_happened_while_a_page_was_on_its_way_is_told_at_once() -> None:
    async def listen() -> list[list[bytes]]:
        hub = Hub()
        hub.listen([HERE])
        hub._hand_out(Event(kind="arrival", unit_id=HERE), NOW)
        asked = [([HERE], NOW - SECOND), ([HERE], NOW + SECOND), ([HERE], None), ([THERE], NOW - SECOND)]
        return [heard(hub.listen(units, since)) for units, since in asked]

    told, *others = asyncio.run(listen())
    assert len(told) == 1 and told[0].startswith(b"event: arrival\n")
    assert others == [[], [], []]


def test_nobody_is_told_of_what_is_older_than_a_page_takes_to_listen() -> None:
    async def listen() -> list[bytes]:
        hub = Hub()
        hub.listen([HERE])
        hub._hand_out(Event(kind="arrival", unit_id=HERE), NOW)
        hub._hand_out(Event(kind="inbox", unit_id=HERE), NOW + RECENT + SECOND)
        return heard(hub.listen([HERE], NOW - SECOND))

    assert [line.splitlines()[0] for line in asyncio.run(listen())] == [b"event: inbox"]


def test_what_the_reader_finds_as_it_begins_is_told_to_the_page_that_does_not_show_it() -> None:
    async def begin() -> tuple[bytes, int]:
        hub = Hub()
        hub._fetch = lambda: [Event(kind="arrival", unit_id=HERE, at=NOW)]  # type: ignore[method-assign]
        before, after = hub.listen([HERE], NOW - SECOND), hub.listen([HERE])
        line = await asyncio.wait_for(before.get(), 30)
        for queue in (before, after):
            hub.leave(queue)
        return line, after.qsize()

    line, others = asyncio.run(begin())
    assert line.startswith(b"event: arrival\n") and others == 0


def test_every_page_is_told_once_that_the_line_stands_however_many_units_it_hears() -> None:
    async def beat() -> tuple[list[bytes], list[bytes]]:
        hub = Hub()
        queues = hub.listen([HERE, THERE]), hub.listen([HERE])
        hub._beat()
        first, second = map(heard, queues)
        for queue in queues:
            hub.leave(queue)
        return first, second

    assert asyncio.run(beat()) == ([BEAT], [BEAT])
