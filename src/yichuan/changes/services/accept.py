"""Accepting (受理): the operator has looked at the papers and hands the application to the supervising office (J-8)."""

import uuid

from yichuan.changes.models import Application
from yichuan.changes.services.parties import locked
from yichuan.changes.services.stepping import said, step
from yichuan.common.errors import NotAllowed
from yichuan.common.transactions import command
from yichuan.people.models import Account


def accept(*, actor: Account, application_id: uuid.UUID, words: str) -> Application:
    """Accept it, with the operator's opinion. A command."""
    words = said(words, needed="没有受理：请写核对的意见。")
    with command():
        application, transition = locked(actor, application_id, "accept")
        own = application.written_by_id == actor.pk or application.steps.filter(by=actor, verb="submit").exists()
        if application.source == Application.Source.UNIT and own:
            raise NotAllowed("own_application", "这份申请是你本人提出的，请由承办单位的另一位经办人受理。")
        step(application, transition, actor, words)
    return application
