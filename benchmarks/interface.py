"""Sending and receiving through the HTTP interface, served as `yichuan serve` does, by clients over the loopback.

Beside each figure the database's own durable commits of the same run, the cryptographic floor, and the fsyncs.
"""

from __future__ import annotations

import json
import os
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from benchmarks import floor
from benchmarks.bodies import body
from benchmarks.fsyncs import fsyncs_of
from benchmarks.large_file import hundred_megabytes
from benchmarks.measure import Figure, figure, rate
from benchmarks.messages import Lane, exchanged
from benchmarks.office import RECEIVERS, SENDERS, Office, System, crowd, opened, parent_of, processor_seconds, serving

if TYPE_CHECKING:
    from yichuan.org.models import Unit

SENDS, RECEIVES, TOGETHER, MESSAGES, SINGLY, FSYNCED = 48, 4, 24, 192, 24, 10
WARMING, ROUNDS = 48, 3
CLIENTS = 4
DELIVERIES_ASKED, RECEIVES_ASKED = 3_000, 120
PEER_ONE, PEER_FOUR = 1.9, 4.7
"""1 MB messages a second of the best peer in Python, with one sender and with four: django-pyas2 1.2.3 on PostgreSQL,
measured apart on two cores, signed and encrypted with a signed receipt."""


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        office = opened()
        commits = rate(_durable_commit())
        with serving(office) as (speaks, pages):
            run = _Run(office, speaks, pages, commits)
            found = [
                *run.sends(1),
                *run.sends(92),
                *run.receives(),
                *run.taken_in(1),
                *run.taken_in(TOGETHER),
                *run.messages(1),
                *run.messages(4),
            ]
        with serving(office) as (speaks, pages):  # fresh processes: what they hold at most is of this alone
            found += hundred_megabytes(office, speaks, pages)
    return found


def _durable_commit() -> Callable[[], object]:
    from django.utils import timezone

    from yichuan.common.models import Event

    return lambda: Event.objects.create(at=timezone.now(), kind="bench", unit_id=uuid.uuid4())


