"""One reader of the outbox for all open pages of this process."""

import asyncio
import contextlib
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.models import Max, Q

from yichuan.common.models import Event

EVERY_SECONDS = 0.5
BEAT_SECONDS = 15
BEAT = b": beat\n\n"
GAP_SECONDS = 20
BATCH = 5000
QUEUE_LIMIT = 100


class Hub:
    """Reads new events and hands each to the pages of its unit.

    Numbers are given out before commits, so a lower number may become visible after a higher one: numbers that were
    skipped are asked for again for a while. What is lost all the same, a page finds by its own asking every minute.
    """

    def __init__(self) -> None:
        self._queues: dict[uuid.UUID, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._last = -1
        self._gaps: dict[int, float] = {}
        self._task: asyncio.Task[None] | None = None

    def listen(self, units: Iterable[uuid.UUID]) -> "asyncio.Queue[bytes]":
        """A queue that receives the events of these units, ready to be written to a page."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_LIMIT)
        for unit in units:
            self._queues[unit].add(queue)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return queue

    def leave(self, queue: "asyncio.Queue[bytes]") -> None:
        """Forget a queue."""
        for unit in [unit for unit, queues in self._queues.items() if queue in queues]:
            self._queues[unit].discard(queue)
            if not self._queues[unit]:
                del self._queues[unit]

    async def _run(self) -> None:
        self._last, self._gaps = -1, {}  # what happened while nobody listened, a page reads from the page itself
        beat_at = time.monotonic() + BEAT_SECONDS
        while self._queues:
            if time.monotonic() >= beat_at:
                beat_at += BEAT_SECONDS
                self._beat()
            with contextlib.suppress(Exception):  # a database that is away for a while: ask again
                for event in await sync_to_async(self._fetch, thread_sensitive=False)():
                    self._hand_out(event)
            await asyncio.sleep(EVERY_SECONDS)

    def _beat(self) -> None:
        """Tell all pages that the line stands; one timer for all of them."""
        for queue in set().union(*self._queues.values()):
            _put(queue, BEAT)

    def _fetch(self) -> list[Event]:
        close_old_connections()
        if self._last < 0:
            self._last = Event.objects.aggregate(last=Max("id"))["last"] or 0
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

    def _hand_out(self, event: Event) -> None:
        queues = self._queues.get(event.unit_id)
        if not queues:
            return
        data = json.dumps({"unit": str(event.unit_id), "subject": str(event.subject_id or "")})
        line = f"event: {event.kind}\ndata: {data}\n\n".encode()
        for queue in queues:
            _put(queue, line)


def _put(queue: "asyncio.Queue[bytes]", line: bytes) -> None:
    if not queue.full():  # a page that does not read asks for itself every minute
        queue.put_nowait(line)
