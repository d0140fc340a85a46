"""One reader of the outbox for all open pages of this process."""

import asyncio
import contextlib
import json
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.models import Q

from yichuan.common import clock
from yichuan.common.models import Event

EVERY_SECONDS = 0.5
BEAT_SECONDS = 15
BEAT = b": beat\n\n"
GAP_SECONDS = 20
BATCH = 5000
QUEUE_LIMIT = 100
RECENT = timedelta(seconds=60)
"""How far back a page may ask: longer than a page takes from being made to listening."""
RECENT_LIMIT = 5000


class Line(asyncio.Queue[bytes]):
    """What is to be written to one page; `since`: it knows what was seen before."""

    def __init__(self, since: datetime) -> None:
        super().__init__(QUEUE_LIMIT)
        self.since = since

    def tell(self, line: bytes) -> None:
        """Nothing where the page does not read: it asks for itself every minute."""
        if not self.full():
            self.put_nowait(line)


class Hub:
    """Reads new events and hands each to the pages of its unit.

    Numbers are given out before commits, so a lower number may become visible after a higher one: numbers that were
    skipped are asked for again for a while. What is lost all the same, a page finds by its own asking every minute.
    """

    def __init__(self) -> None:
        self._queues: dict[uuid.UUID, set[Line]] = defaultdict(set)
        self._recent: deque[tuple[datetime, Event]] = deque(maxlen=RECENT_LIMIT)
        self._last = -1
        self._gaps: dict[int, float] = {}
        self._task: asyncio.Task[None] | None = None

    def listen(self, units: Iterable[uuid.UUID], since: datetime | None = None) -> Line:
        """A queue that receives the events of these units, ready to be written to a page.

        `since` is when the page was made: what was seen from then on it does not show, and is told at once.
        """
        now = clock.now()
        queue = Line(min(since or now, now))
        heard = frozenset(units)
        for unit in heard:
            self._queues[unit].add(queue)
        if self._task is None or self._task.done():
            self._last, self._gaps = -1, {}
            self._recent.clear()
            self._task = asyncio.create_task(self._run())
        for seen, event in self._recent:
            if event.unit_id in heard and seen >= queue.since:
                queue.tell(_written(event))
        return queue

    def leave(self, queue: Line) -> None:
        """Forget a queue."""
        for unit in [unit for unit, queues in self._queues.items() if queue in queues]:
            self._queues[unit].discard(queue)
            if not self._queues[unit]:
                del self._queues[unit]

    async def _run(self) -> None:
        beat_at = time.monotonic() + BEAT_SECONDS
        while self._queues:
            if time.monotonic() >= beat_at:
                beat_at += BEAT_SECONDS
                self._beat()
            with contextlib.suppress(Exception):  # a database that is away for a while: ask again
                beginning = self._last < 0
                for event in await sync_to_async(self._fetch, thread_sensitive=False)():
                    self._hand_out(event, event.at if beginning else None)
            await asyncio.sleep(EVERY_SECONDS)

    def _beat(self) -> None:
        """Tell all pages that the line stands; one timer for all of them."""
        for queue in set().union(*self._queues.values()):
            queue.tell(BEAT)

    def _fetch(self) -> list[Event]:
        close_old_connections()
        if self._last < 0:
            self._last = _a_while_ago()
        if self._last < 0:
            return []
        now = time.monotonic()
        self._gaps = {number: since for number, since in self._gaps.items() if now - since < GAP_SECONDS}
        wanted = Q(id__gt=self._last) | Q(id__in=list(self._gaps)) if self._gaps else Q(id__gt=self._last)
        events = list(Event.objects.filter(wanted).order_by("id")[:BATCH])
        for event in events:
            self._gaps.pop(event.pk, None)
            if event.pk > self._last:
                self._gaps |= dict.fromkeys(range(self._last + 1, event.pk), now)
                self._last = event.pk
        return events

    def _hand_out(self, event: Event, at: datetime | None = None) -> None:
        """To all pages of the unit; with `at`, to those that do not show yet what happened then."""
        seen = at or clock.now()
        while self._recent and self._recent[0][0] < seen - RECENT:
            self._recent.popleft()
        self._recent.append((seen, event))
        queues = self._queues.get(event.unit_id)
        if not queues:
            return
        line = _written(event)
        for queue in queues:
            if at is None or at >= queue.since:
                queue.tell(line)


def _written(event: Event) -> bytes:
    data = json.dumps({"unit": str(event.unit_id), "subject": str(event.subject_id or "")})
    return f"event: {event.kind}\ndata: {data}\n\n".encode()


def _a_while_ago() -> int:
    """The number after which a reader begins who has read nothing yet; -1 where there is no event at all."""
    numbers = Event.objects.values_list("pk", flat=True)
    last = numbers.filter(at__lt=clock.now() - RECENT).order_by("-pk").first()
    if last is None:
        last = (numbers.order_by("pk").first() or 0) - 1
    return last
