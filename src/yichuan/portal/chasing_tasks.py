"""待办 of what nobody signs for: what one is reminded of, whom to urge, whom to telephone (R8, G-20)."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from yichuan.common import clock, profile
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.half_days import last_ended
from yichuan.exchange.models import Delivery, Dispatch, Reminder
from yichuan.exchange.overdue import late_now
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_chasing import (
    open_reminders,
    overdue_of_dispatches,
    to_telephone_offices,
    to_telephone_units,
)
from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.task import MOST_OF_A_KIND, Task

Step = Reminder.Step
OF_RECEIVERS = (Step.RECEIVER.value, Step.STAND_IN.value)


def chasing_tasks(user: Account, desk: Desk) -> Iterator[Task]:
    """What this person is reminded of, or reminds others of, at this desk; the most pressing first."""
    now = clock.now()
    yield from _calls(user, desk, now)
    yield from _reminders(user, desk)
    yield from _unsigned_by_others(user, desk, now)
    yield from _late_desks(user, desk, now)


def _calls(user: Account, desk: Desk, now: datetime) -> Iterator[Task]:
    """Urgent ones: of the unit's own offices, and of the registries it sent to."""
    if desk.office_id is not None or not user.has_perm(ExchangePermission.RECORD_CALL, desk):
        return
    for delivery in to_telephone_offices(desk.unit_id, now)[:MOST_OF_A_KIND]:
        yield _call(delivery, delivery.office.name if delivery.office else "")
    for delivery in to_telephone_units(desk.unit_id, now)[:MOST_OF_A_KIND]:
        yield _call(delivery, delivery.addressee_name)


def _call(delivery: Delivery, who: str) -> Task:
    document = delivery.dispatch.document
    return Task(
        "电话提醒",
        "telephone",
        document.number or "",
        document.title,
        f"{who}没有签收",
        delivery.arrived_at,
        reverse("exchange:call", args=[delivery.pk]),
        due=delivery.arrived_at + profile.current().hours.urgent,
        mark=document.urgency,
    )


def _reminders(user: Account, desk: Desk) -> Iterator[Task]:
    """Who signs is reminded of their own desk; a leader and an office's head of what others leave."""
    signs = user.has_perm(ExchangePermission.SIGN_FOR, desk)
    if not (signs or user.has_perm(ExchangePermission.SEE_INBOX, desk)):
        return
    steps = OF_RECEIVERS if signs else (Step.LEADER.value,)
    for reminder in open_reminders(desk.unit_id, steps=steps, office_id=desk.office_id):
        if signs and reminder.desk != (desk.office_id or desk.unit_id):
            continue
        where = reminder.office.name if reminder.office else "收发室"
        half = f"{reminder.day.month}月{reminder.day.day}日{reminder.get_half_display()}"
        title = f"{where}有 {reminder.waiting} 件公文应在{half}签收，还没有签收"
        url = f"{reverse('exchange:inbox')}?state=delivered" if signs else reverse("exchange:reminders")
        yield Task("催签", "bell", "", title, reminder.get_step_display(), reminder.sent_at, url, new=True)


def _unsigned_by_others(user: Account, desk: Desk, now: datetime) -> Iterator[Task]:
    """What the unit sent and recipients should have signed for by now."""
    if desk.office_id is not None or not user.has_perm(ComposePermission.SEND, desk):
        return
    late: list[tuple[uuid.UUID, int]] = overdue_of_dispatches(desk.unit_id, now)[:MOST_OF_A_KIND]
    found = Dispatch.objects.select_related("document").in_bulk([dispatch_id for dispatch_id, _ in late])
    for dispatch_id, number in late:
        dispatch = found[dispatch_id]
        document, url = dispatch.document, reverse("exchange:board", args=[dispatch_id])
        said = f"{number} 家超时"
        yield Task("催办", "bell", document.number or "", document.title, said, dispatch.sent_at, url)


def _late_desks(user: Account, desk: Desk, now: datetime) -> Iterator[Task]:
    """For who oversees the centre: one line for all desks that are late."""
    ended = last_ended(now)
    if ended is None or not user.has_perm(ExchangePermission.SEE_OVERDUE, desk):
        return
    rows = late_now(now)
    if rows:
        title = f"{rows[0].unit.short_name}等 {len(rows)} 个交换箱到{ended.label}结束时没有签收完"
        yield Task("逾期签收", "clock-history", "", title, "交换中心", ended.end, reverse("exchange:overdue"))
