"""An attachment of 100 MB: uploaded in parts with a cut in the middle, sent, signed for, read; memory of the pages."""

from __future__ import annotations

import hashlib
import http.client
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.bodies import body
from benchmarks.measure import Figure, figure
from benchmarks.office import Office, System, highest_mb

if TYPE_CHECKING:
    from yichuan.org.models import Unit

SIZE, PART = 100 * 1024 * 1024, 4 * 1024 * 1024
ALLOWED_MB = 200.0
NAME = "filename ZGF0YS5jc3Y="  # data.csv


def hundred_megabytes(office: Office, speaks: Callable[[Unit], System], pages: list[int]) -> list[Figure]:
    """Seconds from the first part to the receiver's last byte, and the most memory that a page process held."""
    from django.db import connection

    sender, receiver = speaks(office.units[0]), speaks(office.units[1])
    data, begun = secrets.token_hex(SIZE // 2).encode(), time.perf_counter()
    document, upload = office.draft(sender), _uploaded(sender, data)
    sender.post(f"/documents/{document}/attachments", {"upload": upload})
    office.bring(sender, document, office.sealer.sealed(body(0), 4))
    sent = sender.post(f"/documents/{document}/send", {"main": [{"unit": office.units[1].code}]})
    delivery = sent["recipients"][0]["delivery"]
    told = receiver.post(f"/deliveries/{delivery}/sign-for")
    receiver.ask("POST", f"/deliveries/{delivery}/read")
    _, arrived = receiver.ask("GET", f"/deliveries/{delivery}/attachments/{told['attachments'][0]['id']}")
    taken = time.perf_counter() - begun
    if hashlib.sha256(arrived).digest() != hashlib.sha256(data).digest():
        raise RuntimeError("the attachment arrived changed")
    name = f"100 MB attachment ({connection.vendor})"
    return [
        figure(f"{name}, with a cut", SIZE / 1024 / 1024 / taken, "MB/s", "best peer in Python", 100 / 48),
        figure(f"{name}: memory of a process", highest_mb(pages), "MB", "at most", ALLOWED_MB),
    ]


def _uploaded(sender: System, data: bytes) -> str:
    """The upload's id. In the middle the connection breaks off inside a part, and it goes on where the centre is."""
    headers, _ = sender.ask("POST", "/uploads/", Upload_Length=str(len(data)), Upload_Metadata=NAME)
    upload = str(headers["Location"]).rstrip("/").rpartition("/")[2]
    path, offset, broken = f"/uploads/{upload}/", 0, False
    while offset < len(data):
        if offset >= len(data) // 2 and not broken:
            broken = True
            _break_off(sender, path, offset, data[offset : offset + PART // 2])
        part, said = data[offset : offset + PART], {"Upload_Offset": str(offset)}
        try:
            headers, _ = sender.ask("PATCH", path, part, "application/offset+octet-stream", **said)
        except RuntimeError:  # what came of the part that broke off may have been kept: the centre says how far it is
            headers, _ = sender.ask("HEAD", path)
        offset = int(headers["Upload-Offset"])
    return upload


def _break_off(sender: System, path: str, offset: int, half: bytes) -> None:
    """Half of a part, and the line goes dead."""
    line = http.client.HTTPConnection("127.0.0.1", sender.port, timeout=10)
    line.putrequest("PATCH", f"/api/v1{path}")
    for name, value in sender.said("application/offset+octet-stream").items():
        line.putheader(name, value)
    line.putheader("Upload-Offset", str(offset))
    line.putheader("Content-Length", str(PART))
    line.endheaders()
    line.send(half)
    line.close()
