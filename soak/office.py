"""The office systems of five units, which know nothing of any kill: each keeps asking, under the same key, until it is
answered. One of them sends and takes back, the others check, sign for, read, return, print and fetch attachments.
"""

from __future__ import annotations

import random
import threading
import time
from functools import partial
from pathlib import Path

from soak import receiving, sending, withdrawn
from soak.desk import Desk, GivenUpError, Task
from soak.ledger import Act, Ledger

THREADS = 20  # whoever was cut off waits for seconds, and the others go on
LISTING = 120.0
TAKEN_IN, MOST_AT_ONCE = 0.75, 20  # how often several deliveries are taken in, and how many
RECEIVING = ("read", "take_in")


class Offices:
    """Works through sends and receipts by many threads, until so many are made or the time for new ones is over."""

    def __init__(
        self, url: str, folder: Path, ledger: Ledger, sends: int, receipts: int, chance: random.Random,
        bodies: list[bytes],
    ) -> None:  # fmt: skip
        self.desk = Desk(url, folder, ledger, bodies)
        self._sends, self._receipts, self._begun, self._busy = sends, receipts, 0, 0
        self._chance = random.Random(chance.random())  # noqa: S311 - nobody else's, and repeated by its seed
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(self._chance.random(),)) for _ in range(THREADS)]

    def start(self) -> None:
        """Begin; returns at once."""
        for each in self._threads:
            each.start()

    def close(self, seconds: float) -> None:
        """Send nothing new; wait until all that was begun is answered, for so long at most."""
        self.desk.deadline = time.monotonic() + seconds
        self._closing.set()
        for each in self._threads:
            each.join()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return not any(each.is_alive() for each in self._threads)

    def received(self) -> int:
        """How many deliveries were received, as was told."""
        acts = self.desk.ledger.acts
        return len({each.delivery for each in acts if each.told == "done" and each.verb in RECEIVING})

    @property
    def enough(self) -> bool:
        """Whether all is sent and received that was wanted."""
        sent = sum(1 for each in self.desk.ledger.sent if each.told)
        return sent >= self._sends and self.received() >= self._receipts

    def look_around(self) -> None:
        """What each box tells from its beginning, and what of withdrawn documents still opens, for the audit."""
        desk = self.desk
        desk.deadline = time.monotonic() + LISTING
        for name, office in desk.offices.items():
            system = desk.system(name)
            found = desk.until_answered(lambda system=system: list(system.box()), Act("", "box", ""))  # type: ignore[misc]
            desk.ledger.listed[office["unit"]] = [each["id"] for each in found]
        withdrawn.try_to_open(desk, desk.turn(self._chance.random()))

    def _work(self, seed: float) -> None:
        turn = self.desk.turn(seed)
        while (task := self._next()) is not None:
            try:
                task(turn)
            except GivenUpError:
                pass  # the ledger's line stays without an answer, and the audit says so
            finally:
                with self.desk.lock:
                    self._busy -= 1

    def _next(self) -> Task | None:
        """What is to happen at once, then receiving where anything waits, otherwise sending; None where all is done."""
        while True:
            with self.desk.lock:
                if (found := self._found()) is not None:
                    self._busy += 1
                    return found
                if not self._busy:
                    return None
            time.sleep(0.05)

    def _found(self) -> Task | None:
        """The lock is held."""
        desk = self.desk
        if desk.at_once:
            return desk.at_once.popleft()
        if waiting := [name for name, deliveries in desk.arrived.items() if deliveries]:
            return self._receiving(self._chance.choice(waiting))
        if not self._closing.is_set() and (self._begun < self._sends or desk.hoped < self._receipts):
            self._begun += 1
            return partial(sending.send, desk, self._begun - 1)
        return None

    def _receiving(self, name: str) -> Task:
        """One delivery of a box step by step, or several at once. The lock is held."""
        desk, waiting = self.desk, self.desk.arrived[name]
        if self._chance.random() > TAKEN_IN:
            return partial(receiving.receive, desk, name, waiting.pop(0))
        count = self._chance.randint(1, MOST_AT_ONCE)
        desk.arrived[name] = waiting[count:]
        return partial(receiving.take_in, desk, name, waiting[:count])
