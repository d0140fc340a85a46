"""Reading the staff of a unit: who is registered, in what state each account is, which posts they hold."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from yichuan.common import clock
from yichuan.common.labels import Labelled
from yichuan.common.permissions import Permission
from yichuan.org.duties import Duty
from yichuan.org.models import Post, Staff
from yichuan.org.selectors import in_force, opened_by, present_posts
from yichuan.people.models import Account


class AccountState(Labelled):
    """In what state an account is, as lists say it."""

    NORMAL = "normal", "正常"
    NEW = "new", "未首次登录"
    LOCKED = "locked", "锁定"
    SUSPENDED = "suspended", "停用"


def state_of(account: Account) -> AccountState:
    """The account's state; what keeps a person out comes first."""
    if not account.is_active:
        return AccountState.SUSPENDED
    if account.locked_until is not None and account.locked_until > clock.now():
        return AccountState.LOCKED
    return AccountState.NEW if account.last_login is None else AccountState.NORMAL


def staff_of(unit_id: uuid.UUID, *, text: str = "", state: str = "") -> QuerySet[Staff]:
    """The unit's staff by office and name; narrowed by part of name, pinyin, account or number, and by state."""
    found = (
        Staff.objects.filter(unit_id=unit_id)
        .select_related("account", "office", "unit")
        .order_by("office__order", "office__name", "pinyin", "account__username")
    )
    if text:
        letters = text.lower()
        spelled = Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
        number = Q(mobile__contains=text) | Q(phone__contains=text)
        found = found.filter(
            Q(account__name__contains=text) | Q(account__username__contains=letters) | spelled | number
        )
    return found.filter(_in_state(state)) if state else found


def _in_state(state: str) -> Q:
    suspended, locked = Q(account__is_active=False), Q(account__locked_until__gt=clock.now())
    new = Q(account__last_login=None)
    return {
        AccountState.SUSPENDED.value: suspended,
        AccountState.LOCKED.value: ~suspended & locked,
        AccountState.NEW.value: ~suspended & ~locked & new,
        AccountState.NORMAL.value: ~suspended & ~locked & ~new,
    }.get(state, Q())


def with_posts(rows: Iterable[Staff]) -> list[Staff]:
    """Set the state and the present posts of these people: those that a page shows."""
    people = list(rows)
    held: dict[uuid.UUID, list[Post]] = {}
    for post in in_force(Post.objects.filter(account__in=[person.pk for person in people])).select_related(
        "unit", "office", "stands_in_for__account"
    ):
        held.setdefault(post.account_id, []).append(post)
    for person in people:
        person.state = state_of(person.account)  # type: ignore[attr-defined]
        person.present = held.get(person.pk, [])  # type: ignore[attr-defined]
    return people


def for_the_centre(account: Account, permission: Permission) -> bool:
    """Whether a post of the centre itself opens this: it then reaches every unit."""
    return account.is_active and any(
        post.unit_id is None and permission in opened_by(post) for post in present_posts(account)
    )


def likely_same(unit_id: uuid.UUID, name: str, mobile: str) -> Staff | None:
    """Somebody of the same name who is registered already in this unit, or anywhere under the same mobile number."""
    same = Q(unit_id=unit_id)
    if mobile:
        same |= Q(mobile=mobile)
    return Staff.objects.filter(same, account__name=name).select_related("account", "unit").first()


def unit_administrators(text: str = "") -> QuerySet[Staff]:
    """Everybody who administers a unit, for whoever looks after them."""
    posts = in_force(Post.objects.filter(duty=Duty.UNIT_ADMIN))
    found = Staff.objects.filter(account__in=posts.values("account")).select_related("account", "office", "unit")
    if text:
        named = Q(account__name__contains=text) | Q(account__username__contains=text.lower())
        found = found.filter(named | Q(unit__short_name__contains=text) | Q(unit__name__contains=text))
    return found.order_by("unit__order", "account__username")
