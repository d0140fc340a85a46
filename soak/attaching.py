"""Attachments: uploaded in parts by the sender, fetched and compared by receivers."""

from __future__ import annotations

import random
import uuid
from functools import partial
from typing import Any

from soak.desk import Desk, Turn
from soak.ledger import Act, Fetched, File, Sent
from soak.systems import System, client
from yichuan.lib.gm.sm3 import sm3

SMALLEST, LARGEST = 50_000, 3_000_000
PART = 256 * 1024
MARKED_EVERY = 16 * 1024
KINDS = {".zip": b"PK\x03\x04", ".pdf": b"%PDF-1.7\n", ".png": b"\x89PNG\r\n\x1a\n"}  # a name, and how its file begins


def made(chance: random.Random, mark: bytes) -> list[tuple[str, bytes]]:
    """One or two files, most of them small; `mark` stands in every piece of them."""
    found = []
    for number in range(1, chance.choice((1, 1, 2)) + 1):
        ending = chance.choice(list(KINDS))
        size = round(SMALLEST * (LARGEST / SMALLEST) ** chance.random())
        data = bytearray(KINDS[ending] + chance.randbytes(size - len(KINDS[ending])))
        for at in range(16, size - len(mark), MARKED_EVERY):
            data[at : at + len(mark)] = mark
        found.append((f"附件{number}{ending}", bytes(data)))
    return found


def attach(desk: Desk, system: System, line: Sent, files: list[tuple[str, bytes]]) -> None:
    """Upload each and make it an attachment of the draft. After a death the centre is asked how far it has the file."""
    for name, data in files:
        file = File(name, len(data), sm3(data).hex())
        line.files.append(file)
        arriving = Act("", "upload", "")
        desk.until_answered(partial(_upload, system, file, data), arriving)
        key = str(uuid.uuid4())
        attaching = partial(
            system.post, f"/documents/{line.document}/attachments", {"upload": file.uploads[-1]}, key=key
        )
        file.told = desk.until_answered(attaching, Act("", "attach", key))["id"]
        desk.count(desk.forms, "attachments uploaded in parts")
        if arriving.tries > 1 and file.gone_on:
            desk.count(desk.forms, "uploads that went on after a cut")


def _upload(system: System, file: File, data: bytes) -> None:
    """Where it was begun already, it goes on there."""
    begun = file.uploads[-1] if file.uploads else ""
    file.gone_on = bool(begun)
    system.upload_on(file.name, data, part=PART, begun=begun, keep=file.uploads.append)


def fetch(desk: Desk, turn: Turn, name: str, delivery: str) -> None:
    """Each attachment of a delivery, as its receiver gets it."""
    system, path = turn.systems[name], f"/deliveries/{delivery}"
    for file in desk.of_delivery[delivery].files:
        line = desk.ledger.begin_fetched(Fetched(delivery, file.name, file.digest))
        try:
            listed: Any = desk.until_answered(partial(system.get, path))["attachments"]
            ids = [each["id"] for each in listed if each["name"] == file.name]
            if len(ids) != 1:
                line.refused = f"{len(ids)} attachments are listed under this name"
                continue
            line.digest = sm3(desk.until_answered(partial(system.download, f"{path}/attachments/{ids[0]}"))).hex()
        except client.Problem as problem:
            line.refused = str(problem)
        desk.count(desk.forms, "attachments fetched")
