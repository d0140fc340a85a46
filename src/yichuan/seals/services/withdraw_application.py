"""Withdrawing an application for a seal (撤回): by the unit, as long as it is not approved."""

import uuid

from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_access import locked
from yichuan.seals.services.said import said
from yichuan.seals.services.stepping import step


def withdraw_application(*, actor: Actor, application_id: uuid.UUID, words: str = "") -> SealApplication:
    """Take it back. A command."""
    words = said(words)
    with command():
        application, transition = locked(actor, application_id, "withdraw")
        step(application, transition, actor, words)
    return application
