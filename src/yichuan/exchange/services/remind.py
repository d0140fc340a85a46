"""催签 (R8, G-20): each half day the desks that have not signed for what arrived are reminded, step by step."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.half_days import HalfDay, Step, halves_of, present
from yichuan.exchange.models import Reminder
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_chasing import Waiting, waiting_desks
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.selectors import in_force, opened_by

AT_ONCE = 300  # desks a transaction
Row = TypeVar("Row")


def remind() -> int:
    """Write every reminder that is due now and is not written yet, and tell whom it is for. Returns how many.

    Receiver, stand-in and leader are reminded while the half day lasts; at its end the supervising office is told.
    May run beside another ticker: a desk, a half day and a step make one reminder.
    """
    now = clock.now()
    half = present(now)
    if half is None:
        return 0
    made = 0
    for at, step in half.steps():
        if at <= now and (step == Step.SUPERVISOR) == (now >= half.end):
            made += _remind(half, step)
    return made


def settle_reminders() -> int:
    """Settle the reminders of desks that have signed for all they were reminded of. Returns how many."""
    open_ones = Reminder.objects.filter(settled_at=None)
    kinds = list(open_ones.order_by().values_list("day", "half").distinct())
    settled = 0
    for day, name in kinds:
        half = next(half for half in halves_of(day) if half.half == name)
        of_half = open_ones.filter(day=day, half=name)
        units = list(of_half.order_by().values_list("unit_id", flat=True).distinct())
        waiting = {desk.desk for desk in waiting_desks(half.asked, units)}
        done = [row for row in of_half if row.desk not in waiting]
        for rows in _portions(done):
            with command():
                settled += open_ones.filter(pk__in=[row.pk for row in rows]).update(settled_at=clock.now())
                publish("reminder_settled", {row.desk for row in rows} | {row.unit_id for row in rows})
    return settled


def _remind(half: HalfDay, step: Step) -> int:
    written = Reminder.objects.filter(day=half.day, half=half.half, step=step)
    known = set(written.values_list("desk", flat=True))
    desks = [desk for desk in waiting_desks(half.asked) if desk.desk not in known]
    return sum(_write(half, step, some) for some in _portions(desks))


def _portions(rows: list[Row]) -> Iterator[list[Row]]:
    return (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))


def _write(half: HalfDay, step: Step, desks: list[Waiting]) -> int:
    """One transaction of reminders: those that another ticker wrote meanwhile are its own. A command."""
    told = {desk.desk: _told(desk, step, posts) for desk, posts in _posts_of(desks, step)}
    rows = [
        Reminder(
            unit_id=desk.unit_id,
            office_id=desk.office_id,
            desk=desk.desk,
            day=half.day,
            half=half.half,
            step=step,
            waiting=desk.number,
            oldest_at=desk.oldest_at,
            told=[post.account.name for post in told[desk.desk]],
            sent_at=clock.now(),
        )
        for desk in desks
    ]
    with command():
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        own = list(Reminder.objects.filter(pk__in=[row.pk for row in rows]))
        record_all(
            entry(
                verb="exchange.remind",
                actor=None,
                unit_id=row.unit_id,
                subject=row,
                detail={"step": row.step, "count": row.waiting, "told": row.told},
            )
            for row in own
        )
        hear = {post.account_id for row in own for post in told[row.desk]}
        publish("reminder", hear | ({row.desk for row in own} if step != Step.SUPERVISOR else set()))
    return len(own)


def _posts_of(desks: Iterable[Waiting], step: Step) -> list[tuple[Waiting, list[Post]]]:
    """Each desk with the posts among which its step finds whom to tell."""
    held = in_force(Post.objects.filter(account__is_active=True)).select_related("account").order_by("since", "id")
    if step == Step.SUPERVISOR:
        posts = [
            post for post in held.filter(duty=Duty.SUPERVISOR) if ExchangePermission.SEE_OVERDUE in opened_by(post)
        ]
        return [(desk, posts) for desk in desks]
    by_unit: dict[uuid.UUID | None, list[Post]] = defaultdict(list)
    for post in held.filter(unit__in={desk.unit_id for desk in desks}).exclude(duty=Duty.OFFICE_SYSTEM):
        by_unit[post.unit_id].append(post)
    return [(desk, by_unit[desk.unit_id]) for desk in desks]


def _told(desk: Waiting, step: Step, posts: list[Post]) -> list[Post]:
    """Whom a step tells: each person once. Nobody where no stand-in is appointed; the reminder says so."""
    found: dict[uuid.UUID, Post] = {}
    for post in posts:
        if step == Step.SUPERVISOR or _is_told(desk, step, post):
            found.setdefault(post.account_id, post)
    return list(found.values())


def _is_told(desk: Waiting, step: Step, post: Post) -> bool:
    here = post.office_id == desk.office_id
    if step == Step.LEADER:  # an office's head, and the unit's leader
        return (post.duty == Duty.LEADER and post.office_id is None) or (here and post.duty == Duty.OFFICE_HEAD)
    stands_in = post.stands_in_for_id is not None
    return here and stands_in == (step == Step.STAND_IN) and ExchangePermission.SIGN_FOR in opened_by(post)
