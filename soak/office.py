"""The office systems of five units, which know nothing of any kill: each keeps asking, under the same key, until it is
answered. One of them sends, the others check, sign for, read, return and print.
"""

from __future__ import annotations

import importlib.util
import json
import queue
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from soak.carrier import Carrier
from soak.ledger import Act, Ledger, Sent
from soak.pages import CutError, Person

T = TypeVar("T")
CLIENT = Path(__file__).resolve().parents[1] / "docs" / "interface" / "yichuan_client.py"
PAUSE = 0.3
THREADS = 5
LISTING = 120.0
RETURNED, PRINTED, CHECKED, SEALED_HERE = 0.06, 0.2, 0.15, 0.3
ALLOWANCE = 2


def _client() -> ModuleType:
    """The client that office systems are given."""
    spec = importlib.util.spec_from_file_location("yichuan_client", CLIENT)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{CLIENT} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


client = _client()


class GivenUpError(Exception):
    """No answer came until the very end."""


@dataclass
class Offices:
    """Works through sends and receipts by several threads until `enough` sends or the end of the time for new ones."""

    url: str
    folder: Path
    ledger: Ledger
    enough: int
    chance: random.Random
    errors: Counter[str] = field(default_factory=Counter)  # answers that were no answers, by what they were
    durations: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        told = json.loads((self.folder / "offices.json").read_text())
        self.offices: dict[str, dict[str, str]] = told["offices"]
        self.sender: str = told["sender"]
        self.ledger.probes, self._seal, self._words = told["probes"], told["seal"], told["words"]
        self._receipts: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._carrier = Carrier.read(self.folder / "carrier.json")
        self._orders = iter(range(self.enough))
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
        """How many acts on deliveries were answered."""
        return sum(1 for each in self.ledger.acts if each.told and each.verb != "sign_for")

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
        people = {name: Person(self.url, office["person"], office["password"]) for name, office in self.offices.items()}
        while (task := self._next()) is not None:
            try:
                task(chance, systems, people)
            except GivenUpError:
                pass  # the ledger's line stays without an answer, and the audit says so
            finally:
                with self._lock:
                    self._busy -= 1

    def _next(self) -> Callable[[random.Random, dict[str, Any], dict[str, Person]], None] | None:
        """A receipt where any waits, otherwise a sending; None where all is done."""
        while True:
            with self._lock:
                if self._receipts.qsize():
                    name, delivery = self._receipts.get()
                    self._busy += 1
                    return lambda *way: self._receive(name, delivery, *way)
                if not self._closing.is_set() and (order := next(self._orders, None)) is not None:
                    self._busy += 1
                    return lambda *way: self._send(order, *way)
                if not self._busy:
                    return None
            time.sleep(0.05)

    def _centre(self, name: str) -> Any:
        office = self.offices[name]
        return client.Centre(f"{self.url}/api/v1", office["client"], office["secret"], tries=1, timeout=60)

    def _until_answered(self, ask: Callable[[], T], line: Act) -> T:
        """Ask under the same key until somebody answers, as an office system's own list of things to be done does."""
        begun = time.monotonic()
        while True:
            line.tries += 1
            try:
                answer = ask()
                self.durations.append(time.monotonic() - begun)
                return answer
            except client.Problem as problem:
                said, wait = f"{problem.status} {problem.code}", problem.wait
                if problem.status < 500 and problem.code != "in_progress":
                    raise
            except (client.Unreachable, CutError) as error:
                said, wait = type(error).__name__, None
            with self._lock:
                self.errors[said] += 1
            if time.monotonic() > self._deadline:
                raise GivenUpError(said)
            time.sleep(min(wait, 5) if wait is not None else PAUSE)

    def _send(self, order: int, chance: random.Random, systems: dict[str, Any], people: dict[str, Person]) -> None:
        """Draft, sealed body, sending, each under a key of its own; now and then the custodian seals at the page."""
        system, names = systems[self.sender], [name for name in self.offices if name != self.sender]
        chosen = names if chance.random() < 0.7 else chance.sample(names, chance.randint(1, len(names)))
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
        here = chance.random() < SEALED_HERE
        kind, data = ("body", self._carrier.body) if here else ("sealed-body", self._carrier.sealed(order))
        drafting, sealing, sending = (Act("", verb, str(uuid.uuid4())) for verb in ("draft", "seal", "send"))
        try:
            draft = self._until_answered(lambda: system.post("/documents", fields, key=drafting.key), drafting)
            line.document = draft["id"]
            path = f"/documents/{line.document}"
            self._until_answered(lambda: system.post_file(f"{path}/{kind}", "正文.ofd", data, key=sealing.key), sealing)
            if here:
                self._until_answered(lambda: self._seal_here(system, people[self.sender], line.document), sealing)
            told = self._until_answered(lambda: system.post(f"{path}/send", wanted, key=sending.key), sending)
        except client.Problem as problem:
            line.refused = str(problem)
            return
        line.deliveries = {each["unit"]["id"]: each["delivery"] for each in told["recipients"]}
        line.told = told["id"]
        by_unit = {office["unit"]: name for name, office in self.offices.items()}
        for unit, delivery in line.deliveries.items():
            self._receipts.put((by_unit[unit], delivery))

    def _seal_here(self, system: Any, custodian: Person, document: str) -> None:
        """The custodian presses until the document says that it is sealed."""
        if system.get(f"/documents/{document}")["state"] == "ready":
            custodian.put_seal(document, self._seal)
            if system.get(f"/documents/{document}")["state"] == "ready":
                raise CutError("not sealed")

    def _receive(
        self, name: str, delivery: str, chance: random.Random, systems: dict[str, Any], people: dict[str, Person]
    ) -> None:
        """Look at the checks now and then, sign for, then read; or return it; or print it as well."""
        system, path = systems[name], f"/deliveries/{delivery}"
        if chance.random() < CHECKED:
            self._until_answered(lambda: system.get(f"{path}/checks"), Act(delivery, "checks", ""))
        self._act(delivery, "sign_for", lambda key: system.post(f"{path}/sign-for", key=key))
        fate = chance.random()
        if fate < RETURNED:
            self._act(
                delivery, "return", lambda key: system.post(f"{path}/return", {"reason": "请更正附件。"}, key=key)
            )
            return
        if fate < RETURNED + PRINTED:
            copies = chance.randint(1, ALLOWANCE)
            for wanted in (copies, ALLOWANCE):  # the second goes beyond the allowance unless nothing was printed
                self._print(people[name], delivery, wanted)
        self._act(delivery, "read", lambda key: system.read(delivery, key=key))

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
