"""Approving (审批, J-21): the supervising office decides, and asks again whether everything still holds."""

import uuid

from yichuan.common.errors import NotAllowed
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_access import locked
from yichuan.seals.services.application_facts import require_sound
from yichuan.seals.services.said import said
from yichuan.seals.services.sign_application import require_signed
from yichuan.seals.services.stepping import step


def approve_application(*, actor: Account, application_id: uuid.UUID, words: str) -> SealApplication:
    """Approve it, with the office's opinion. A command. Nobody approves what they asked for or signed themselves."""
    words = said(words, needed="没有批准：请写审批意见。")
    with command():
        application, transition = locked(actor, application_id, "approve")
        if application.steps.filter(by=actor, verb__in=("propose", "sign")).exists():
            raise NotAllowed("own_work", "这份申请由你本人提出或签字，要由主管单位的另一位审批人审批。")
        require_signed(application)
        require_sound(application)
        application.approved_by = actor
        step(application, transition, actor, words)
    return application
