"""A centre served by its real page processes, its office systems, and bodies that the sending unit's seal signed."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yichuan.lib.gm.sm2 import PrivateKey
    from yichuan.org.models import Unit
    from yichuan.seals.models import Seal

JSON, BYTES = "application/json", "application/octet-stream"
TICK = os.sysconf("SC_CLK_TCK")
SENDERS, RECEIVERS = 4, 24
"""So many units seal with a seal of their own; so many after the first have office systems."""


class System:
    """An office system with its token; each thread that speaks for it has a connection of its own, kept open."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self._token, self._mine = port, token, local()

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = JSON, **headers: str) -> Any:
        """The answer's headers and bytes. Raises RuntimeError where it is a refusal."""
        if not hasattr(self._mine, "line"):
            self._mine.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        said = self.said(kind) | {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            said["Idempotency-Key"] = uuid.uuid4().hex
        self._mine.line.request(method, f"/api/v1{path}", body, said)
        answer = self._mine.line.getresponse()
        data = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:400].decode()}")
        return answer.headers, data

    def said(self, kind: str) -> dict[str, str]:
        """The headers that every request bears."""
        return {"Authorization": f"Bearer {self._token}", "Content-Type": kind}

    def get(self, path: str) -> Any:
        """What there is, as JSON."""
        return json.loads(self.ask("GET", path)[1])

    def post(self, path: str, body: object = None) -> Any:
        """Do something; its answer as JSON."""
        return json.loads(self.ask("POST", path, json.dumps(body).encode() if body is not None else b"")[1])

    def cut(self) -> None:
        """Let this thread's connection break off."""
        if hasattr(self._mine, "line"):
            self._mine.line.close()


@dataclass
class Sealer:
    """The sending unit's seal on its own carrier: the key is here, not in the centre."""

    seal: Seal
    key: PrivateKey

    def sealed(self, body: bytes, last_page: int) -> bytes:
        """The body with the seal on its last page, as the unit's office system seals."""
        from yichuan.common import clock
        from yichuan.seals.places import Place
        from yichuan.seals.services.use_bytes import to_sign

        waiting = to_sign(self.seal, body, [Place(last_page, 140, 200)], clock.now())
        return waiting.attach(self.key.sign(waiting.message)).data


@dataclass
class Office:
    """An opened centre: its units, the seals of those that send, and who speaks for which unit."""

    units: list[Unit]
    sealers: list[Sealer]
    clients: dict[uuid.UUID, tuple[uuid.UUID, str]]
    numbers: Iterator[int]

    @property
    def sealer(self) -> Sealer:
        """The first unit's."""
        return self.sealers[0]

    def draft(self, sender: System) -> str:
        """A new draft's id."""
        return str(sender.post("/documents", self._fields())["id"])

    def _fields(self) -> dict[str, Any]:
        return {"title": "关于反馈电子公文交换系统应用情况的通知", "number": f"江府办〔2026〕{next(self.numbers)}号"}

    def bring(self, sender: System, document: str, body: bytes) -> None:
        """The sealed body of a draft, which then waits to be sent."""
        sender.ask("POST", f"/documents/{document}/sealed-body?name=a.ofd", body, BYTES)

    def send_at_once(self, sender: System, body: bytes, to: dict[str, Any]) -> Any:
        """Send a sealed body by one request; its tracking board."""
        said = self._fields() | to
        parts = (
            ('name="dispatch"', JSON, json.dumps(said).encode()),
            ('name="file"; filename="a.ofd"', "application/ofd", body),
        )
        boundary = uuid.uuid4().hex
        pieces: list[bytes] = []
        for named, kind, data in parts:
            head = f"--{boundary}\r\nContent-Disposition: form-data; {named}\r\nContent-Type: {kind}\r\n\r\n"
            pieces += [head.encode(), data, b"\r\n"]
        whole = b"".join((*pieces, f"--{boundary}--\r\n".encode()))
        return json.loads(sender.ask("POST", "/dispatches", whole, f"multipart/form-data; boundary={boundary}")[1])

    def ready(self, sender: System, body: bytes) -> str:
        """A document that waits to be sent."""
        document = self.draft(sender)
        self.bring(sender, document, body)
        return document


