"""Reading the forms of hand-overs (P5)."""

import uuid

from django.db.models import Q, QuerySet, UUIDField

from yichuan.org.models import HandOver, Post, Staff, Unit
from yichuan.org.selectors import in_force
from yichuan.people.models import Account
from yichuan.web.numbers import Question


def hand_overs_of(account: Account, unit: Unit | None) -> QuerySet[HandOver]:
    """The person's own forms and, with `unit`, all of the unit they administer; the latest first."""
    concerned = Q(giver=account) | Q(taker=account) | Q(proposed_by=account)
    if unit is not None:
        concerned |= Q(unit=unit)
    found = HandOver.objects.filter(concerned).select_related("unit", "giver", "taker", "proposed_by")
    return found.order_by("-proposed_at", "-id")


def to_confirm(account: Account | uuid.UUID) -> QuerySet[HandOver]:
    """The forms that wait for this person's word."""
    mine = Q(giver=account, given_at=None) | Q(taker=account, taken_at=None)
    found = HandOver.objects.filter(mine, state=HandOver.State.PROPOSED).select_related("unit", "giver", "taker")
    return found.order_by("proposed_at", "id")


to_confirm_number = Question(to_confirm, account=UUIDField())
"""How many these are: what every page asks."""


def posts_to_give(giver_id: uuid.UUID, unit: Unit | None) -> QuerySet[Post]:
    """The posts that the giver holds for as long as nobody ends them; of one unit, or of the centre."""
    held = in_force(Post.objects.filter(account_id=giver_id, unit=unit, until=None, stands_in_for=None))
    return held.select_related("unit", "office").order_by("since", "id")


def possible_takers(unit: Unit | None) -> QuerySet[Staff]:
    """The people of the same unit whose accounts are in use; whether one qualifies is the service's word."""
    found = Staff.objects.filter(unit=unit, account__is_active=True).select_related("account", "office")
    return found.order_by("office__order", "pinyin")
