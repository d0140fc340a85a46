"""Reading applications for seals: who may see them, what waits for whom."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yichuan.common.permissions import Actor
from yichuan.org.models import CentreRole
from yichuan.org.selectors import centre_parties, units_of
from yichuan.people.models import Account
from yichuan.seals.kinds import ApplicationState as S
from yichuan.seals.models import Ceremony, Paper, SealApplication
from yichuan.seals.permissions import SealsPermission as May

ENDED = (S.DONE, S.REFUSED, S.WITHDRAWN)
OPEN = (S.DRAFT, S.RETURNED)  # in the writer's hands


@dataclass(frozen=True)
class Hats:
    """As what a person meets seals: for which units they write, sign, see; for the centre's parties."""

    sees: tuple[uuid.UUID, ...]
    writes: tuple[uuid.UUID, ...]
    signs: tuple[uuid.UUID, ...]
    supervises: bool
    operates: bool


def hats(actor: Actor) -> Hats:
    """The person's hats, from their present posts."""
    own = units_of(actor) if isinstance(actor, Account) else []
    parts = {role: unit.pk for role, unit in centre_parties().items()}

    def where(permission: May) -> tuple[uuid.UUID, ...]:
        return tuple(unit.pk for unit in own if actor.has_perm(permission, unit))

    return Hats(
        sees=where(May.SEE),
        writes=where(May.APPLY),
        signs=where(May.SIGN_APPLICATION),
        supervises=parts.get(CentreRole.Role.SUPERVISING) in where(May.APPROVE),
        operates=parts.get(CentreRole.Role.OPERATING) in where(May.MAKE),
    )


def visible_to(worn: Hats) -> QuerySet[SealApplication]:
    """A unit's own; for the supervising office what was signed once, for the operator what was approved once."""
    own = Q(unit__in=[*worn.writes, *worn.signs])
    if worn.supervises:
        own |= Q(steps__verb="sign")
    if worn.operates:
        own |= Q(approved_by__isnull=False)
    return SealApplication.objects.filter(pk__in=SealApplication.objects.filter(own).values("pk"))


def waiting_for(worn: Hats) -> QuerySet[SealApplication]:
    """What these hats have to do something about."""
    todo = Q(unit__in=worn.writes, state__in=OPEN) | Q(unit__in=worn.signs, state=S.TO_SIGN)
    if worn.supervises:
        todo |= Q(state=S.SUBMITTED)
    if worn.operates:
        todo |= Q(state=S.APPROVED)
    return SealApplication.objects.filter(todo)


def listed(worn: Hats, tab: str, search: str = "") -> QuerySet[SealApplication]:
    """One tab of the list, the last changed first: `mine`, `open`, `ended`, or all; by number or unit."""
    found = waiting_for(worn) if tab == "mine" else visible_to(worn)
    if tab in ("open", "ended"):
        ended = Q(state__in=ENDED)
        found = found.filter(ended if tab == "ended" else ~ended)
    if search:
        named = Q(unit__name__contains=search) | Q(unit__short_name__contains=search)
        found = found.filter(Q(number__contains=search) | named)
    return found.select_related("unit", "imprint", "seal").order_by("-changed_at", "-id")


def waiting_count(actor: Actor) -> int:
    """How many applications for seals wait for this person, for the navigation."""
    return waiting_for(hats(actor)).count()


def in_ceremony(application_id: uuid.UUID) -> bool:
    """Whether a session of three parties about it is going on."""
    return Ceremony.objects.filter(application_id=application_id, ended_at=None).exists()


def blob_names() -> Iterator[str]:
    """Every blob of a paper, for the sweeper."""
    yield from Paper.objects.values_list("blob", flat=True).iterator()
