"""A unit sends: in one request, or drafted, furnished with attachments, sealed and sent; some of it is taken back."""

from __future__ import annotations

import time
import uuid
from functools import partial
from typing import Any

from soak import attaching, receiving
from soak.desk import Desk, Turn
from soak.ledger import Act, Sent, Withdrawal
from soak.pages import CutError, Person
from soak.systems import System, client

TO_ALL = 0.85
ATTACHED = 0.15  # of the sends, and they go step by step
IN_ONE_REQUEST, SEALED_HERE = 0.88, 0.05  # of the others; the rest bring a sealed body to a draft
TAKEN_BACK, RIVALS = 0.06, 2  # how often, and how many sign for it at most: with more of them one is always the first
ALLOWANCE = 2


def send(desk: Desk, order: int, turn: Turn) -> None:
    """A document to all units or to some: in one request, or by steps, each under its key."""
    chance, names = turn.chance, [name for name in desk.offices if name != desk.sender]
    chosen = names if chance.random() < TO_ALL else chance.sample(names, chance.randint(1, len(names)))
    if taken_back := chance.random() < TAKEN_BACK:
        chosen = chosen[: chance.randint(1, RIVALS)]
    number = f"江府办〔{time.localtime().tm_year}〕{1001 + order}号"
    recipients = [desk.offices[name]["unit"] for name in chosen]
    line = Sent(number, desk.offices[desk.sender]["unit"], recipients, ALLOWANCE, taken_back=taken_back)
    desk.ledger.begin_sent(line)
    fields = {
        "title": "关于调整水质监测断面的通知", "number": number, "recipients": "市直各单位",
        "body": "各单位要在七月底前报送调整情况。", "issuer": "江门市人民政府办公室",
        "issuer_mark": "江门市人民政府办公室文件", "date": time.strftime("%Y-%m-%d"),
    }  # fmt: skip
    wanted = {
        "main": [{"unit": desk.offices[name]["code"], "allowance": ALLOWANCE} for name in chosen],
        "declared": True,
    }
    attached, way = chance.random() < ATTACHED, chance.random()
    try:
        if way < IN_ONE_REQUEST and not attached:
            told = _send_at_once(desk, turn.systems[desk.sender], fields | wanted, _sealed(desk, order))
        else:
            files = attaching.made(chance, desk.mark) if attached else []
            told = _send_by_steps(desk, turn, line, fields, wanted, order, files, here=way > 1 - SEALED_HERE)
    except client.Problem as problem:
        line.refused = str(problem)
        return
    line.deliveries = {each["unit"]["id"]: each["delivery"] for each in told["recipients"]}
    line.told = told["id"]
    _arrive(desk, line, turn)


def _arrive(desk: Desk, line: Sent, turn: Turn) -> None:
    """Into the boxes; where it is to be taken back, that and signing for it come next, at the same moment."""
    waiting = [(desk.name_of(unit), delivery) for unit, delivery in line.deliveries.items()]
    with desk.lock:
        desk.hoped += len(waiting)
        desk.of_delivery |= {delivery: line for _, delivery in waiting}
        if line.taken_back:
            rivals = [partial(receiving.receive, desk, name, delivery) for name, delivery in waiting]
            desk.at_once += turn.chance.sample([partial(withdraw, desk, line), *rivals], len(waiting) + 1)
            return
        for name, delivery in waiting:
            desk.arrived[name].append(delivery)


def withdraw(desk: Desk, line: Sent, turn: Turn) -> None:
    """Take it back, as long as nobody has signed for it."""
    act = desk.ledger.begin_withdrawal(Withdrawal(line.told, str(uuid.uuid4())))
    system, path = turn.systems[desk.sender], f"/dispatches/{line.told}/withdraw"
    desk.count(desk.forms, "tried to withdraw")
    try:
        desk.until_answered(lambda: system.post(path, {"reason": "附件有误。"}, key=act.key))
        act.told = "done"
    except client.Problem as problem:
        if problem.code == "wrong_state":
            act.told = "too late"
        else:
            act.refused = str(problem)


def _sealed(desk: Desk, order: int) -> bytes:
    return desk.bodies[order] if order < len(desk.bodies) else desk.carrier.sealed(order)


def _send_at_once(desk: Desk, system: System, said: dict[str, Any], data: bytes) -> Any:
    desk.count(desk.forms, "sent in one request")
    sending = Act("", "send", str(uuid.uuid4()))
    return desk.until_answered(lambda: system.send_sealed(said, data, key=sending.key), sending)


def _send_by_steps(
    desk: Desk, turn: Turn, line: Sent, fields: dict[str, Any], wanted: dict[str, Any], order: int,
    files: list[tuple[str, bytes]], *, here: bool,
) -> Any:  # fmt: skip
    """`here`: the custodian seals at the page; otherwise the office system has sealed already."""
    desk.count(desk.forms, "sent step by step")
    system = turn.systems[desk.sender]
    kind, data = ("body", desk.carrier.body) if here else ("sealed-body", _sealed(desk, order))
    drafting, sealing, sending = (Act("", verb, str(uuid.uuid4())) for verb in ("draft", "seal", "send"))
    line.document = desk.until_answered(lambda: system.post("/documents", fields, key=drafting.key), drafting)["id"]
    path = f"/documents/{line.document}"
    attaching.attach(desk, system, line, files)
    desk.until_answered(lambda: system.post_file(f"{path}/{kind}", "正文.ofd", data, key=sealing.key), sealing)
    if here:
        custodian = turn.people[desk.sender]
        desk.until_answered(lambda: _seal_here(system, custodian, line.document, desk.seal), sealing)
    return desk.until_answered(lambda: system.post(f"{path}/send", wanted, key=sending.key), sending)


def _seal_here(system: System, custodian: Person, document: str, seal: str) -> None:
    """The custodian presses until the document says that it is sealed."""
    if system.get(f"/documents/{document}")["state"] == "ready":
        custodian.put_seal(document, seal)
        if system.get(f"/documents/{document}")["state"] == "ready":
            raise CutError("not sealed")
