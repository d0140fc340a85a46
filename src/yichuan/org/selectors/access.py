"""Changes of access as pages show them: what would change, in plain words, and what speaks for it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from yichuan.common import clock
from yichuan.org.duties import ADMINISTRATORS, OPERATING_DUTIES, SUPERVISING_DUTIES, Duty, permissions_of
from yichuan.org.models import AccessChange, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import opened_by
from yichuan.org.selectors.permission_words import labels_of
from yichuan.org.selectors.qualification import lacking
from yichuan.org.selectors.staff import for_the_centre
from yichuan.org.states import ChangeState
from yichuan.people.models import Account

Kind = AccessChange.Kind
OF_THE_CENTRE = (*sorted(ADMINISTRATORS), *SUPERVISING_DUTIES, *OPERATING_DUTIES, Duty.UNIT_ADMIN)


@dataclass
class Described:
    """One change as a page shows it: what it opens and closes, and what is known of the person."""

    change: AccessChange
    headline: str
    opens: list[str] = field(default_factory=list)
    closes: list[str] = field(default_factory=list)
    by_template: bool = False
    facts: str = ""
    missing: str = ""

    @property
    def state(self) -> ChangeState:
        return ChangeState(self.change.state)

    @property
    def waits(self) -> bool:
        return self.change.state == ChangeState.WAITING


def changes_of(unit_id: uuid.UUID) -> QuerySet[AccessChange]:
    """The changes of one unit, the newest first."""
    return _all().filter(unit_id=unit_id)


def changes_of_the_centre() -> QuerySet[AccessChange]:
    """The changes of the centre's own posts and of the unit administrators', the newest first."""
    return _all().filter(Q(unit=None) | Q(duty__in=OF_THE_CENTRE))


def changes_to_review(*, at_once: bool | None = None) -> QuerySet[AccessChange]:
    """What waits for the auditor, the oldest first. An auditor's replacement is not theirs to review."""
    found = _all().filter(state=ChangeState.WAITING).exclude(kind=Kind.REPLACE_AUDITOR)
    if at_once is not None:
        found = found.filter(at_once=at_once)
    return found.order_by("requested_at", "id")


def changes_reviewed() -> QuerySet[AccessChange]:
    """What is done with, the newest first."""
    return _all().exclude(state=ChangeState.WAITING)


def refused_lately(account: Account, since: datetime) -> QuerySet[AccessChange]:
    """What this person asked for or did and the reviewer refused or objected to since then, the newest first."""
    found = _all().filter(requested_by=account, state=ChangeState.REFUSED, reviewed_at__gte=since)
    return found.order_by("-reviewed_at", "-id")


def replacements() -> QuerySet[AccessChange]:
    """Proposals of a new auditor, the newest first."""
    return _all().filter(kind=Kind.REPLACE_AUDITOR).prefetch_related("confirmations__account")


def visible_change(actor: Account, change_id: uuid.UUID) -> AccessChange | None:
    """The change, for the centre's people and for the administrator of its unit."""
    change = _all().filter(pk=change_id).first()
    if change is None or for_the_centre(actor, OrgPermission.SEE_ACCESS):
        return change
    return change if change.unit and actor.has_perm(OrgPermission.SEE_ACCESS, change.unit) else None


def _all() -> QuerySet[AccessChange]:
    near = ("account__staff__unit", "unit", "office", "post", "requested_by", "reviewed_by", "hand_over")
    return AccessChange.objects.select_related(*near).order_by("-requested_at", "-id")


def described(changes: Iterable[AccessChange]) -> list[Described]:
    """These changes in plain words."""
    return [_described(change) for change in changes]


def _described(change: AccessChange) -> Described:
    shown = Described(change, headline(change))
    if change.kind in (Kind.APPOINT, Kind.STAND_IN, Kind.REPLACE_AUDITOR):
        post = change.post if change.kind == Kind.STAND_IN else None
        wanted = opened_by(post) if post else _wanted(change)
        shown.opens, shown.by_template = labels_of(wanted), wanted == permissions_of(change.duty)
    elif change.kind == Kind.DISMISS and change.post:
        shown.closes = labels_of(opened_by(change.post))
    elif change.kind == Kind.ADJUST and change.post and change.state == ChangeState.WAITING:
        now, wanted = opened_by(change.post), _wanted(change)
        shown.opens, shown.closes = labels_of(wanted - now), labels_of(now - wanted)
    elif change.kind == Kind.ADJUST:
        shown.opens = labels_of(_wanted(change))
    staff = getattr(change.account, "staff", None)
    if isinstance(staff, Staff):
        shown.facts = facts_of(staff)
        shown.missing = lacking(staff, clock.now()) if change.kind in (Kind.APPOINT, Kind.REPLACE_AUDITOR) else ""
    return shown


def facts_of(staff: Staff) -> str:
    """Qualification in a line (P8)."""
    trained = f"{staff.trained_on} 上岗培训" if staff.trained_on else "没有上岗培训记录"
    note = f"（{staff.training_note}）" if staff.training_note else ""
    return f"{'在编' if staff.established else '不在编'}，{trained}{note}"


def headline(change: AccessChange) -> str:
    """What the change is, in one sentence."""
    name, where = change.account.name, change.unit.short_name if change.unit else "交换中心"
    place = f"{where}{change.office.name if change.office else ''}"
    post = f"{place}{next((duty.label for duty in Duty if duty == change.duty), '')}"
    return {
        Kind.APPOINT: f"任命{name}为{post}",
        Kind.DISMISS: f"免去{name}的{post}岗位",
        Kind.ADJUST: f"调整{name}的{post}岗位权限",
        Kind.HAND_OVER: f"{place}的岗位交接给{name}",
        Kind.STAND_IN: f"{name}代{post}",
        Kind.REPLACE_AUDITOR: f"由{name}接任系统审计员",
    }.get(Kind(change.kind), f"{Kind(change.kind).label}：{name}（{where}）")


def _wanted(change: AccessChange) -> frozenset[str]:
    return permissions_of(change.duty) if change.permissions is None else frozenset(change.permissions)
