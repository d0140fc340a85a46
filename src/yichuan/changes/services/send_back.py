"""Sending back for correction (退回补正) and refusing (不予批准): each with words that the applicant reads."""

import uuid

from yichuan.changes.models import Application
from yichuan.changes.services.parties import locked
from yichuan.changes.services.stepping import said, step
from yichuan.changes.states import ApplicationState
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account


def send_back(*, actor: Account, application_id: uuid.UUID, words: str) -> Application:
    """Give it back to the applicant to be corrected. A command."""
    words = said(words, needed="没有退回：请写明要补正什么，申请单位会看到。")
    with command():
        application, transition = locked(actor, application_id, "send_back")
        if application.state == ApplicationState.CARRYING_OUT:
            raise Refused("carrying_out", "这份申请正在办理，不能退回。请等办理结束。")
        step(application, transition, actor, words)
    return application


def refuse(*, actor: Account, application_id: uuid.UUID, words: str) -> Application:
    """End it without approval. A command."""
    words = said(words, needed="没有办成：请写明不予批准的理由，申请单位会看到。")
    with command():
        application, transition = locked(actor, application_id, "refuse")
        step(application, transition, actor, words)
    return application
