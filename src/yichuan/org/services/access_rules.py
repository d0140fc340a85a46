"""Who may ask for which change of access, and for whom (P3, P4, J-14, G-6). Asked at the request and at the review."""

from collections.abc import Callable

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor, check
from yichuan.org.duties import (
    ADJUSTABLE_DUTIES,
    ADMINISTRATORS,
    OFFICE_DUTIES,
    OPERATING_DUTIES,
    SUPERVISING_DUTIES,
    Duty,
    adjustable,
)
from yichuan.org.models import AccessChange, CentreRole, Post, Staff
from yichuan.org.permissions import OrgPermission as May
from yichuan.org.selectors import not_ended, posts_not_ended
from yichuan.org.selectors.qualification import lacking

Kind = AccessChange.Kind
CENTRE_DUTIES = frozenset((*ADMINISTRATORS, *SUPERVISING_DUTIES, *OPERATING_DUTIES))
PARTS = {
    **dict.fromkeys(SUPERVISING_DUTIES, CentreRole.Role.SUPERVISING),
    **dict.fromkeys(OPERATING_DUTIES, CentreRole.Role.OPERATING),
}


def check_asker(actor: Actor | None, change: AccessChange) -> None:
    """Whether `actor` may ask for this. Raises `NotAllowed`."""
    if actor is None:
        return
    if change.hand_over is not None:
        parties = {change.hand_over.proposed_by_id, change.hand_over.giver_id, change.hand_over.taker_id}
        if actor.pk not in parties:
            raise NotAllowed("not_a_party", "只有交接的双方和提出人能送审这次交接。")
    elif change.kind == Kind.RESUME:
        check(actor, May.SUSPEND, _where(change))
    elif change.duty in CENTRE_DUTIES:
        _check_system_administrator(actor)
    elif change.duty == Duty.UNIT_ADMIN:
        if not actor.has_perm(May.REQUEST_CENTRE_ACCESS):
            check(actor, May.REQUEST_ACCESS, _where(change))
            if change.kind == Kind.APPOINT and change.account_id == actor.pk:
                raise NotAllowed("own_admin", "不能给自己申请单位系统管理员岗位，请由中心的系统管理员申请。")
    else:
        check(actor, May.REQUEST_ACCESS, _where(change))


def may_ask_about(actor: Actor, post: Post) -> bool:
    """Whether `actor` may ask to end or adjust this post."""
    if post.duty == Duty.AUDITOR or post.stands_in_for_id:
        return False
    try:
        check_asker(actor, AccessChange(kind=Kind.DISMISS, account=post.account, unit=post.unit, duty=post.duty))
    except NotAllowed:
        return False
    return True


def _where(change: AccessChange) -> object:
    """The whole unit, also for an office's post; the change itself where it belongs to the centre."""
    return change.unit or change


def _check_system_administrator(actor: Actor) -> None:
    if not actor.has_perm(May.REQUEST_CENTRE_ACCESS):
        raise NotAllowed("no_permission", f"你的岗位没有「{May.REQUEST_CENTRE_ACCESS.label}」的权限。")


def check_fit(change: AccessChange) -> None:
    """Whether the change may be made as things stand now. Raises `Refused`, or `Invalid` with the field."""
    FIT[change.kind](change)


def _fit_appointment(change: AccessChange) -> None:
    staff: Staff | None = getattr(change.account, "staff", None)
    if change.duty not in set(Duty):
        raise Invalid({"duty": "请选择岗位。"})
    if change.duty == Duty.AUDITOR:
        raise Refused("auditor_is_replaced", "系统审计员不能这样任命，请走「更换审计员」。")
    if change.duty == Duty.OFFICE_SYSTEM:
        raise Invalid({"duty": "办公系统接口不是人的岗位，不能任命或者交接给人，请联系承办单位登记或者停用接口。"})
    if staff is None:
        raise Invalid({"account": "这个人没有人员登记，请先登记人员。"})
    _check_place(change)
    check_person(staff, change)
    _check_permissions(change)


