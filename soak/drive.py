"""One trial: use the centre, kill its processes, let it settle, look at it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from soak.carrier import Carrier
from soak.centre import DATABASE, EVERYTHING, FOLDER, STORE, Centre, Kill
from soak.ledger import Ledger
from soak.office import Offices

SHORTEST, LONGEST = 1.0, 5.0  # seconds between two deaths
WHILE_STARTING = 0.15  # how often the next one comes before the last is over
CLOSING = 90.0
MOST_PREPARED = 600  # bodies that are sealed before the first is sent
PAGES = "pages"
WITH_DOCUMENTS = (PAGES, DATABASE, STORE)


@dataclass(frozen=True)
class Plan:
    """Which database and blob store, which chances; how many are sent and received, in how many seconds."""

    database: str
    seed: int
    sends: int
    receipts: int
    seconds: float
    store: str = FOLDER


@dataclass
class Outcome:
    """What happened and what was found. `counts` are the audit's own, from the database; `enough`: as much as was
    planned was done in the time."""

    plan: Plan
    kills: list[Kill]
    seconds: float
    errors: dict[str, int]
    longest: float
    forms: dict[str, int]
    enough: bool
    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def drive(plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Run it; whatever happens, every process that was started ends and the folder goes."""
    chance = random.Random(plan.seed)  # noqa: S311 - repeated by its seed
    start = time.monotonic()
    centre = Centre(plan.database, plan.store)
    try:
        carrier = Carrier.read(centre.folder / "carrier.json")
        bodies = [carrier.sealed(order) for order in range(min(plan.sends, MOST_PREPARED))]
        centre.serve()
        centre.await_up()
        say(f"the centre is up after {time.monotonic() - start:.0f} s, {len(bodies)} bodies are sealed")
        ledger = Ledger()
        offices = Offices(centre.url, centre.folder, ledger, plan.sends, plan.receipts, chance, bodies)
        begun = time.monotonic()
        offices.start()
        try:
            kills = _kill(centre, offices, plan, chance, begun, say)
            centre.await_up()
        finally:
            offices.close(CLOSING)
        seconds, enough = time.monotonic() - begun, offices.enough
        offices.look_around()
        missing = centre.await_whole()
        centre.stop()
        say(f"{seconds:.0f} s in use; it settles and is looked at")
        told = _audit(centre, ledger)
        say(f"done after {time.monotonic() - start:.0f} s")
    finally:
        centre.remove()
    findings = [*told["findings"], *(f"not running: {name} after the last kill" for name in missing)]
    desk = offices.desk
    longest = max(desk.durations, default=0.0)
    return Outcome(plan, kills, seconds, dict(desk.errors), longest, dict(desk.forms), enough, findings, told["counts"])


def _kill(
    centre: Centre, offices: Offices, plan: Plan, chance: random.Random, begun: float, say: Callable[[str], None]
) -> list[Kill]:
    """Kill one after the other until all is done or the time is over, and each had its turn; on a machine that is so
    slow that they have not, at twice the time."""
    kills: list[Kill] = []
    turns = sorted(_order(centre, chance), key=lambda name: name in WITH_DOCUMENTS)  # from the end: these first
    first_round = len(turns)
    while not offices.done or len(kills) < first_round:
        after = time.monotonic() - begun
        if after > 2 * plan.seconds or (after > plan.seconds and len(kills) >= first_round):
            break
        turns = turns or _order(centre, chance)
        victim = turns.pop()
        kills.append(Kill(round(after, 1), victim, centre.kill(victim, chance)))
        say(f"{after:6.1f} s  {victim}: {kills[-1].how}; {offices.received()} received")
        if victim == EVERYTHING or chance.random() > WHILE_STARTING:
            centre.await_up()
        time.sleep(chance.uniform(SHORTEST, LONGEST))
    return kills


def _order(centre: Centre, chance: random.Random) -> list[str]:
    """Each in its turn, in an order of chance; the pages, which do the work, twice."""
    names = [*centre.names(), PAGES]
    return chance.sample(names, len(names))


def _audit(centre: Centre, ledger: Ledger) -> Any:
    """Settle, then look at everything from outside, in a process of its own."""
    path = centre.folder / "ledger.json"
    ledger.write(path)
    folders = [centre.home, centre.temporary, centre.log]
    if centre.cluster is not None:
        folders.append(centre.cluster.folder)
    if centre.store is not None:
        centre.store.settle()
        folders.append(centre.store.folder)
    return json.loads(centre.run("soak.look", str(path), *map(str, folders)).splitlines()[-1])
