"""「谁能办什么」 and 「这个人能办什么」: who opens a permission, through which post, since when (P3)."""

import uuid
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from yichuan.common import clock
from yichuan.org.duties import ADMINISTRATORS, Duty, permissions_of
from yichuan.org.models import AccessChange, Post, Staff, Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import in_force, not_ended, opened_by
from yichuan.org.selectors.permission_words import Group, grouped
from yichuan.org.selectors.staff import for_the_centre
from yichuan.people.models import Account

HISTORY_SHOWN = 50
MOST_HOLDERS = 200


def holders(permission: str, unit: Unit | None = None) -> QuerySet[Post]:
    """The posts that open `permission` now, in this unit or anywhere; those given last come first.

    Anywhere it is the last `MOST_HOLDERS`, looked up duty by duty in an index: a province has clerks by the ten
    thousand, and nobody reads them as one list.
    """
    duties = [duty.value for duty in Duty if permission in permissions_of(duty)]
    ways = [Q(duty=duty) & (Q() if duty in ADMINISTRATORS else Q(permissions__isnull=True)) for duty in duties]
    ways.append(Q(permissions__isnull=False, own__contains=f'"{permission}"') & ~Q(duty__in=sorted(ADMINISTRATORS)))
    active = Post.objects.alias(own=Cast("permissions", TextField())).filter(account__is_active=True)
    found = in_force(active).order_by("-since", "-id")
    if unit is not None:
        found = found.filter(Q(unit=unit) | Q(unit=None), reduce(or_, ways))
    else:
        latest = [row for way in ways for row in found.filter(way).values_list("since", "pk")[:MOST_HOLDERS]]
        found = found.filter(pk__in=[pk for _, pk in sorted(latest, reverse=True)[:MOST_HOLDERS]])
    return found.select_related("account", "unit", "office", "stands_in_for__account")


@dataclass
class PostOpens:
    """A post with what it opens, in groups; whether the reader may ask for another or none is the page's to say."""

    post: Post
    groups: list[Group]
    own: bool
    may_ask: bool = False


def posts_with_permissions(staff: Staff, unit: Unit | None) -> list[PostOpens]:
    """The posts the person holds or will hold; with `unit`, those there only."""
    posts = not_ended(Post.objects.filter(account_id=staff.pk)).order_by("since", "id")
    if unit is not None:
        posts = posts.filter(unit=unit)
    near = posts.select_related("unit", "office", "stands_in_for__account")
    return [PostOpens(post, grouped(opened_by(post)), post.permissions is not None) for post in near]


def ended_posts(staff: Staff, unit: Unit | None) -> QuerySet[Post]:
    """The posts the person held, the last first."""
    posts = Post.objects.filter(account_id=staff.pk, until__lte=clock.now())
    if unit is not None:
        posts = posts.filter(unit=unit)
    return posts.select_related("unit", "office", "stands_in_for__account").order_by("-until")[:HISTORY_SHOWN]


def changes_about(staff: Staff, unit: Unit | None) -> QuerySet[AccessChange]:
    """What was asked for about the person, the newest first."""
    found = AccessChange.objects.filter(account_id=staff.pk)
    if unit is not None:
        found = found.filter(unit=unit)
    near = found.select_related("account__staff", "unit", "office", "post", "requested_by", "reviewed_by")
    return near.order_by("-requested_at", "-id")[:HISTORY_SHOWN]


def visible_staff(actor: Account, account_id: uuid.UUID, unit: Unit | None) -> Staff | None:
    """The person, for the centre's people; for a unit's administrator, if they belong to it or hold a post there."""
    staff = Staff.objects.select_related("account", "unit", "office").filter(pk=account_id).first()
    if staff is None or for_the_centre(actor, OrgPermission.SEE_ACCESS):
        return staff
    if unit is None or not actor.has_perm(OrgPermission.SEE_ACCESS, unit):
        return None
    here = staff.unit_id == unit.pk or Post.objects.filter(account_id=account_id, unit=unit).exists()
    return staff if here else None
