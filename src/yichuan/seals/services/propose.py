"""Proposing (提出): the application gets its number, once, and waits for the head's signature (J-21)."""

import uuid

from django.utils import timezone

from yichuan.common import clock
from yichuan.common.models import Centre
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.org.models import CentreRole
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_access import locked
from yichuan.seals.services.application_facts import check_alone, check_facts, require_papers
from yichuan.seals.services.parties import centre_unit
from yichuan.seals.services.said import said
from yichuan.seals.services.stepping import step
from yichuan.seals.wish import wish_of


def propose(*, actor: Actor, application_id: uuid.UUID, words: str = "") -> SealApplication:
    """Put it before the unit's head, for the first time or after a correction. A command."""
    words = said(words)
    with command():
        application, transition = locked(actor, application_id, "propose")
        centre_unit(CentreRole.Role.SUPERVISING)  # somebody must be there to approve it
        check_facts(application.unit, wish_of(application))
        require_papers(application)
        check_alone(application)
        give_number(application)
        step(application, transition, actor, words)
    return application


def give_number(application: SealApplication) -> None:
    """江印申〔2026〕1号: the next of the year, unless it has one; none is left out where the transaction holds. A step.

    The centre's row is locked meanwhile; numbers are never given back, so that their count is the last of them.
    """
    require_transaction()
    if application.number:
        return
    centre = Centre.objects.select_for_update().get()
    series = f"{centre.name[:1]}印申〔{timezone.localdate(clock.now()).year}〕"
    given = SealApplication.objects.filter(number__startswith=series).count()
    application.number = f"{series}{given + 1}号"
