"""Printing originals in tests: a unit's verification seal in its clerk's hands, and prints made with it."""

from __future__ import annotations

import threading
import uuid

from support.world import imprint
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import print_original as service
from yichuan.keys.services.texts import open_text
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal, VerificationSeal
from yichuan.seals.services.issue import issue_seal, password_context
from yichuan.seals.services.shares import under_password

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
        kept.sealed_password, kept.taken_at = under_password(secret, WORDS, context), clock.now()
        kept.save(update_fields=["sealed_password", "taken_at"])
    return kept


def print_original(
    *, actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID | None = None
) -> service.PrintFile:
    """The service, for one who holds their unit's verification seal, from now on if not before."""
    hold(Delivery.objects.get(pk=delivery_id).unit, actor)
    return service.print_original(actor=actor, delivery_id=delivery_id, copies=copies, request=request, password=WORDS)
