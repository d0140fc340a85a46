"""Sending back for correction (退回补正) and refusing (不予批准): each with words that the unit reads."""

import uuid

from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.seals.models import SealApplication
from yichuan.seals.selectors_applications import in_ceremony
from yichuan.seals.services.application_access import locked
from yichuan.seals.services.said import said
from yichuan.seals.services.sign_application import unsign
from yichuan.seals.services.stepping import step


def send_back_application(*, actor: Actor, application_id: uuid.UUID, words: str) -> SealApplication:
    """Give it back to the unit to be corrected: the head's signature is void from now on. A command."""
    words = said(words, needed="没有退回：请写明要补正什么，申请单位会看到。")
    with command():
        application, transition = locked(actor, application_id, "send_back")
        if in_ceremony(application.pk):
            raise Refused("in_ceremony", "三方会签正在进行，不能退回。请先结束或者中止会签。")
        unsign(application)
        application.approved_by = None
        step(application, transition, actor, words)
    return application


def refuse_application(*, actor: Actor, application_id: uuid.UUID, words: str) -> SealApplication:
    """End it without approval. A command."""
    words = said(words, needed="没有办成：请写明不予批准的理由，申请单位会看到。")
    with command():
        application, transition = locked(actor, application_id, "refuse")
        step(application, transition, actor, words)
    return application