def _check_place(change: AccessChange) -> None:
    """The unit and the office must be those that the duty belongs to, and open."""
    unit, office = change.unit, change.office
    if change.duty in ADMINISTRATORS:
        if unit is not None or office is not None:
            raise Invalid({"duty": "三员是交换中心的岗位，不属于任何单位。"})
        return
    if unit is None or unit.closed_at is not None:
        raise Invalid({"unit": "请选择单位；已注销的单位不能再任命岗位。"})
    if change.duty in OFFICE_DUTIES:
        if office is None or office.unit_id != unit.pk or office.closed_at is not None:
            raise Invalid({"office": "这个岗位属于处室，请选择本单位的一个处室。"})
    elif office is not None:
        raise Invalid({"office": "这个岗位属于整个单位，不选处室。"})
    part = PARTS.get(Duty(change.duty))
    if part is not None and not CentreRole.objects.filter(role=part, unit=unit).exists():
        raise Invalid({"unit": f"{Duty(change.duty).label}只能设在{part.label}。"})


def check_person(staff: Staff, change: AccessChange) -> None:
    """The person must qualify (P8), belong there, and not mix administration with any other post (G-5)."""
    account = change.account
    if not account.is_active:
        raise Invalid({"account": f"{account.name}的账号已停用，不能任命。"})
    missing = lacking(staff, clock.now())
    if missing:
        raise Invalid({"account": f"{account.name}{missing}"})
    held = posts_not_ended(account)
    if change.duty in ADMINISTRATORS and held:
        raise Invalid({"account": f"{account.name}现在有别的岗位。三员不兼任任何岗位，请先免去或交接。"})
    if any(post.duty in ADMINISTRATORS for post in held):
        raise Invalid({"account": f"{account.name}是交换中心的三员之一，不兼任任何岗位。"})
    if change.duty not in ADMINISTRATORS and staff.unit_id not in (None, change.unit_id):
        raise Invalid({"account": f"{account.name}不是这个单位的人员。"})
    same = (post for post in held if (post.unit_id, post.office_id, post.duty) == _place(change))
    if any(post.until is None for post in same):
        raise Invalid({"account": f"{account.name}已经在这个岗位上了。"})


def _place(change: AccessChange) -> tuple[object, object, str]:
    return change.unit_id, change.office_id, change.duty


def _check_permissions(change: AccessChange) -> None:
    """A post may be given only what posts of a unit can have; an administrator's stays as the template says."""
    if change.permissions is None:
        return
    if change.duty not in ADJUSTABLE_DUTIES:
        raise Invalid({"permissions": "这个岗位的权限是规定好的，不能单独调整。"})
    if not change.permissions:
        raise Invalid({"permissions": "请至少勾选一项权限；什么都不给，请用「免去岗位」。"})
    if not adjustable(change.duty).issuperset(change.permissions):
        raise Invalid({"permissions": "勾选的权限里有这个岗位不能有的，请刷新页面重新勾选。"})


def _fit_dismissal(change: AccessChange) -> None:
    post = _post_that_holds(change)
    if post.duty == Duty.AUDITOR:
        raise Refused("auditor_is_replaced", "系统审计员不能这样免去，请走「更换审计员」。")
    others = not_ended(Post.objects.filter(duty=post.duty, unit=None)).exclude(pk=post.pk)
    if post.duty in ADMINISTRATORS and not others.exists():
        raise Refused("last_administrator", f"免去以后就没有{Duty(post.duty).label}了。请先任命接任的人。")


def _fit_adjustment(change: AccessChange) -> None:
    post = _post_that_holds(change)
    _check_permissions(change)
    if change.duty not in ADJUSTABLE_DUTIES:
        raise Invalid({"permissions": "这个岗位的权限是规定好的，不能单独调整。"})
    if post.permissions == change.permissions:
        raise Invalid({"permissions": "和现在的权限一样，没有要变更的。"})


def _post_that_holds(change: AccessChange) -> Post:
    """The post as it is now, locked."""
    held = not_ended(Post.objects.select_for_update().filter(account=change.account))
    post = next((post for post in held if post.pk == change.post_id), None)
    if post is None:
        raise Refused("post_ended", "这个岗位已经结束，不用再变更。")
    return post


def _fit_hand_over(change: AccessChange) -> None:
    hand_over = change.hand_over
    if hand_over is None or hand_over.given_at is None or hand_over.taken_at is None:
        raise Refused("not_both_confirmed", "交接要双方都确认以后才能送审。")


def _fit_resumption(change: AccessChange) -> None:
    if change.account.is_active:
        raise Refused("not_suspended", f"{change.account.name}的账号没有停用。")


FIT: dict[str, Callable[[AccessChange], None]] = {
    Kind.APPOINT: _fit_appointment,
    Kind.DISMISS: _fit_dismissal,
    Kind.ADJUST: _fit_adjustment,
    Kind.HAND_OVER: _fit_hand_over,
    Kind.RESUME: _fit_resumption,
}
