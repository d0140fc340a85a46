"""Reading applications: whose they are, who may see them, what waits for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from yichuan.changes.models import Application, Attachment
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.states import ENDED, ApplicationState
from yichuan.common.permissions import Actor
from yichuan.org.models import CentreRole, Unit
from yichuan.org.selectors import centre_parties, units_of
from yichuan.people.models import Account

S = ApplicationState


def party(role: str) -> Unit | None:
    """The unit that plays this part in the centre (J-5, J-6), if that is settled."""
    return centre_parties().get(role)


@dataclass(frozen=True)
class Hats:
    """As what a person meets applications: as whom the operator's, the supervising office's, units' administrator."""

    operates: bool
    supervises: bool
    administers: tuple[UUID, ...]


def hats(actor: Actor) -> Hats:
    """The person's hats, from their present posts."""
    parties = centre_parties()
    operator, supervisor = parties.get(CentreRole.Role.OPERATING), parties.get(CentreRole.Role.SUPERVISING)
    own = units_of(actor) if isinstance(actor, Account) else []
    return Hats(
        operates=operator is not None and actor.has_perm(ChangesPermission.ACCEPT, operator),
        supervises=supervisor is not None and actor.has_perm(ChangesPermission.APPROVE, supervisor),
        administers=tuple(unit.pk for unit in own if actor.has_perm(ChangesPermission.APPLY, unit)),
    )


def visible_to(worn: Hats) -> QuerySet[Application]:
    """Every application that these hats may read: drafts in their writers' hands, a unit's own, the centre's all."""
    paper, sent = Q(source=Application.Source.PAPER), ~Q(state=S.DRAFT) & Q(number__isnull=False)
    seen = Q(pk__in=[])
    if worn.administers:
        own = Q(source=Application.Source.UNIT, unit__in=worn.administers)
        touched = Application.affected.through.objects.filter(unit__in=worn.administers).values("application_id")
        seen |= own | (sent & Q(pk__in=touched))
    if worn.operates:
        seen |= sent | paper
    if worn.supervises:
        seen |= sent
    return Application.objects.filter(seen)


def waiting_for(worn: Hats) -> QuerySet[Application]:
    """What these hats have to do something about."""
    todo = Q(pk__in=[])
    if worn.administers:
        todo |= Q(source=Application.Source.UNIT, unit__in=worn.administers, state__in=[S.DRAFT, S.RETURNED])
    if worn.operates:
        todo |= Q(state__in=[S.SUBMITTED, S.APPROVED, S.CARRYING_OUT])
        todo |= Q(source=Application.Source.PAPER, state__in=[S.DRAFT, S.RETURNED])
    if worn.supervises:
        todo |= Q(state=S.ACCEPTED)
    return visible_to(worn).filter(todo)


def listed(worn: Hats, tab: str, search: str = "") -> QuerySet[Application]:
    """One tab of the list, the last changed first: `mine`, `open`, `ended`, or all; by number or name."""
    found = waiting_for(worn) if tab == "mine" else visible_to(worn)
    if tab in ("open", "ended"):
        ended = Q(state__in=ENDED)
        found = found.filter(ended if tab == "ended" else ~ended)
    if search:
        found = found.filter(Q(number__contains=search.upper()) | Q(name__contains=search))
    return found.select_related("unit").order_by("-changed_at", "-id")


def waiting_count(actor: Actor) -> int:
    """How many applications wait for this person, for the navigation."""
    return waiting_for(hats(actor)).count()


def blob_names() -> Iterator[str]:
    """Every blob this room refers to, for the sweeper."""
    yield from Attachment.objects.values_list("blob", flat=True).iterator()
