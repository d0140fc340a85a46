"""A stand-in for a period (代岗, U7, G-11): in force at once, ended by itself, reviewed after by the auditor (P4)."""

import uuid
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import AccessChange, Post, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk, in_force, not_ended
from yichuan.org.selectors.qualification import lacking
from yichuan.org.services.access import note_at_once
from yichuan.org.services.appoint import appoint, name_of
from yichuan.org.services.dismiss import dismiss
from yichuan.people.models import Account

LONGEST = timedelta(days=90)
STOOD_FOR = frozenset((Duty.RECEIVER, Duty.CLERK, Duty.OFFICE_HEAD))
GONE = "没有这个岗位，或者不归你指定代岗。请回到代岗页面查看。"


def appoint_stand_in(
    *, actor: Account, post_id: uuid.UUID, account_id: uuid.UUID, since: date, until: date, reason: str
) -> Post:
    """Somebody of the unit stands in for the post's holder from the first to the last day. A command.

    By the office's head for its receivers, by the unit's administrator for receivers, heads and clerks. The keeper of
    a seal and administrators are not stood in for: those posts are handed over.
    """
    with command():
        Post.objects.select_for_update().filter(pk=post_id).first()
        post = _named_by(actor, post_id)
        begins, ends = _period(since, until)
        account = _fit(actor, post, account_id, begins, ends)
        made = appoint(
            actor=actor,
            account=account,
            unit=post.unit,
            office=post.office,
            duty=Duty(post.duty),
            permissions=post.permissions,
            since=begins,
            until=ends,
            stands_in_for=post,
        )
        note_at_once(actor=actor, kind=AccessChange.Kind.STAND_IN, account=account, post=made, reason=reason)
        publish("stand_in", [account.pk, post.account_id], subject_id=made.pk)
    return made


def end_stand_in(*, actor: Account, post_id: uuid.UUID) -> Post:
    """The stand-in ends now, before its day. A command; by whoever may name one, or by the one stood in for."""
    with command():
        Post.objects.select_for_update().filter(pk=post_id).first()
        made = Post.objects.select_related("account", "unit", "office", "stands_in_for").filter(pk=post_id).first()
        if made is None or made.stands_in_for is None:
            raise NotFound("no_stand_in", GONE)
        if actor.pk != made.stands_in_for.account_id and not may_name(actor, made):
            raise NotFound("no_stand_in", GONE)
        if made.until is None or made.until <= clock.now():
            raise Refused("ended", "这次代岗已经结束。")
        dismiss(actor=actor, post=made)
        publish("stand_in", [made.account_id, made.stands_in_for.account_id], subject_id=made.pk)
    return made


def may_name(actor: Actor, post: Post) -> bool:
    """Whether this person names who stands in for the post: its office's head, or the unit's administrator."""
    if post.unit is None or post.duty not in STOOD_FOR:
        return False
    if actor.has_perm(OrgPermission.APPOINT_STAND_IN, Desk(post.unit)):
        return True
    own = post.office is not None and post.duty == Duty.RECEIVER
    return own and actor.has_perm(OrgPermission.APPOINT_STAND_IN, Desk(post.unit, post.office))


def _named_by(actor: Account, post_id: uuid.UUID) -> Post:
    found = in_force(Post.objects.filter(pk=post_id, stands_in_for=None))
    post = found.select_related("account", "unit", "office").first()
    if post is None or not may_name(actor, post):
        raise NotFound("no_post", GONE)
    return post


def _period(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first day's beginning, or from now, to the end of the last day."""
    now = clock.now()
    today = timezone.localdate(now)
    if since < today:
        raise Invalid({"since": "开始日期已经过去，请填今天或以后。"})
    if until < since:
        raise Invalid({"until": "结束日期要在开始日期之后。"})
    if until - since >= LONGEST or since - today > LONGEST:
        raise Invalid({"until": f"代岗最长 {LONGEST.days} 天。时间更长的，请办理岗位交接。"})
    zone = timezone.get_current_timezone()
    begins = datetime.combine(since, time.min, zone)
    return max(begins, now), datetime.combine(until + timedelta(days=1), time.min, zone)


def _fit(actor: Account, post: Post, account_id: uuid.UUID, begins: datetime, ends: datetime) -> Account:
    """The person must be of the unit, qualify, be no administrator, and not hold the post in that time already."""
    staff = Staff.objects.select_related("account").filter(pk=account_id, unit=post.unit).first()
    if staff is None or not staff.account.is_active:
        raise Invalid({"account": "请选择本单位在用的人员。"})
    name = staff.account.name
    if staff.pk in (actor.pk, post.account_id):
        raise Invalid({"account": "代岗要指定另外一个人。"})
    if missing := lacking(staff, begins):
        raise Invalid({"account": f"{name}{missing}"})
    held = not_ended(Post.objects.filter(account_id=account_id))
    if held.filter(duty__in=[*ADMINISTRATORS, Duty.UNIT_ADMIN]).exists():
        raise Invalid({"account": f"{name}是管理员，不能代岗办文。"})
    same = Q(unit=post.unit, office=post.office, duty=post.duty, since__lt=ends)
    if held.filter(same).filter(Q(until=None) | Q(until__gt=begins)).exists():
        raise Invalid({"account": f"{name}这段时间已经在{name_of(post)}岗位上。"})
    others = Post.objects.filter(stands_in_for=post, since__lt=ends, until__gt=begins).select_related("account")
    other = others.first()
    if other is not None:
        raise Invalid({"since": f"这段时间已经指定{other.account.name}代岗，请先结束那一次。"})
    return staff.account
