"""Withdrawing (撤回): by the applicant, as long as it is not approved."""

import uuid

from yichuan.changes.models import Application
from yichuan.changes.services.parties import locked
from yichuan.changes.services.stepping import said, step
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command


def withdraw(*, actor: Actor, application_id: uuid.UUID, words: str = "") -> Application:
    """Take it back. A command."""
    words = said(words)
    with command():
        application, transition = locked(actor, application_id, "withdraw")
        step(application, transition, actor, words)
    return application
