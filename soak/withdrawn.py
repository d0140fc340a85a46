"""What a document that its sender took back still gives to whoever had received it: every way is tried."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from soak.desk import Desk, Turn
from soak.ledger import Act, Sent
from soak.pages import Person
from soak.systems import client

BODY, PICTURE = b"/pages/1.svg", "image/svg+xml"  # what a page with the body on it asks for, and what it gets


def try_to_open(desk: Desk, turn: Turn) -> None:
    """Every delivery of what was withdrawn, as was told; the ledger keeps by which way something came."""
    done = {each.dispatch for each in desk.ledger.withdrawals if each.told == "done"}
    for line in desk.ledger.sent:
        for unit, delivery in line.deliveries.items() if line.told in done else ():
            desk.count(desk.forms, "withdrawn deliveries tried to open")
            for way, ask in _ways(desk, turn, line, desk.name_of(unit), delivery):
                try:
                    if desk.until_answered(ask, Act(delivery, way, "")):
                        desk.ledger.opened.append(f"{delivery} by {way}")
                except client.Problem as problem:
                    if problem.code != "wrong_state":
                        desk.ledger.opened.append(f"{delivery} by {way}: {problem}")


def _ways(desk: Desk, turn: Turn, line: Sent, name: str, delivery: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each gives what came. Through the interface and at the pages, also by ids that the receiver kept."""
    system, person, key = turn.systems[name], turn.people[name], str(uuid.uuid4())
    path, page = f"/deliveries/{delivery}", f"/deliveries/{delivery}/"
    yield "sign-for", lambda: system.post(f"{path}/sign-for", key=key)
    yield "read", lambda: system.read(delivery, key=key + "r")
    yield "take-in", lambda: not any(system.taken_in([delivery], key=key + "t").values())
    yield "checks", lambda: system.get(f"{path}/checks")
    yield "the page", lambda: BODY in person.see(page)[1]
    yield "a page of the body", lambda: person.see(f"{page}pages/1.svg")[0] == PICTURE
    yield "a copy", lambda: person.copy(delivery)
    yield "a print", lambda: not person.print_originals(delivery, 1, key, desk.words)
    for file in line.files:
        there = f"attachments/{file.told}"
        yield "an attachment", partial(system.download, f"{path}/{there}")
        yield "an attachment at the page", partial(_has, desk.mark, person, f"{page}{there}/")


def _has(mark: bytes, person: Person, path: str) -> bool:
    return mark in person.see(path)[1]