class _Run:
    """One served centre; every figure of it is taken beside the same durable commits."""

    def __init__(self, office: Office, speaks: Callable[[Unit], System], pages: list[int], commits: float) -> None:
        from django.db import connection

        self.office, self.speaks, self.pages, self.commits = office, speaks, pages, commits
        self.sender = speaks(office.units[0])
        self.on = connection.vendor
        self.made = iter(range(1, 100_000))
        self.dispatches: list[str] = []

    def sends(self, receivers: int) -> list[Figure]:
        """Sends to so many units, by one client and by several at once; what one costs, and its fsyncs."""
        name = f"send to {receivers} ({self.on})"
        said = json.dumps({"main": [{"unit": unit.code} for unit in self.office.units[1 : 1 + receivers]]}).encode()

        def sending(count: int) -> list[Callable[[], object]]:
            return [partial(self._send, each, said) for each in self._ready(count)]

        crowd(1, sending(4))
        alone, waiting = sending(SENDS // 2), sending(SENDS)
        one = len(alone) / crowd(1, alone)
        many, used = self._timed(waiting)
        synced = fsyncs_of(self.pages, sending(FSYNCED))
        parts = floor.of_a_send(receivers)
        found = [
            figure(f"{name}, 1 client", one, "sends/s", "durable commits", self.commits),
            figure(f"{name}, {CLIENTS} clients", many, "sends/s", "durable commits", self.commits),
            *self._costs(name, used, parts),
        ]
        if receivers > 1:
            rate_made = max(one, many) * receivers
            found.append(figure(f"deliveries by {name}", rate_made, "/s", "asked for", DELIVERIES_ASKED))
        if synced is not None:
            found.append(figure(f"{name}: fsyncs", synced, "a send", "one commit", 1))
        return found

    def receives(self) -> list[Figure]:
        """Full receives: every check told, signed for, read, the signed receipts fetched; each letter by 24 units."""
        works: list[Callable[[], object]] = [
            partial(_receive, receiver, delivery)
            for receiver, deliveries in self._arrived(RECEIVES)
            for delivery in deliveries
        ]
        crowd(1, works[:4])
        many, used = self._timed(works[4:])
        name, parts = f"full receive ({self.on})", floor.of_a_receive(self._sealed())
        return [
            figure(f"{name}, {CLIENTS} clients", many, "/s", "asked for", RECEIVES_ASKED),
            figure(f"{name}: beside commits", many, "/s", "durable commits", self.commits),
            *self._costs(name, used, parts),
        ]

    def taken_in(self, together: int) -> list[Figure]:
        """The same by one request, which takes in so many different letters; each of 24 units does."""
        works: list[Callable[[], object]] = [
            partial(_take_in, receiver, deliveries[first : first + together])
            for receiver, deliveries in self._arrived(max(together, RECEIVES))
            for first in range(0, len(deliveries), together)
        ]
        crowd(2, works[:4])
        many, used = self._timed(works[4:])
        how = f"{together} taken in together" if together > 1 else "taken in by one request"
        name, parts = f"full receive, {how} ({self.on})", floor.of_one_taken_in(self._sealed())
        return [
            figure(f"{name}, {CLIENTS} clients", many * together, "/s", "asked for", RECEIVES_ASKED),
            figure(f"{name}: beside commits", many * together, "/s", "durable commits", self.commits),
            *self._costs(name, used / together, parts),
        ]

    def _arrived(self, many: int) -> list[tuple[System, list[str]]]:
        """Of the units with an office system each one's deliveries of the last dispatches, which are nobody's then."""
        from yichuan.exchange.models import Delivery

        last, self.dispatches = self.dispatches[-many:], self.dispatches[:-many]
        rows = Delivery.objects.filter(dispatch__in=[uuid.UUID(each) for each in last]).order_by("pk")
        found = []
        for unit in self.office.units[1 : 1 + RECEIVERS]:
            found.append((self.speaks(unit), [str(pk) for pk in rows.filter(unit=unit).values_list("pk", flat=True)]))
        return found

    def messages(self, senders: int) -> list[Figure]:
        """1 MB from office to office: sent by one request and taken in by another, the median of some rounds as the
        peer's is; and the same by six requests."""
        exchanged(self._lanes(senders, WARMING))
        name, peer = f"1 MB messages ({self.on}), {senders} at once", PEER_ONE if senders == 1 else PEER_FOUR
        rounds = []
        for _ in range(ROUNDS):
            lanes = self._lanes(senders, MESSAGES // senders)
            rounds.append(self._measured(partial(exchanged, lanes), MESSAGES))
        many, used = sorted(rounds)[ROUNDS // 2]
        single = f"1 MB messages by six requests ({self.on}), {senders} at once"
        works = [partial(self._singly, self._sealed(megabyte=True)) for _ in range(SINGLY)]
        slower, used_singly = self._timed(works, senders)
        parts = floor.of_a_message(lanes[0].bodies[0])
        return [
            figure(name, many, "/s", "best peer in Python", peer),
            *self._costs(name, used, parts),
            figure(single, slower, "/s", "best peer in Python", peer),
            figure(f"{single}: processor", used_singly, "ms", "by two requests, ms", used),
        ]

    def _lanes(self, senders: int, each: int) -> list[Lane]:
        """So many units that send so many bodies with their own seals, each to a unit of its own."""
        return [self._lane(number, each) for number in range(senders)]

    def _lane(self, number: int, many: int) -> Lane:
        units, sealer = self.office.units, self.office.sealers[number]
        sender, to = self.speaks(units[number]), units[SENDERS + number]
        said = {"main": [{"unit": to.code}]}

        def send(sealed: bytes) -> str:
            sender.cut()  # each on a connection of its own, as of a system that has a letter to send now and then
            return str(self.office.send_at_once(sender, sealed, said)["recipients"][0]["delivery"])

        bodies = [sealer.sealed(body(next(self.made), megabyte=True), 4) for _ in range(many)]
        return Lane(bodies, send, partial(_take_in, self.speaks(to)))

    def _singly(self, sealed: bytes) -> None:
        unit = self.office.units[1]
        said = json.dumps({"main": [{"unit": unit.code}]}).encode()
        dispatch = self._send(self.office.ready(self.sender, sealed), said)
        _receive(self.speaks(unit), dispatch["recipients"][0]["delivery"], checks=False)

    def _ready(self, count: int) -> list[str]:
        return [self.office.ready(self.sender, self._sealed()) for _ in range(count)]

    def _sealed(self, *, megabyte: bool = False) -> bytes:
        return self.office.sealer.sealed(body(next(self.made), megabyte=megabyte), 4)

    def _send(self, document: str, said: bytes) -> dict[str, list[dict[str, str]]]:
        told = json.loads(self.sender.ask("POST", f"/documents/{document}/send", said)[1])
        self.dispatches.append(told["id"])
        return dict(told)

    def _timed(self, works: list[Callable[[], object]], clients: int = CLIENTS) -> tuple[float, float]:
        """How many a second, and the processor time of pages and database of one, in ms."""
        return self._measured(partial(crowd, clients, works), len(works))

    def _measured(self, run: Callable[[], float], count: int) -> tuple[float, float]:
        """The same of what does `count` of them and says how many seconds it took."""
        before = self._used()
        taken = run()
        return count / taken, 1000 * (self._used() - before) / count

    def _used(self) -> float:
        """Processor seconds of the page processes, and of PostgreSQL's."""
        from django.db import connection

        of = [*self.pages]
        if self.on == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                of.append(parent_of(int(cursor.fetchone()[0])))
        return sum(processor_seconds(pid) for pid in of)

    def _costs(self, name: str, used: float, parts: list[floor.Part]) -> list[Figure]:
        least = sum(part.total for part in parts)
        shares = [
            Figure(f"  {part.name}", round(part.total, 3), "ms", f"{part.times} × µs", round(part.microseconds, 2),
                   round(part.total / least, 4))
            for part in parts
        ]  # fmt: skip
        return [figure(f"{name}: processor", used, "ms", "cryptographic floor, ms", least), *shares]


def _receive(receiver: System, delivery: str, *, checks: bool = True) -> None:
    if checks and not receiver.get(f"/deliveries/{delivery}/checks")["sound"]:
        raise RuntimeError("a letter of this benchmark is not sound")
    receiver.post(f"/deliveries/{delivery}/sign-for")
    receiver.ask("POST", f"/deliveries/{delivery}/read")
    receipts = receiver.get(f"/deliveries/{delivery}/receipts")["items"]
    if len(receipts) != 2 or not all(each["signature"] for each in receipts):
        raise RuntimeError("two signed receipts were expected")


def _take_in(receiver: System, deliveries: list[str]) -> None:
    data = receiver.ask("POST", "/deliveries/take-in", json.dumps({"deliveries": deliveries}).encode())[1]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        items = json.loads(archive.read("index.json"))["items"]
        whole = [each for each in items if each["checks"]["sound"] and archive.read(each["file"])]
    if len(whole) != len(deliveries) or not all(len(each["receipts"]) == 2 for each in whole):
        raise RuntimeError("not all were taken in")
    if not all(receipt["signature"] for each in whole for receipt in each["receipts"]):
        raise RuntimeError("two signed receipts were expected of each")
