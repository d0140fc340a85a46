"""Messages on their way: senders and receivers that work at the same time, each with a connection of its own."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue

from benchmarks.office import crowd

TOGETHER = 8


def exchanged(
    send: Callable[[bytes], str], take_in: Callable[[list[str]], object], bodies: Iterable[bytes], senders: int
) -> float:
    """Seconds until so many senders at once have sent all bodies, and as many receivers have taken them all in.

    A receiver takes in what has arrived, at most `TOGETHER` in one request, while the senders go on.
    """
    arrived: SimpleQueue[str | None] = SimpleQueue()

    def receive() -> None:
        while (delivery := arrived.get()) is not None:
            waiting: list[str] = [delivery]
            while len(waiting) < TOGETHER and not arrived.empty():
                if (delivery := arrived.get()) is None:
                    break
                waiting.append(delivery)
            take_in(waiting)
            if delivery is None:
                return

    begun = time.perf_counter()
    with ThreadPoolExecutor(senders) as threads:
        receiving = [threads.submit(receive) for _ in range(senders)]
        try:
            crowd(senders, [partial(lambda body: arrived.put(send(body)), body) for body in bodies])
        finally:
            for _ in receiving:
                arrived.put(None)
        for done in receiving:
            done.result()
    return time.perf_counter() - begun
