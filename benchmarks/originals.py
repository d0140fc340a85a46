"""Numbered originals through the whole service: password, checks, verification seal's word, codes, file, count.

One process on one core; the letter has five pages. Opening the verification seal is slow on purpose (scrypt, 64 MiB):
it is asked once a print, whatever the copies.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks.bodies import body
from benchmarks.measure import Figure, figure
from benchmarks.office import Office, opened

if TYPE_CHECKING:
    from yichuan.people.models import Account

ASKED = 25.0
ALLOWANCE = 99
PASSWORD = "Verify-words-1"
PRINTS = {1: 12, 5: 5, 20: 3}
"""How many prints are made of so many copies each."""


def figures() -> list[Figure]:
    """Originals a second beside the 25 asked for; processor time of one. Run in a throw-away home on SQLite."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        made = _prints(opened())
        made(1)
        found = [each for copies, prints in PRINTS.items() for each in _timed(made, copies, prints)]
        connection.close()
    return found


def _timed(made: Callable[[int], object], copies: int, prints: int) -> list[Figure]:
    begun, used = time.perf_counter(), time.process_time()
    for _ in range(prints):
        made(copies)
    taken, used = time.perf_counter() - begun, time.process_time() - used
    name, all_of_it = f"originals, {copies} a print", prints * copies
    return [
        figure(name, all_of_it / taken, "/s", "asked for", ASKED),
        figure(f"{name}: processor", 1000 * used / all_of_it, "ms", "opening the seal, ms", 1000 * _opening() / copies),
    ]


def _opening() -> float:
    """Processor seconds of one password."""
    used = time.process_time()
    hashlib.scrypt(b"a password", salt=bytes(16), n=2**16, r=8, p=1, maxmem=2**27, dklen=16)
    return time.process_time() - used


def _prints(office: Office) -> Callable[[int], object]:
    """Prints of one letter by the holder of the receiver's verification seal."""
    from yichuan.compose.services.save import begin
    from yichuan.compose.services.take_sealed import take_sealed
    from yichuan.exchange.models import Delivery
    from yichuan.exchange.services.print_original import print_original
    from yichuan.exchange.services.send import Recipient, send
    from yichuan.exchange.services.sign_for import sign_for
    from yichuan.interface.models import Client

    sender, receiver = office.units[0], office.units[1]
    writer = Client.objects.get(unit=sender).account
    fields = {
        "title": "关于反馈电子公文交换系统应用情况的通知",
        "number": "江府办〔2026〕7号",
        "kind": "通知",
        "urgency": "平件",
    }
    draft = begin(actor=writer, unit=sender, fields=fields)
    sealed = office.sealer.sealed(body(1), 4)
    document = take_sealed(actor=writer, document_id=draft.pk, name="a.ofd", data=sealed)
    recipients = [Recipient(receiver.pk, Delivery.Role.MAIN, ALLOWANCE)]
    send(actor=writer, document=document, recipients=recipients, idempotency_key=uuid.uuid4())
    holder, delivery = _holder(office), Delivery.objects.get(unit=receiver)
    sign_for(actor=holder, delivery_id=delivery.pk)
    return lambda copies: print_original(actor=holder, delivery_id=delivery.pk, copies=copies, password=PASSWORD)


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
    from yichuan.seals.services.shares import under_password
    from yichuan.web.fonts import fonts

    unit = office.units[1]
    imprint = draw_imprint(unit.name, diameter_mm=42.0, font=fonts())
    with command():
        clerk = open_account(actor=None, username="clerk", name="文", password=uuid.uuid4().hex)
        appoint(actor=None, account=clerk, unit=unit, duty=Duty.CLERK)
        kept = issue_seal(actor=None, unit=unit, imprint=imprint, holder=clerk).verification
    context = password_context(kept.pk)
    secret = bytes.fromhex(open_text(bytes(kept.sealed_password), context))
    kept.sealed_password, kept.taken_at = under_password(secret, PASSWORD, context), timezone.now()
    kept.save(update_fields=["sealed_password", "taken_at"])
    return clerk