def opened() -> Office:
    """Open a centre with the founding document's 93 units; the sender and the first receivers have office systems."""
    from yichuan.common.transactions import command
    from yichuan.demo.units import planned_units
    from yichuan.interface.services.register_client import register_client
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.services.register_unit import register_unit

    open_centre("江门市")
    with command():
        units = [register_unit(entry) for entry in planned_units()]
    clients = {}
    for unit in units[: 1 + RECEIVERS]:
        client, secret = register_client(actor=None, name="办公系统", unit=unit)
        clients[unit.pk] = (client.pk, secret)
    return Office(units, [_sealer(unit) for unit in units[:SENDERS]], clients, iter(range(100, 100_000)))


def _sealer(unit: Unit) -> Sealer:
    from datetime import timedelta

    from yichuan.common import clock
    from yichuan.common.transactions import command
    from yichuan.lib.gm.sm2 import PrivateKey
    from yichuan.lib.gongwen.imprint import draw_imprint
    from yichuan.lib.gongwen.imprint_picture import seal_picture
    from yichuan.seals.kinds import Carrier, Part
    from yichuan.seals.models import Seal
    from yichuan.seals.services.issue import certify_part, draft_seal, signed_by_maker
    from yichuan.web.fonts import fonts

    key, at = PrivateKey.generate(), clock.now()
    seal = Seal(unit=unit, name=unit.name, diameter_mm=42, carrier=Carrier.FILE, issued_at=at)
    with command():
        signer = certify_part(
            actor=None, part=Part.SIGNING, seal_id=seal.pk, name=unit.name, organisation=unit.name,
            public_key=key.public, until=at + timedelta(days=365),
        )  # fmt: skip
        imprint = draw_imprint(unit.name, diameter_mm=42.0, font=fonts())
        seal.der = signed_by_maker(draft_seal(seal.pk, unit.name, seal_picture(imprint.ofd()), signer))
        seal.certificate = signer.der
        seal.save(force_insert=True)
    return Sealer(seal, key)


@contextmanager
def serving(office: Office, **settings: str) -> Iterator[tuple[Callable[[Unit], System], list[int]]]:
    """Serve the pages as `yichuan serve` does; who speaks for a unit, and the ids of the processes that serve."""
    from django.db import connection

    from yichuan.cli.supervisor import MEMORY, commands, end_with_parent
    from yichuan.interface.services.tokens import issue_token

    tokens = {
        unit: issue_token(client_id=client, secret=secret, address="127.0.0.1").token
        for unit, (client, secret) in office.clients.items()
    }
    connection.close()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = MEMORY | os.environ | {"DJANGO_SETTINGS_MODULE": "yichuan.config.settings"} | settings
    told = json.dumps({"pages": commands("127.0.0.1", port)["pages"]})
    keeper = [sys.executable, "-m", "yichuan.cli.keeper", told]
    served = subprocess.Popen(keeper, env=environment, start_new_session=True, preexec_fn=end_with_parent)
    try:
        systems = {unit: System(port, token) for unit, token in tokens.items()}
        _until_it_answers(systems[office.units[0].pk])
        pages = [page for granian in _children(served.pid) for page in _children(granian)]
        yield (lambda unit: systems[unit.pk]), pages
    finally:
        served.terminate()
        served.wait(20)


def _until_it_answers(system: System) -> None:
    for _ in range(300):
        try:
            system.get("/me")
        except OSError:
            system.cut()
            time.sleep(0.1)
        else:
            return
    sys.exit("the pages did not start")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def processor_seconds(pid: int) -> float:
    """What a process and its children, also those that ended, have used of the processor so far."""
    used = sum(_ticks(pid)) + sum(sum(_ticks(child)[:2]) for child in _children(pid))
    return used / TICK


def _ticks(pid: int) -> list[int]:
    """Its own in user and system mode, and those of its children that ended; noughts once it has ended itself."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return [0, 0, 0, 0]
    return [int(each) for each in fields[11:15]]


def parent_of(pid: int) -> int:
    """The process that started it."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[1])


def highest_mb(pids: Iterable[int]) -> float:
    """The most memory that one of these processes ever held at once, in MB."""
    lines = (Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in pids)
    return max(int(text.split("VmHWM:")[1].split()[0]) for text in lines) / 1024


def crowd(clients: int, works: list[Callable[[], object]]) -> float:
    """Seconds that so many clients at once need for all of it."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        for done in [threads.submit(work) for work in works]:
            done.result()
    return time.perf_counter() - begun
