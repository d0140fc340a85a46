"""Sending to 92 and to 1,000 units, beside the database's own durable commits on the same disk in the same run."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, figure, rate

if TYPE_CHECKING:
    from yichuan.org.models import Unit

SENDS, LARGE_SENDS = 12, 4
LARGE = 1_000


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        units, prepare, send_to = _story()
        commits = rate(_durable_commit())
        usual = _seconds(prepare, send_to, units[1:], SENDS)
        many = units[1:] + _further(LARGE + 1 - len(units))
        large = _seconds(prepare, send_to, many, LARGE_SENDS)
        on = connection.vendor
        connection.close()
    name = f"send to 92 ({on})"
    return [
        figure(name, 1 / usual, "sends/s", "durable commits", commits),
        figure(f"deliveries by {name}", 92 / usual, "deliveries/s", "durable commits", commits),
        Figure(f"send to {LARGE} ({on})", round(large, 3), "s", "at most", 2.0, round(large / 2.0, 4)),
    ]


def _seconds(
    prepare: Callable[[], object], send_to: Callable[[object, list[Unit]], object], units: list[Unit], times: int
) -> float:
    """How long one send takes; the documents are ready before."""
    waiting = [prepare() for _ in range(times)]
    begun = time.perf_counter()
    for document in waiting:
        send_to(document, units)
    return (time.perf_counter() - begun) / times


def _further(number: int) -> list[Unit]:
    """More units with a name and a box, without the certificates that sending never looks at."""
    from datetime import date

    from django.utils import timezone

    from yichuan.common.transactions import command
    from yichuan.org.models import Box, Unit, UnitName
    from yichuan.org.services.register_unit import make_box_keys

    names = [f"市直单位{each:04d}" for each in range(number)]
    units = [
        Unit(
            code=f"X{order:05d}",
            short_name=name,
            name=f"江门{name}",
            rank="department",
            batch=4,
            starts=date(2008, 8, 1),
            order=1_000 + order,
        )
        for order, name in enumerate(names)
    ]
    boxes = [Box(unit=unit, opened_at=timezone.now()) for unit in units]
    with command():
        Unit.objects.bulk_create(units)
        UnitName.objects.bulk_create(
            UnitName(unit=unit, name=unit.name, short_name=unit.short_name, valid_from=unit.starts) for unit in units
        )
        Box.objects.bulk_create(boxes)
        for box in boxes:
            make_box_keys(box)
    return units


def _durable_commit() -> Callable[[], object]:
    from django.utils import timezone

    from yichuan.common.models import Event

    return lambda: Event.objects.create(at=timezone.now(), kind="bench", unit_id=uuid.uuid4())


def _story() -> tuple[list[Unit], Callable[[], object], Callable[[object, list[Unit]], object]]:
    from benchmarks.papers import notice
    from yichuan.common.transactions import command
    from yichuan.compose.drafting.content import from_gongwen
    from yichuan.compose.models import Document
    from yichuan.compose.services.finish import finish
    from yichuan.compose.services.save import begin
    from yichuan.compose.services.seal import seal_document
    from yichuan.demo.units import planned_units
    from yichuan.exchange.models import Delivery
    from yichuan.exchange.services.send import Recipient, send
    from yichuan.lib.gongwen.imprint import draw_imprint
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.duties import Duty
    from yichuan.org.services.appoint import appoint
    from yichuan.org.services.register_unit import register_unit
    from yichuan.people.services.open_account import open_account
    from yichuan.seals.services.issue import issue_seal
    from yichuan.seals.services.use import Place
    from yichuan.web.fonts import fonts

    open_centre("江门市")
    imprint = draw_imprint("江门市人民政府办公室", diameter_mm=42.0, font=fonts())
    with command():
        units = [register_unit(entry) for entry in planned_units()]
        clerk = open_account(actor=None, username="clerk", name="文", password=uuid.uuid4().hex)
        custodian = open_account(actor=None, username="custodian", name="印", password=uuid.uuid4().hex)
        appoint(actor=None, account=clerk, unit=units[0], duty=Duty.CLERK)
        appoint(actor=None, account=custodian, unit=units[0], duty=Duty.CUSTODIAN)
        seal = issue_seal(actor=None, unit=units[0], imprint=imprint)
    numbers = iter(range(100, 10_000))

    def prepare() -> object:
        gongwen = notice(12).to_json() | {"doc_no": f"江府办〔2008〕{next(numbers)}号"}
        document = begin(actor=clerk, unit=units[0], fields=from_gongwen(gongwen, kind="通知"), original=gongwen)
        document = finish(actor=clerk, document_id=document.pk)
        return seal_document(
            actor=custodian, document_id=document.pk, seal_id=seal.pk, places=[Place(document.pages - 1, 140, 200)]
        )

    def send_to(document: object, receivers: list[Unit]) -> object:
        if not isinstance(document, Document):
            raise TypeError("a document is sent")
        recipients = [Recipient(unit.pk, Delivery.Role.MAIN, 3) for unit in receivers]
        return send(actor=clerk, document=document, recipients=recipients, idempotency_key=uuid.uuid4())

    return units, prepare, send_to
