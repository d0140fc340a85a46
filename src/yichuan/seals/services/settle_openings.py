"""What the ticker does for openings: those whose time is over end, those left half-way go on."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Count, F, Q

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Opening, SealUse
from yichuan.seals.services.change_custodians import carry_out_change
from yichuan.seals.services.close_opening import STANDING, end, locked, under_way
from yichuan.seals.services.open_seal import open_if_agreed

AT_A_TIME = 100


def settle_openings() -> int:
    """One round; how many ended for want of time."""
    ended = reap_openings()
    agreed = Count("approvals", filter=Q(approvals__agreed=True, approvals__custodian__until=None))
    asked = Opening.objects.filter(state=OpeningState.ASKED, expires_at__gt=clock.now())
    _each(open_if_agreed, asked.annotate(said=agreed).filter(said__gte=F("quorum"), said__gt=0))
    _each(carry_out_change, Opening.objects.filter(state=OpeningState.OPEN, matter=OpeningMatter.CHANGE))
    return ended


def reap_openings() -> int:
    """End those whose time is over, unless a use of theirs is just going on; how many. What they hold is destroyed."""
    over = Opening.objects.filter(closed_at=None, expires_at__lte=clock.now(), state__in=STANDING)
    waiting = over.exclude(matter=OpeningMatter.CHANGE, state=OpeningState.OPEN).exclude(
        uses__state=SealUse.State.INTENT
    )
    return sum(_reap(opening_id) for opening_id in waiting.values_list("pk", flat=True)[:AT_A_TIME])


def _reap(opening_id: UUID) -> bool:
    with command():
        opening = locked(opening_id)
        if opening.state not in STANDING or opening.expires_at > clock.now() or under_way(opening):
            return False
        end(actor=None, opening=opening, verb="close", reason="时间已到")
    return True


def _each(work: Callable[[UUID], object], openings: Iterable[Opening]) -> None:
    """One that cannot go on keeps no other waiting; the next round tries it again."""
    for opening in list(openings)[:AT_A_TIME]:
        try:
            work(opening.pk)
        except Refused:
            continue
