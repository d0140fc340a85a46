"""Printing originals in tests: a unit's verification seal in its clerk's hands, and prints made with it."""

from __future__ import annotations

import threading
import uuid

from support.world import imprint
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services import print_original as service
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.print_word import say, sign_word
from yichuan.keys.services.texts import open_text
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal, VerificationSeal
from yichuan.seals.services.issue import issue_seal, password_context
from yichuan.seals.services.shares import from_password, under_password_asked_often

WORDS = "Verify-words-1"
_one_by_one = threading.Lock()


def hold(unit: Unit, holder: Account) -> VerificationSeal:
    """The unit's verification seal, held by this person and taken over with WORDS; made where the unit has no seal."""
    with _one_by_one, command():
        seal = Seal.objects.filter(unit=unit, state=SealState.IN_USE).first()
        seal = seal or issue_seal(actor=None, unit=unit, imprint=imprint(), holder=holder)
    kept = seal.verification
    if kept.holder_id != holder.pk or kept.taken_at is None:
        kept.holder = holder
        kept.save(update_fields=["holder"])
    if kept.taken_at is None:
        context = password_context(kept.pk)
        secret = bytes.fromhex(open_text(bytes(kept.sealed_password), context))
        kept.sealed_password, kept.taken_at = under_password_asked_often(secret, WORDS, context), clock.now()
        kept.save(update_fields=["sealed_password", "taken_at"])
    return kept


def print_original(
    *, actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID | None = None
) -> service.PrintFile:
    """The service, for one who holds their unit's verification seal, from now on if not before."""
    hold(Delivery.objects.get(pk=delivery_id).unit, actor)
    return service.print_original(actor=actor, delivery_id=delivery_id, copies=copies, request=request, password=WORDS)


def issued(delivery: Delivery, holder: Account, number: int = 1) -> PrintedCopy:
    """A copy on record as if it had been printed, without the drawing of it."""
    kept, at = hold(delivery.unit, holder), clock.now()
    copy = PrintedCopy(
        delivery=delivery,
        unit=delivery.unit,
        number=number,
        printed_by=holder,
        reserved_at=at,
        issued_at=at,
        state=PrintedCopy.State.ISSUED,
        verification=kept,
    )
    secret = from_password(bytes(kept.sealed_password), WORDS, password_context(kept.pk))
    copy.verified = sign_word(say(delivery, [copy], check_delivery(delivery), kept, holder, at), kept, secret)
    copy.save(force_insert=True)
    return copy
