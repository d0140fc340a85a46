"""待办: what waits for one person, room by room, in the order in which it should be done."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.text import Truncator

from yichuan.common import clock, profile
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of, to_seal, with_hand_backs
from yichuan.compose.states import DocumentState
from yichuan.exchange.half_days import deadlines
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import returned_to, unsigned
from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.answer_tasks import answer_tasks
from yichuan.portal.chasing_tasks import chasing_tasks
from yichuan.portal.duty_tasks import duty_tasks
from yichuan.portal.notices import notices
from yichuan.portal.paper_tasks import paper_tasks
from yichuan.portal.seal_tasks import seal_tasks
from yichuan.portal.task import MOST_OF_A_KIND, Task
from yichuan.web.words import moment

LONGEST_NOTE = 36
_NEVER = datetime.max.replace(tzinfo=UTC)
IN_THE_MAKING = (
    (ComposePermission.SEAL, DocumentState.READY, "盖章", "patch-check", "compose:seal"),
    (ComposePermission.SEND, DocumentState.SEALED, "发送", "send", "exchange:send"),
    (ComposePermission.WRITE, DocumentState.DRAFT, "继续制作", "pencil-square", "compose:edit"),
)


def tasks_of(user: Account, desk: Desk | None) -> list[Task]:
    """Everything that waits for this person at this desk; the newest kinds of work last."""
    found: list[Task] = []
    if desk is not None:
        found += [*_arrived(user, desk), *chasing_tasks(user, desk), *_returned(user, desk), *answer_tasks(user, desk)]
        found += [*_in_the_making(user, desk), *paper_tasks(user, desk)]
    return [*found, *seal_tasks(user, desk), *duty_tasks(user, desk), *notices(user)]


def _arrived(user: Account, desk: Desk) -> Iterator[Task]:
    if not user.has_perm(ExchangePermission.SIGN_FOR, desk):
        return
    waiting = unsigned(desk.unit_id, desk.office_id)
    urgencies = profile.current().urgencies
    ordinary, rank = urgencies[0], {urgency: -place for place, urgency in enumerate(urgencies)}
    dated = zip(waiting, deadlines([each.arrived_at for each in waiting], clock.now()), strict=True)
    pressing = sorted(dated, key=lambda each: (each[1] or _NEVER, rank.get(each[0].dispatch.document.urgency, 0)))
    for delivery, due in pressing:
        dispatch = delivery.dispatch
        urgency = dispatch.document.urgency
        yield Task(
            "签收",
            "inbox",
            dispatch.document.number or "",
            dispatch.document.title,
            dispatch.sender_name,
            delivery.arrived_at,
            reverse("exchange:delivery", args=[delivery.pk]),
            new=True,
            due=due,
            mark="" if urgency == ordinary else urgency,
            note=f"{moment(delivery.urged_at)} 催办" if delivery.urged_at else "",
        )


def _returned(user: Account, desk: Desk) -> Iterator[Task]:
    if not user.has_perm(ComposePermission.SEND, desk):
        return
    for delivery in returned_to(desk.unit_id):
        document = delivery.dispatch.document
        yield Task(
            "处理退回",
            "arrow-return-left",
            document.number or "",
            document.title,
            delivery.addressee_name,
            delivery.returned_at or delivery.arrived_at,
            reverse("exchange:recipient", args=[delivery.dispatch_id, delivery.pk]),
        )


def _in_the_making(user: Account, desk: Desk) -> Iterator[Task]:
    for permission, state, verb, icon, route in IN_THE_MAKING:
        if not user.has_perm(permission, desk):
            continue
        found = to_seal(desk.unit_id) if state == DocumentState.READY else documents_of(desk.unit_id, state)
        for document in with_hand_backs(found)[:MOST_OF_A_KIND]:
            back, url = document.handed_back, reverse(route, args=[document.pk])
            number, who, at = document.number or "", document.author.name, document.changed_at
            note = Truncator(back.said).chars(LONGEST_NOTE) if back else ""
            yield Task(verb, icon, number, document.title, who, at, url, note=note)
