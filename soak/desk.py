"""What the office systems of a trial share: who they are, what waits for whom, how they ask until they are answered."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from soak.carrier import Carrier
from soak.ledger import Act, Ledger, Sent
from soak.pages import CutError, Person
from soak.systems import System, client

T = TypeVar("T")
PAUSE = 0.3
LONGEST_WAIT = 5  # seconds, however long the centre says


class GivenUpError(Exception):
    """No answer came until the very end."""


@dataclass(frozen=True)
class Turn:
    """What a task works with: chances of its own, the systems of its thread, the people of all."""

    chance: random.Random
    systems: dict[str, System]
    people: dict[str, Person]


Task = Callable[[Turn], None]


@dataclass
class Desk:
    """Threads share it; what several of them change is changed under `lock`."""

    url: str
    folder: Path
    ledger: Ledger
    bodies: list[bytes]  # sealed beforehand; what is sent beyond them is sealed on the way
    errors: Counter[str] = field(default_factory=Counter)  # answers that were no answers, by what they were
    forms: Counter[str] = field(default_factory=Counter)  # what was done how often in which way
    durations: list[float] = field(default_factory=list)
    deadline: float = float("inf")
    hoped: int = 0  # deliveries that are received or will be
    arrived: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # name of a unit → deliveries
    at_once: deque[Task] = field(default_factory=deque)  # what is to happen at the same moment, before all others
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        told = json.loads((self.folder / "offices.json").read_text())
        self.offices: dict[str, dict[str, str]] = told["offices"]
        self.sender: str = told["sender"]
        self.seal: str = told["seal"]
        self.words: str = told["words"]
        self.mark = bytes.fromhex(told["mark"])
        self.ledger.probes = told["probes"]
        self.carrier = Carrier.read(self.folder / "carrier.json")
        self.of_delivery: dict[str, Sent] = {}
        self.people = {
            name: Person(self.url, office["person"], office["password"]) for name, office in self.offices.items()
        }

    def system(self, name: str) -> System:
        """An office system of that unit, for one thread."""
        office = self.offices[name]
        return System(f"{self.url}/api/v1", office["client"], office["secret"], tries=1, timeout=60)

    def turn(self, seed: float) -> Turn:
        """For one thread."""
        chance = random.Random(seed)  # noqa: S311 - repeated by its seed
        return Turn(chance, {name: self.system(name) for name in self.offices}, self.people)

    def name_of(self, unit: str) -> str:
        return next(name for name, office in self.offices.items() if office["unit"] == unit)

    def until_answered(self, ask: Callable[[], T], *lines: Act) -> T:
        """Ask under the same key until somebody answers, as an office system's own list of things to be done does."""
        begun = time.monotonic()
        while True:
            for line in lines:
                line.tries += 1
            try:
                answer = ask()
                self.durations.append(time.monotonic() - begun)
                return answer
            except client.Problem as problem:
                said, wait = f"{problem.status} {problem.code}", problem.wait
                if problem.status < 500 and problem.code != "in_progress":
                    raise
            except client.Unreachable:
                said, wait = "no answer", None
            except CutError as error:
                said, wait = f"at the page: {error}"[:60], None
            self.count(self.errors, said)
            if time.monotonic() > self.deadline:
                raise GivenUpError(said)
            time.sleep(min(wait, LONGEST_WAIT) if wait is not None else PAUSE)

    def act(self, delivery: str, verb: str, key: str, ask: Callable[[str], Any]) -> Act:
        """One act on a delivery under its key, and what came of it, in the ledger."""
        line = self.ledger.begin_act(Act(delivery, verb, key))
        with self.refusals(line):
            self.until_answered(partial(ask, key), line)
            line.told = "done"
        return line

    @contextmanager
    def refusals(self, *lines: Act) -> Iterator[None]:
        """A refusal goes into the ledger; of what its sender takes back it is one that may come."""
        try:
            yield
        except client.Problem as problem:
            for line in lines:
                self.refused(line, str(problem), problem.code)

    def refused(self, line: Act, said: str, code: str) -> None:
        """Told so. What is refused because it was withdrawn is not received any more."""
        sent = self.of_delivery.get(line.delivery)
        if code == "wrong_state" and sent is not None and sent.taken_back:
            line.told = "withdrawn"
            self.not_hoped(1)
        else:
            line.refused = said

    def not_hoped(self, deliveries: int) -> None:
        with self.lock:
            self.hoped -= deliveries

    def count(self, of: Counter[str], what: str, times: int = 1) -> None:
        with self.lock:
            of[what] += times
