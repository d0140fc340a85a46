"""Who stands in for whom, and for whom somebody may name a stand-in (U7, G-11)."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from yichuan.org.duties import Duty
from yichuan.org.models import Post, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk, in_force, not_ended
from yichuan.people.models import Account


def to_stand_in_for(account: Account, desk: Desk) -> QuerySet[Post]:
    """The posts at this desk for which the person names stand-ins: an office's receivers, or the whole unit's."""
    posts = in_force(Post.objects.filter(unit=desk.unit, stands_in_for=None))
    posts = posts.select_related("account", "unit", "office").order_by("office__order", "duty", "since")
    if account.has_perm(OrgPermission.APPOINT_STAND_IN, Desk(desk.unit)):
        return posts.filter(duty__in=(Duty.RECEIVER, Duty.CLERK, Duty.OFFICE_HEAD))
    if desk.office and account.has_perm(OrgPermission.APPOINT_STAND_IN, desk):
        return posts.filter(duty=Duty.RECEIVER, office=desk.office)
    return posts.none()


def who_may_stand_in(desk: Desk) -> QuerySet[Staff]:
    """The people of the unit in use; whether one fits is the service's word."""
    found = Staff.objects.filter(unit=desk.unit, account__is_active=True).select_related("account", "office")
    return found.order_by("office__order", "pinyin")


def stand_ins_at(account: Account, desk: Desk | None) -> QuerySet[Post]:
    """The stand-ins of now and later that concern the person: as one of the two, or as who names them here."""
    concerned = Q(account=account) | Q(stands_in_for__account=account)
    if desk is not None:
        concerned |= Q(stands_in_for__in=to_stand_in_for(account, desk).values("pk"))
    found = not_ended(Post.objects.filter(concerned, stands_in_for__isnull=False))
    return found.select_related("account", "unit", "office", "stands_in_for__account").order_by("since", "id")


def standing_in(account: Account, since: datetime) -> QuerySet[Post]:
    """Where the person stands in for somebody, now or later, and began after `since`; not what was called off."""
    found = not_ended(Post.objects.filter(account=account, stands_in_for__isnull=False, since__gte=since))
    return (
        found.filter(Q(until=None) | Q(until__gt=F("since")))
        .select_related("unit", "office", "stands_in_for__account")
        .order_by("since", "id")
    )
