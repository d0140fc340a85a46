"""Reading custody: what a person keeps, which openings wait for their word, whose custody is to be handed on."""

import uuid

from django.db.models import Q, QuerySet

from yichuan.common import clock
from yichuan.org.models import Unit
from yichuan.org.selectors import units_of
from yichuan.org.selectors.who_can import holders
from yichuan.people.models import Account
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Custodian, Opening, Seal
from yichuan.seals.permissions import SealsPermission


def kept_by(account: Account) -> QuerySet[Custodian]:
    """What the person keeps at present, in the order in which it was entrusted to them."""
    present = Custodian.objects.filter(account=account, until=None, seal__withdrawn_at=None)
    return present.select_related("seal__unit").order_by("since", "pk")


def shares_to_set(account: Account) -> int:
    """How many shares of the person still lie under a key of the centre."""
    return kept_by(account).filter(index__gt=0, share_set_at=None).count()


def waiting_for(account: Account) -> QuerySet[Opening]:
    """Openings that wait for this person's word, the oldest first: as custodian, or as the leader who confirms."""
    asked = Opening.objects.filter(state=OpeningState.ASKED, expires_at__gt=clock.now())
    kept = kept_by(account).values("seal_id")
    own = Q(seal_id__in=kept) & (Q(matter=OpeningMatter.USE) | Q(seal__under_password=True))
    leads = Q(matter=OpeningMatter.CHANGE, seal__under_password=False, seal__unit_id__in=_led(account))
    waiting = asked.filter(own | leads).exclude(approvals__custodian__account=account)
    return waiting.select_related("seal", "asked_by").order_by("asked_at", "pk")


def openings_of_several(unit_id: uuid.UUID) -> list[Opening]:
    """Openings of the unit's seals for several documents at once that wait or are open; the newest first."""
    alive = Opening.objects.filter(
        seal__unit_id=unit_id,
        matter=OpeningMatter.USE,
        state__in=(OpeningState.ASKED, OpeningState.OPEN),
        expires_at__gt=clock.now(),
        uses_left__gt=0,
    )
    found = alive.select_related("seal", "asked_by").order_by("-asked_at")
    return [each for each in found if len(each.subject["documents"]) > 1]


def openings_seen(account: Account) -> QuerySet[Opening]:
    """All openings of the seals the person keeps or leads, and what they asked for; the newest first."""
    kept = Custodian.objects.filter(account=account, until=None).values("seal_id")
    seen = Q(seal_id__in=kept) | Q(asked_by=account) | Q(matter=OpeningMatter.CHANGE, seal__unit_id__in=_led(account))
    return Opening.objects.filter(seen).select_related("seal", "asked_by").order_by("-asked_at", "-pk")


def present_custodians(seal: Seal) -> list[Custodian]:
    """Who keeps the seal now, in the order of the shares."""
    return list(seal.custodians.filter(until=None).select_related("account").order_by("index", "pk"))


def past_custodians(seal: Seal) -> list[Custodian]:
    """Who kept it before, the last first."""
    return list(seal.custodians.exclude(until=None).select_related("account").order_by("-until", "pk")[:50])


def to_replace(unit: Unit) -> list[Custodian]:
    """待更换: custodians of the unit's seals who left, or lost the post that uses them. They cannot agree any more."""
    present = Custodian.objects.filter(seal__unit=unit, until=None, seal__withdrawn_at=None)
    found = present.select_related("account", "seal__unit").order_by("seal_id", "index", "pk")
    return [each for each in found if not each.account.has_perm(SealsPermission.USE, each.seal)]


def can_keep(unit: Unit) -> list[Account]:
    """Who may be entrusted with the unit's seals: the present holders of the post that uses them, by name."""
    people = {post.account for post in holders(SealsPermission.USE, unit) if post.unit_id == unit.pk}
    return sorted(people, key=lambda each: (each.name, each.username))


def _led(account: Account) -> list[uuid.UUID]:
    """The units whose changes of custodians this person confirms."""
    return [unit.pk for unit in units_of(account) if account.has_perm(SealsPermission.SIGN_APPLICATION, unit)]
