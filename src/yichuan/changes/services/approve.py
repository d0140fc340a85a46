"""Approving (审批): the supervising office decides (J-8)."""

import uuid

from yichuan.changes.models import Application
from yichuan.changes.services.parties import locked
from yichuan.changes.services.stepping import said, step
from yichuan.common.errors import NotAllowed
from yichuan.common.transactions import command
from yichuan.people.models import Account


def approve(*, actor: Account, application_id: uuid.UUID, words: str) -> Application:
    """Approve it, with the office's opinion. A command. Nobody approves what they accepted or asked for themselves."""
    words = said(words, needed="没有批准：请写审批意见。")
    with command():
        application, transition = locked(actor, application_id, "approve")
        if application.steps.filter(by=actor, verb__in=("submit", "accept")).exists():
            raise NotAllowed("own_work", "这份申请由你本人提出或受理，要由主管单位的另一位审批人审批。")
        step(application, transition, actor, words)
    return application
