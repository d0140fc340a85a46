"""Messages on their way: senders and receivers that work at the same time, each with a connection of its own."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

from benchmarks.office import crowd

TOGETHER = 8


@dataclass(frozen=True)
class Lane:
    """One unit that sends its bodies, and one that takes them in: `send` gives the delivery of what it was given."""

    bodies: Sequence[bytes]
    send: Callable[[bytes], str]
    take_in: Callable[[list[str]], object]


def exchanged(lanes: Sequence[Lane]) -> float:
    """Seconds until all senders at once have sent all their bodies, and each one's receiver has taken them all in.

    A receiver takes in what has arrived, at most `TOGETHER` in one request, while its sender goes on.
    """
    begun = time.perf_counter()
    crowd(2 * len(lanes), [work for lane in lanes for work in _both_ends(lane)])
    return time.perf_counter() - begun


def _both_ends(lane: Lane) -> list[Callable[[], object]]:
    arrived: SimpleQueue[str | None] = SimpleQueue()
    return [partial(_send, lane, arrived), partial(_receive, lane, arrived)]


def _send(lane: Lane, arrived: SimpleQueue[str | None]) -> None:
    try:
        for body in lane.bodies:
            arrived.put(lane.send(body))
    finally:
        arrived.put(None)


def _receive(lane: Lane, arrived: SimpleQueue[str | None]) -> None:
    while (delivery := arrived.get()) is not None:
        waiting: list[str] = [delivery]
        while len(waiting) < TOGETHER and not arrived.empty():
            if (delivery := arrived.get()) is None:
                break
            waiting.append(delivery)
        lane.take_in(waiting)
        if delivery is None:
            return
