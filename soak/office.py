"""The office systems of five units, which know nothing of any kill: each keeps asking, under the same key, until it is
answered. One of them sends, the others check, sign for, read, return and print.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from soak.carrier import Carrier
from soak.ledger import Act, Ledger, Sent
from soak.pages import CutError, Person
from soak.systems import System, client

T = TypeVar("T")
Task = Callable[[random.Random, "dict[str, System]", "dict[str, Person]"], None]
PAUSE = 0.3
THREADS = 20  # whoever was cut off waits for seconds, and the others go on
LISTING = 120.0
TO_ALL = 0.85
IN_ONE_REQUEST, SEALED_HERE = 0.75, 0.05  # of the sends; the rest bring a sealed body to a draft
TAKEN_IN, MOST_AT_ONCE = 0.75, 20  # how often several deliveries are taken in, and how many
RETURNED, PRINTED, CHECKED = 0.06, 0.1, 0.1  # of those that are received one by one
PRINTED_OF_SEVERAL = 0.03
ALLOWANCE = 2
RECEIVING = ("read", "take_in")


class GivenUpError(Exception):
    """No answer came until the very end."""


@dataclass
class Offices:
    """Works through sends and receipts by many threads, until so many are made or the time for new ones is over."""

    url: str
    folder: Path
    ledger: Ledger
    sends: int
    receipts: int
    chance: random.Random
    bodies: list[bytes]  # sealed beforehand; what is sent beyond them is sealed on the way
    errors: Counter[str] = field(default_factory=Counter)  # answers that were no answers, by what they were
    forms: Counter[str] = field(default_factory=Counter)  # what was done how often in which way
    durations: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        told = json.loads((self.folder / "offices.json").read_text())
        self.offices: dict[str, dict[str, str]] = told["offices"]
        self.sender: str = told["sender"]
        self.ledger.probes, self._seal, self._words = told["probes"], told["seal"], told["words"]
        self.chance = random.Random(self.chance.random())  # noqa: S311 - nobody else's, and repeated by its seed
        self._arrived: dict[str, list[str]] = defaultdict(list)
        self._carrier = Carrier.read(self.folder / "carrier.json")
        self._begun = self._hoped = 0  # sends; deliveries that are received or will be
        self._people = {
            name: Person(self.url, office["person"], office["password"]) for name, office in self.offices.items()
        }
        self._lock = threading.Lock()
        self._closing, self._deadline = threading.Event(), float("inf")
        self._busy = 0
        self._threads = [threading.Thread(target=self._work, args=(self.chance.random(),)) for _ in range(THREADS)]

    def start(self) -> None:
        """Begin; returns at once."""
        for each in self._threads:
            each.start()

    def close(self, seconds: float) -> None:
        """Send nothing new; wait until all that was begun is answered, for so long at most."""
        self._deadline = time.monotonic() + seconds
        self._closing.set()
        for each in self._threads:
            each.join()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return not any(each.is_alive() for each in self._threads)

    def received(self) -> int:
        """How many deliveries were received, as was told."""
        return len({each.delivery for each in self.ledger.acts if each.told and each.verb in RECEIVING})

    @property
    def enough(self) -> bool:
        """Whether all is sent and received that was wanted."""
        return len([each for each in self.ledger.sent if each.told]) >= self.sends and self.received() >= self.receipts

    def list_boxes(self) -> None:
        """What each box tells from its beginning, for the audit."""
        self._deadline = time.monotonic() + LISTING
        for name, office in self.offices.items():
            centre = self._centre(name)
            found = self._until_answered(lambda centre=centre: list(centre.box()), Act("", "box", ""))  # type: ignore[misc]
            self.ledger.listed[office["unit"]] = [each["id"] for each in found]

    def _work(self, seed: float) -> None:
        chance = random.Random(seed)  # noqa: S311 - repeated by its seed
        systems = {name: self._centre(name) for name in self.offices}
        while (task := self._next()) is not None:
            try:
                task(chance, systems, self._people)
            except GivenUpError:
                pass  # the ledger's line stays without an answer, and the audit says so
            finally:
                with self._lock:
                    self._busy -= 1

    def _next(self) -> Task | None:
        """Receiving where anything waits, otherwise sending; None where all is done."""
        while True:
            with self._lock:
                if waiting := [name for name, deliveries in self._arrived.items() if deliveries]:
                    self._busy += 1
                    return self._receiving(self.chance.choice(waiting))
                if not self._closing.is_set() and (self._begun < self.sends or self._hoped < self.receipts):
                    self._busy += 1
                    self._begun += 1
                    return partial(self._send, self._begun - 1)
                if not self._busy:
                    return None
            time.sleep(0.05)

    def _receiving(self, name: str) -> Task:
        """One delivery of a box step by step, or several at once. The lock is held."""
        waiting = self._arrived[name]
        if self.chance.random() > TAKEN_IN:
            return partial(self._receive, name, waiting.pop(0))
        count = self.chance.randint(1, MOST_AT_ONCE)
        self._arrived[name] = waiting[count:]
        return partial(self._take_in, name, waiting[:count])

    def _centre(self, name: str) -> System:
        office = self.offices[name]
        return System(f"{self.url}/api/v1", office["client"], office["secret"], tries=1, timeout=60)

    def _until_answered(self, ask: Callable[[], T], *lines: Act) -> T:
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
            with self._lock:
                self.errors[said] += 1
            if time.monotonic() > self._deadline:
                raise GivenUpError(said)
            time.sleep(min(wait, 5) if wait is not None else PAUSE)

    def _send(self, order: int, chance: random.Random, systems: dict[str, System], people: dict[str, Person]) -> None:
        """A document to all units or to some: in one request, or drafted, sealed and sent, each under its key."""
        names = [name for name in self.offices if name != self.sender]
        chosen = names if chance.random() < TO_ALL else chance.sample(names, chance.randint(1, len(names)))
        number = f"江府办〔{time.localtime().tm_year}〕{1001 + order}号"
        recipients = [self.offices[name]["unit"] for name in chosen]
        line = Sent(number, self.offices[self.sender]["unit"], recipients, ALLOWANCE)
        self.ledger.begin_sent(line)
        fields = {
            "title": "关于调整水质监测断面的通知", "number": number, "recipients": "市直各单位",
            "body": "各单位要在七月底前报送调整情况。", "issuer": "江门市人民政府办公室",
            "issuer_mark": "江门市人民政府办公室文件", "date": time.strftime("%Y-%m-%d"),
        }  # fmt: skip
        wanted = {
            "main": [{"unit": self.offices[name]["code"], "allowance": ALLOWANCE} for name in chosen],
            "declared": True,
        }
        way = chance.random()
        try:
            if way < IN_ONE_REQUEST:
                told = self._send_at_once(systems[self.sender], fields | wanted, self._sealed(order))
            else:
                custodian = people[self.sender] if way > 1 - SEALED_HERE else None
                told = self._send_by_steps(systems[self.sender], fields, wanted, order, line, custodian)
        except client.Problem as problem:
            line.refused = str(problem)
            return
        line.deliveries = {each["unit"]["id"]: each["delivery"] for each in told["recipients"]}
        line.told = told["id"]
        by_unit = {office["unit"]: name for name, office in self.offices.items()}
        with self._lock:
            self._hoped += len(line.deliveries)
            for unit, delivery in line.deliveries.items():
                self._arrived[by_unit[unit]].append(delivery)

    def _sealed(self, order: int) -> bytes:
        return self.bodies[order] if order < len(self.bodies) else self._carrier.sealed(order)

    def _send_at_once(self, system: System, said: dict[str, Any], data: bytes) -> Any:
        self.forms["sent in one request"] += 1
        sending = Act("", "send", str(uuid.uuid4()))
        return self._until_answered(lambda: system.send_sealed(said, data, key=sending.key), sending)

    def _send_by_steps(
        self, system: System, fields: dict[str, Any], wanted: dict[str, Any], order: int, line: Sent,
        custodian: Person | None,
    ) -> Any:  # fmt: skip
        """`custodian` seals at the page; where there is none, the office system has sealed already."""
        self.forms["sent step by step"] += 1
        kind, data = ("body", self._carrier.body) if custodian else ("sealed-body", self._sealed(order))
        drafting, sealing, sending = (Act("", verb, str(uuid.uuid4())) for verb in ("draft", "seal", "send"))
        line.document = self._until_answered(lambda: system.post("/documents", fields, key=drafting.key), drafting)[
            "id"
        ]
        path = f"/documents/{line.document}"
        self._until_answered(lambda: system.post_file(f"{path}/{kind}", "正文.ofd", data, key=sealing.key), sealing)
        if custodian:
            self._until_answered(lambda: self._seal_here(system, custodian, line.document), sealing)
        return self._until_answered(lambda: system.post(f"{path}/send", wanted, key=sending.key), sending)

    def _seal_here(self, system: System, custodian: Person, document: str) -> None:
        """The custodian presses until the document says that it is sealed."""
        if system.get(f"/documents/{document}")["state"] == "ready":
            custodian.put_seal(document, self._seal)
            if system.get(f"/documents/{document}")["state"] == "ready":
                raise CutError("not sealed")

    def _receive(
        self, name: str, delivery: str, chance: random.Random, systems: dict[str, System], people: dict[str, Person]
    ) -> None:
        """Look at the checks now and then, sign for, then read; or return it; or print it as well."""
        self.forms["received one by one"] += 1
        system, path = systems[name], f"/deliveries/{delivery}"
        if chance.random() < CHECKED:
            self._until_answered(lambda: system.get(f"{path}/checks"), Act(delivery, "checks", ""))
        self._act(delivery, "sign_for", lambda key: system.post(f"{path}/sign-for", key=key))
        fate = chance.random()
        if fate < RETURNED:
            with self._lock:
                self._hoped -= 1
            self._act(
                delivery, "return", lambda key: system.post(f"{path}/return", {"reason": "请更正附件。"}, key=key)
            )
            return
        if fate < RETURNED + PRINTED:
            self._print_all(people[name], delivery, chance)
        self._act(delivery, "read", lambda key: system.read(delivery, key=key))

    def _take_in(
        self, name: str, wanted: list[str], chance: random.Random, systems: dict[str, System], people: dict[str, Person]
    ) -> None:
        """Several in one request; a few of them are printed afterwards."""
        key = str(uuid.uuid4())
        lines = {each: self.ledger.begin_act(Act(each, "take_in", key)) for each in wanted}
        try:
            told = self._until_answered(lambda: systems[name].taken_in(wanted, key=key), *lines.values())
        except client.Problem as problem:
            told = dict.fromkeys(wanted, str(problem))
        for delivery, line in lines.items():
            line.refused = told.get(delivery, "not answered for")
            line.told = "" if line.refused else "done"
        self.forms["received several at once"] += len(wanted)
        for delivery in wanted:
            if chance.random() < PRINTED_OF_SEVERAL:
                self._print_all(people[name], delivery, chance)

    def _print_all(self, person: Person, delivery: str, chance: random.Random) -> None:
        """The second press goes beyond the allowance."""
        for copies in (chance.randint(1, ALLOWANCE), ALLOWANCE):
            self._print(person, delivery, copies)

    def _act(self, delivery: str, verb: str, ask: Callable[[str], Any]) -> None:
        line = self.ledger.begin_act(Act(delivery, verb, str(uuid.uuid4())))
        try:
            self._until_answered(lambda: ask(line.key), line)
            line.told = "done"
        except client.Problem as problem:
            line.refused = str(problem)

    def _print(self, person: Person, delivery: str, copies: int) -> None:
        line = self.ledger.begin_act(Act(delivery, "print", str(uuid.uuid4()), copies))
        said = self._until_answered(lambda: person.print_originals(delivery, copies, line.key, self._words), line)
        if not said:
            line.told = "done"
        elif "允许打印" in said:
            line.told = "beyond"
        else:
            line.refused = said
