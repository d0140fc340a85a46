"""What waits on paper, as one line of 待办 for the receiver and one for the sender (J-28, D4)."""

from collections.abc import Iterator

from django.urls import reverse

from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_paper import awaited, paper_sent
from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.task import Task


def paper_tasks(user: Account, desk: Desk) -> Iterator[Task]:
    """For who records papers at this desk: what is to come, and what is to be posted or followed."""
    if not user.has_perm(ExchangePermission.RECORD_PAPER, desk):
        return
    coming = awaited(desk.unit_id, desk.office_id)
    first = coming.order_by("arrived_at", "id").first()
    if first is not None:
        yield Task(
            "纸质件",
            "files",
            first.dispatch.document.number or "",
            f"{coming.count()} 件来文的纸质件还没有登记收到",
            first.dispatch.sender_name,
            first.arrived_at,
            reverse("exchange:paper_in"),
        )
    if desk.office is not None or not user.has_perm(ExchangePermission.TRACK, desk):
        return
    sent = paper_sent(desk.unit_id)
    oldest = sent.order_by("sent_at").first()
    if oldest is not None:
        yield Task(
            "纸质件",
            "files",
            oldest.document.number or "",
            f"{sent.count()} 件发文的纸质件没有寄出，或者对方没有登记收到",
            "",
            oldest.sent_at,
            reverse("exchange:paper_out"),
        )
