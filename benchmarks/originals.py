"""Numbered originals through the whole service: password, checks, verification seal's word, codes, file, count.

Each letter has five pages. One process on one core, and two on two; a print is one letter's or that of a morning's ten.
Opening the verification seal is slow on purpose (Argon2id, 19 MiB): it is asked once a print, whatever it holds. The
pages of a letter are drawn when a process first prints it, and kept: letters that nobody printed are measured apart.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from argon2 import low_level

from benchmarks.bodies import body
from benchmarks.measure import Figure, figure
from benchmarks.office import Office, opened

if TYPE_CHECKING:
    from yichuan.people.models import Account

ASKED = 25.0
ALLOWANCE = 99
PASSWORD = "Verify-words-1"
LETTERS = 10
PRINTS = {1: 12, 5: 5, 20: 3}
"""How many prints are made of so many copies each."""
TOGETHER = {1: 5, 2: 5}
"""How many prints are made of so many copies of each of ten letters."""
NEW = 12
"""How many letters are printed that nobody has printed before."""
CORES = 2


def figures() -> list[Figure]:
    """Originals a second beside the 25 asked for; processor time of one. Run in a throw-away home on SQLite."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        desk = _desk(opened())
        desk.all(1)
        gc.collect()
        gc.freeze()  # as a served process has what it loaded
        found = _timed("originals, 1 a print, of new letters", desk.new, 1, NEW)
        for copies, prints in PRINTS.items():
            found += _timed(f"originals, {copies} a print", partial(desk.one, copies), copies, prints)
        connection.close()
        found.append(_on_all_cores("originals, 1 a print", partial(desk.one, 1), 1, PRINTS[1]))
        for copies, prints in TOGETHER.items():
            name, originals = f"originals, {LETTERS} letters × {copies} a print", LETTERS * copies
            found += _timed(name, partial(desk.all, copies), originals, prints)
            connection.close()
            found.append(_on_all_cores(name, partial(desk.all, copies), originals, prints))
        connection.close()
    return found


def _timed(name: str, made: Callable[[], object], originals: int, prints: int) -> list[Figure]:
    begun, used = time.perf_counter(), time.process_time()
    for _ in range(prints):
        made()
    taken, used = time.perf_counter() - begun, time.process_time() - used
    each, opening = 1000 * used / (prints * originals), 1000 * _opening() / originals
    return [
        figure(name, prints * originals / taken, "/s", "asked for", ASKED),
        figure(f"{name}: processor", each, "ms", "opening the seal, ms", opening),
    ]


def _on_all_cores(name: str, made: Callable[[], object], originals: int, prints: int) -> Figure:
    """The same in a process a core, forked while no connection is open."""

    def work() -> None:
        for _ in range(prints):
            made()

    forked = multiprocessing.get_context("fork")
    workers = [forked.Process(target=work) for _ in range(CORES)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a process that printed did not come to its end")
    done = CORES * prints * originals
    return figure(f"{name}, {CORES} cores", done / (time.perf_counter() - begun), "/s", "asked for", ASKED)


def _opening() -> float:
    """Processor seconds of one password."""
    used = time.process_time()
    low_level.hash_secret_raw(
        b"a password", bytes(16), time_cost=2, memory_cost=19456, parallelism=1, hash_len=16, type=low_level.Type.ID
    )
    return time.process_time() - used


class _Desk(NamedTuple):
    """Prints by the holder of the receiver's verification seal: so many copies of one of ten letters in turn, or
    of each of them; one of a letter that nobody has printed."""

    one: Callable[[int], object]
    all: Callable[[int], object]
    new: Callable[[], object]


def _desk(office: Office) -> _Desk:
    from yichuan.exchange.services.print_original import print_original
    from yichuan.exchange.services.print_several import print_several

    holder = _holder(office)
    letters = [_letter(office, holder, number) for number in range(1, LETTERS + NEW + 1)]
    together, unprinted = letters[:LETTERS], iter(letters[LETTERS:])
    in_turn = cycle(together)

    def one(copies: int, letters: Iterator[uuid.UUID] = in_turn) -> object:
        return print_original(actor=holder, delivery_id=next(letters), copies=copies, password=PASSWORD)

    def all_of_them(copies: int) -> object:
        wanted = dict.fromkeys(together, copies)
        return print_several(actor=holder, wanted=wanted, request=uuid.uuid4(), password=PASSWORD)

    return _Desk(one, all_of_them, lambda: one(1, unprinted))


def _letter(office: Office, holder: Account, number: int) -> uuid.UUID:
    """One more letter that the holder has signed for."""
    from yichuan.compose.services.save import begin
    from yichuan.compose.services.take_sealed import take_sealed
    from yichuan.exchange.models import Delivery
    from yichuan.exchange.services.send import Recipient, send
    from yichuan.exchange.services.sign_for import sign_for
    from yichuan.interface.models import Client

    sender, receiver = office.units[0], office.units[1]
    writer = Client.objects.get(unit=sender).account
    fields = {
        "title": "关于反馈电子公文交换系统应用情况的通知",
        "number": f"江府办〔2026〕{number}号",
        "kind": "通知",
        "urgency": "平件",
    }
    draft = begin(actor=writer, unit=sender, fields=fields)
    sealed = office.sealer.sealed(body(number), 4)
    document = take_sealed(actor=writer, document_id=draft.pk, name="a.ofd", data=sealed)
    recipients = [Recipient(receiver.pk, Delivery.Role.MAIN, ALLOWANCE)]
    send(actor=writer, document=document, recipients=recipients, idempotency_key=uuid.uuid4())
    delivery = Delivery.objects.get(unit=receiver, dispatch__document=document)
    return sign_for(actor=holder, delivery_id=delivery.pk).pk


def _holder(office: Office) -> Account:
    """The receiver's clerk, with its verification seal in hand."""
    from django.utils import timezone

    from yichuan.common.transactions import command
    from yichuan.keys.services.texts import open_text
    from yichuan.lib.gongwen.imprint import draw_imprint
    from yichuan.org.duties import Duty
    from yichuan.org.services.appoint import appoint
    from yichuan.people.services.open_account import open_account
    from yichuan.seals.services.issue import issue_seal, password_context
    from yichuan.seals.services.shares import under_password_asked_often
    from yichuan.web.fonts import fonts

    unit = office.units[1]
    imprint = draw_imprint(unit.name, diameter_mm=42.0, font=fonts())
    with command():
        clerk = open_account(actor=None, username="clerk", name="文", password=uuid.uuid4().hex)
        appoint(actor=None, account=clerk, unit=unit, duty=Duty.CLERK)
        kept = issue_seal(actor=None, unit=unit, imprint=imprint, holder=clerk).verification
    context = password_context(kept.pk)
    secret = bytes.fromhex(open_text(bytes(kept.sealed_password), context))
    kept.sealed_password, kept.taken_at = under_password_asked_often(secret, PASSWORD, context), timezone.now()
    kept.save(update_fields=["sealed_password", "taken_at"])
    return clerk
