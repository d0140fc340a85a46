"""The log: entries appended until they stand under a signed checkpoint, all of it verified, one entry proved.

Beside the database's own durable commits on the same disk, and beside SM3 alone over the same bytes on one core. Every
third of the entries to be verified is of a receipt, and the receipt lies in its table: it is held against the log too.
The entries to be verified come in through the same services, in large transactions, while on PostgreSQL the sequencer's
process puts them into the tree.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from benchmarks.measure import Figure, figure, rate

APPENDED, A_COMMAND = 40_000, 100
FILLED_AT_ONCE = 6_000
VERIFIED = int(os.environ.get("BENCH_LOG_ENTRIES", "1000000"))
PROOFS = 200
RECEIPTS = 3
"""Of so many entries one is of a receipt."""


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        from yichuan.audit.models import Head
        from yichuan.operations.services.open_centre import open_centre

        call_command("migrate", verbosity=0)
        open_centre("江门市")
        on, commits = connection.vendor, rate(_durable_commit)
        appended = APPENDED / _appending()
        filled, begun = -Head.objects.get().size, time.perf_counter()
        size = _fill()
        filled, filling = filled + size, time.perf_counter() - begun
        digesting, verified, proof = _digesting(size), _verifying(size), _proving(size)
        connection.close()
    floor = round(verified / digesting, 2)
    return [
        figure(f"log: append ({on})", appended, "entries/s", "durable commits", commits),
        figure(f"log: fill, with receipts ({on})", filled / filling, "entries/s", "durable commits", commits),
        Figure(
            f"log: verify {size} ({on})", round(verified, 2), "s", "SM3 of the same bytes", round(digesting, 2), floor
        ),
        Figure(f"log: inclusion proof ({on})", round(proof * 1000, 2), "ms", "at most", 5.0, round(proof * 200, 4)),
    ]


def _durable_commit() -> None:
    from django.utils import timezone

    from yichuan.common.models import Event

    Event.objects.create(at=timezone.now(), kind="bench", unit_id=uuid.uuid4())


def _appending() -> float:
    """Seconds from the first act to the signed checkpoint over the last. An act writes a hundred entries, as a send to
    92 units does."""
    from yichuan.audit.services.sequence import catch_up, sequence
    from yichuan.common.transactions import command

    begun = time.perf_counter()
    for _ in range(APPENDED // A_COMMAND):
        with command():
            _record(A_COMMAND)
        if _ % 50 == 49:
            sequence()
    catch_up()
    return time.perf_counter() - begun


def _record(number: int) -> None:
    from yichuan.audit.services.record import entry, record_all

    number_of = random.randrange(10_000)  # noqa: S311 - no secret
    detail = {"number": f"江府办〔2008〕{number_of}号", "title": "关于调整水质监测断面的通知", "copies": 3}
    record_all([entry(verb="exchange.sign_for", actor=None, detail=detail) for _ in range(number)])


def _fill() -> int:
    """Entries up to the wanted number, through the same services, with their receipts; how many there are then.

    SQLite has one writer at a time: there they are put into the tree when all are written.
    """
    from django.db import connection

    from yichuan.audit.models import Entry, Head
    from yichuan.audit.services.sequence import catch_up
    from yichuan.common.transactions import command

    with _sequencer() if connection.vendor == "postgresql" else nullcontext():
        for _ in range(Entry.objects.count(), VERIFIED, FILLED_AT_ONCE):
            with command():
                _record(FILLED_AT_ONCE - FILLED_AT_ONCE // RECEIPTS)
            with _unbound(), command():
                _receipts(FILLED_AT_ONCE // RECEIPTS)
    catch_up()
    return Head.objects.get().size


@contextmanager
def _sequencer() -> Iterator[None]:
    """The sequencer's process, as a centre runs it."""
    process = subprocess.Popen([sys.executable, "-m", "yichuan.operations.sequencer"])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _digesting(size: int) -> float:
    """Seconds SM3 alone takes over so many entries."""
    from yichuan.audit.canonical import leaf_bytes
    from yichuan.audit.models import Entry
    from yichuan.lib.gm.sm3 import sm3

    data = leaf_bytes(Entry.objects.latest("pk"))
    return size / rate(lambda: sm3(data))


def _receipts(number: int) -> None:
    """Receipts with their entries, as `sign_receipt` writes them, but for the deliveries and what the device signs."""
    from yichuan.audit.services.record import entry, record_all
    from yichuan.common import clock
    from yichuan.common.ids import new_id
    from yichuan.common.rows import insert_rows
    from yichuan.exchange.models import Receipt
    from yichuan.exchange.services.receipts import ENTRY, digests

    columns = ["id", "delivery_id", "kind", "at", "payload", "signature"]
    rows, entries = [], []
    for _ in range(number):
        delivery, signature = new_id(), random.randbytes(71)  # noqa: S311 - no secret
        said = {"receipt": "received", "delivery": str(delivery), "number": "江府办〔2008〕44号", "by": "王伟芳"}
        data = json.dumps(said | {"unit": "江门市环境保护局", "digest_sm3": "ab" * 32}, ensure_ascii=False).encode()
        made = Receipt(delivery_id=delivery, kind="received", at=clock.now(), payload=data, signature=signature)
        rows.append([getattr(made, column) for column in columns])
        detail = {"kind": "received", **digests(data, signature), "key_sm3": "cd" * 32}
        entries.append(entry(verb=ENTRY, actor=None, subject=made, detail=detail))
    insert_rows(Receipt, same={}, each=columns, rows=rows)
    record_all(entries)


@contextmanager
def _unbound() -> Iterator[None]:
    """Rows whose deliveries do not exist: here only the reading of them is measured."""
    from django.db import connection

    off, on = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        yield
        cursor.execute(on)


def _verifying(size: int) -> float:
    from yichuan.audit.services.verify_log import verify_log

    begun = time.perf_counter()
    verdict = verify_log(processes=2)
    if not verdict.good or verdict.size != size:
        raise RuntimeError(f"the log of this run is not good: {verdict.faults[:3]}")
    return time.perf_counter() - begun


def _proving(size: int) -> float:
    """Seconds one proof takes: entries here and there, nothing kept in memory between two."""
    from yichuan.audit.models import Leaf
    from yichuan.audit.selectors_tree import proof_of

    wanted = random.Random(7).sample(range(size), PROOFS)  # noqa: S311 - no secret
    entries = [leaf.entry for leaf in Leaf.objects.filter(index__in=wanted).select_related("entry")]
    begun = time.perf_counter()
    for each in entries:
        proof_of(each)
    return (time.perf_counter() - begun) / PROOFS
