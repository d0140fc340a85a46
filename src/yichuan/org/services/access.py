"""Asking for a change of access, and noting one that was made at once (P4, G-7)."""

from collections.abc import Iterable
from typing import Any

from yichuan.audit.models import Entry
from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.org.models import AccessChange, HandOver, Office, Post, Unit
from yichuan.org.services.access_rules import check_asker, check_fit
from yichuan.org.services.filing import file
from yichuan.org.states import ChangeState
from yichuan.people.models import Account

Kind = AccessChange.Kind
SAME = ("kind", "account_id", "unit_id", "office_id", "duty", "post_id", "hand_over_id")
AT_ONCE = frozenset((Kind.STAND_IN, Kind.SUSPEND, Kind.UNLOCK, Kind.RESET))
ON_REVIEW = frozenset((Kind.APPOINT, Kind.DISMISS, Kind.ADJUST, Kind.HAND_OVER, Kind.RESUME))


def request_change(
    *,
    actor: Actor | None,
    kind: str,
    account: Account,
    unit: Unit | None = None,
    office: Office | None = None,
    duty: str = "",
    permissions: Iterable[str] | None = None,
    post: Post | None = None,
    reason: str,
    hand_over: HandOver | None = None,
) -> AccessChange:
    """Ask for a change; it takes effect when the auditor has reviewed it (`review_access`). A step.

    With `post` (dismissal, adjustment) the unit, office and duty are the post's. `permissions` None is the duty's
    template. `actor` is None where the centre itself asks, because an application that others approved says so.
    """
    if kind not in ON_REVIEW:
        raise ValueError(f"{kind} is not asked for by request_change")
    if post is not None:
        account, unit, office, duty = post.account, post.unit, post.office, post.duty
    requests = Requests(actor, [account])
    change = requests.add(
        kind=kind,
        account=account,
        unit=unit,
        office=office,
        duty=duty,
        permissions=None if permissions is None else sorted(set(permissions)),
        post=post,
        hand_over=hand_over,
        reason=said(reason),
        requested_by_id=hand_over.proposed_by_id if hand_over else actor.pk if actor else None,
    )
    requests.lay()
    return change


class Requests:
    """Requests about some people, who are locked and read once for all of them. Made, added to and laid in a step."""

    def __init__(self, actor: Actor | None, accounts: Iterable[Account]) -> None:
        require_transaction()
        concerned = [account.pk for account in accounts]
        people = Account.objects.select_for_update().filter(pk__in=concerned)  # one request after the other
        self._people = {each.pk: each for each in people.order_by("pk").prefetch_related("staff", "posts")}
        waiting = AccessChange.objects.filter(account__in=concerned, state=ChangeState.WAITING)
        self._waiting = set(waiting.values_list(*SAME))
        self._actor = actor
        self._changes: list[AccessChange] = []

    def add(self, *, account: Account, **asked: Any) -> AccessChange:
        """Look at one request. Raises `Refused`; the others are none the worse for it."""
        change = AccessChange(account=self._people[account.pk], **asked)
        change.requested_at, change.state = clock.now(), ChangeState.WAITING
        check_asker(self._actor, change)
        check_fit(change)
        mark = tuple(getattr(change, field) for field in SAME)
        if mark in self._waiting:
            raise Refused("asked_already", "同样的变更已经申请过，正在等审计员审核。要改内容，请先撤回那一份。")
        self._waiting.add(mark)
        self._changes.append(change)
        return change

    def lay(self) -> None:
        """Lay what was added before the auditor."""
        AccessChange.objects.bulk_create(self._changes)
        record_all(_entry("org.request_change", self._actor, change) for change in self._changes)
        self._changes = []


def ask_for_change(*, actor: Actor, **given: Any) -> AccessChange:
    """The same as a command, for a page of its own."""
    with command():
        return request_change(actor=actor, **given)


def note_at_once(
    *,
    actor: Actor | None,
    kind: str,
    account: Account,
    unit: Unit | None = None,
    post: Post | None = None,
    office: Office | None = None,
    reason: str,
) -> AccessChange:
    """Lay before the auditor what was done at once, and file it (J-14). A step: the act itself is done by the caller.

    A stand-in names the stand-in's post in `post`.
    """
    require_transaction()
    if kind not in AT_ONCE:
        raise ValueError(f"{kind} does not act at once")
    change = AccessChange.objects.create(
        kind=kind,
        account=account,
        unit=unit or (post.unit if post else None),
        office=office or (post.office if post else None),
        duty=post.duty if post else "",
        post=post,
        at_once=True,
        reason=said(reason),
        requested_by_id=actor.pk if actor else None,
        requested_at=clock.now(),
        state=ChangeState.WAITING,
    )
    record_all([_entry("org.note_at_once", actor, change)])
    if kind != Kind.STAND_IN:  # a stand-in's post was filed when it was made
        file(actor=actor, account=account, unit=change.unit, what=f"{Kind(kind).label}：{account.name}")
    return change


def said(reason: str, *, field: str = "reason", most: int = 200) -> str:
    """The reason as it is kept. Raises `Invalid` where there is none to read."""
    text = reason.strip()
    if not text:
        raise Invalid({field: "请写明事由。"})
    if len(text) > most:
        raise Invalid({field: f"太长了，最多 {most} 个字。"})
    if hides_something(text):
        raise Invalid({field: "里面有看不见的字符，请删掉重新输入。"})
    return text


def _entry(verb: str, actor: Actor | None, change: AccessChange) -> Entry:
    detail = {"kind": change.kind, "account": change.account.username, "duty": change.duty}
    return entry(verb=verb, actor=actor, unit_id=change.unit_id, subject=change, detail=detail)
