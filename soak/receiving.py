"""Units receive: one delivery step by step, or several at once; they return, print, and fetch what is attached."""

from __future__ import annotations

import uuid

from soak import attaching
from soak.desk import Desk, Turn
from soak.ledger import Act
from soak.pages import Person
from soak.systems import UNTOLD

RETURNED, PRINTED, CHECKED = 0.06, 0.1, 0.1  # of those that are received one by one
PRINTED_OF_SEVERAL = 0.03
FETCHED = 0.6  # of those that have attachments
ALLOWANCE = 2


def receive(desk: Desk, name: str, delivery: str, turn: Turn) -> None:
    """Look at the checks now and then, sign for, then read; or return it; or print it as well."""
    desk.count(desk.forms, "received one by one")
    chance, system, path = turn.chance, turn.systems[name], f"/deliveries/{delivery}"
    if chance.random() < CHECKED and not desk.of_delivery[delivery].taken_back:
        desk.act(delivery, "checks", "", lambda _: system.get(f"{path}/checks"))
    if desk.act(delivery, "sign_for", _key(), lambda key: system.post(f"{path}/sign-for", key=key)).told != "done":
        return
    fate = chance.random()
    if fate < RETURNED:
        desk.not_hoped(1)
        desk.act(
            delivery, "return", _key(), lambda key: system.post(f"{path}/return", {"reason": "请更正附件。"}, key=key)
        )
        return
    if fate < RETURNED + PRINTED:
        _print_all(desk, turn, name, delivery)
    desk.act(delivery, "read", _key(), lambda key: system.read(delivery, key=key))
    _fetch_some(desk, turn, name, delivery)


def take_in(desk: Desk, name: str, wanted: list[str], turn: Turn) -> None:
    """Several in one request; a few of them are printed afterwards."""
    key = _key()
    lines = {each: desk.ledger.begin_act(Act(each, "take_in", key)) for each in wanted}
    with desk.refusals(*lines.values()):
        told = desk.until_answered(lambda: turn.systems[name].taken_in(wanted, key=key), *lines.values())
        for delivery, line in lines.items():
            if wrong := told.get(delivery, UNTOLD):
                desk.refused(line, wrong.said, wrong.code)
            else:
                line.told = "done"
    desk.count(desk.forms, "received several at once", len(wanted))
    for delivery, line in lines.items():
        if line.told != "done":
            continue
        if turn.chance.random() < PRINTED_OF_SEVERAL:
            _print_all(desk, turn, name, delivery)
        _fetch_some(desk, turn, name, delivery)


def _fetch_some(desk: Desk, turn: Turn, name: str, delivery: str) -> None:
    if desk.of_delivery[delivery].files and turn.chance.random() < FETCHED:
        attaching.fetch(desk, turn, name, delivery)


def _print_all(desk: Desk, turn: Turn, name: str, delivery: str) -> None:
    """The second press goes beyond the allowance."""
    for copies in (turn.chance.randint(1, ALLOWANCE), ALLOWANCE):
        _print(desk, turn.people[name], delivery, copies)


def _print(desk: Desk, person: Person, delivery: str, copies: int) -> None:
    line = desk.ledger.begin_act(Act(delivery, "print", _key(), copies))
    said = desk.until_answered(lambda: person.print_originals(delivery, copies, line.key, desk.words), line)
    if not said:
        line.told = "done"
    elif "允许打印" in said:
        line.told = "beyond"
    else:
        line.refused = said


def _key() -> str:
    return str(uuid.uuid4())
