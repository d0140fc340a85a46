"""Reading sessions of three parties: whose they are, and how one looks to the person who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField

from yichuan.common.permissions import Actor
from yichuan.lib.gm.x509 import Certificate
from yichuan.org.models import CentreRole
from yichuan.org.selectors import centre_parties, units_of
from yichuan.people.models import Account
from yichuan.seals.ceremony import PARTIES, PARTY_ROLES
from yichuan.seals.kinds import Party, SealState
from yichuan.seals.models import Attendance, Ceremony, VerificationSeal
from yichuan.seals.permissions import SealsPermission as May
from yichuan.web.numbers import Question

Role = CentreRole.Role
CENTRE = ((Role.SUPERVISING, May.WITNESS), (Role.OPERATING, May.MAKE))


def ceremonies_of(actor: Account) -> QuerySet[Ceremony]:
    """The sessions that the person may see, the newest first: the centre's two parties all, a unit its own."""
    rows = Ceremony.objects.select_related("application", "application__unit").order_by("-opened_at")
    if _of_the_centre(actor):
        return rows
    own = [unit.pk for unit in units_of(actor) if actor.has_perm(May.SEE, unit)]
    return rows.filter(Q(application__unit__in=own) | Q(application__attendant=actor))


def open_for(actor: Account) -> QuerySet[Ceremony]:
    """Those that are going on and want this person present: for the centre's two parties all, a unit's attendant."""
    going_on = Ceremony.objects.filter(ended_at=None).select_related("application", "application__unit")
    mine = going_on if _of_the_centre(actor) else going_on.filter(application__attendant=actor)
    return mine.order_by("-opened_at")


def visible_ceremony(actor: Account, ceremony_id: UUID) -> Ceremony | None:
    """The session, for one who may see it."""
    return ceremonies_of(actor).filter(pk=ceremony_id).first()


def _of_the_centre(actor: Actor) -> bool:
    units = centre_parties()
    return any(role in units and actor.has_perm(permission, units[role]) for role, permission in CENTRE)


@dataclass(frozen=True)
class Place:
    """One party as a page shows it."""

    party: Party
    title: str
    role: str
    row: Attendance | None
    here: bool
    expected: str

    @property
    def who(self) -> str:
        """Who came, or is expected to."""
        return self.row.account.name if self.row else self.expected

    @property
    def serial(self) -> str:
        """The certificate's serial, shortened as people compare it."""
        if self.row is None:
            return ""
        serial = f"{Certificate.from_der(bytes(self.row.certificate)).serial:x}"
        return f"{serial[:4]}…{serial[-4:]}"


def places_of(ceremony: Ceremony, at: datetime, lasts: timedelta) -> list[Place]:
    """The three places in their order; `lasts` is how long a proof of presence counts."""
    rows = {row.party: row for row in ceremony.attendances.select_related("account")}
    units = {row.role: row.unit.short_name for row in CentreRole.objects.select_related("unit")}
    titles = {
        Party.SUPERVISOR: units.get(Role.SUPERVISING, "主管单位"),
        Party.OPERATOR: units.get(Role.OPERATING, "承办单位"),
        Party.UNIT: ceremony.application.unit.short_name,
    }
    expected = {
        Party.SUPERVISOR: "秘书科印章监督岗",
        Party.OPERATOR: "印章制作岗",
        Party.UNIT: ceremony.request["attendant"]["name"],
    }
    return [
        Place(
            party=each,
            title=titles[each],
            role=PARTY_ROLES[each],
            row=rows.get(each),
            here=each in rows and rows[each].proven_at + lasts >= at,
            expected=expected[each],
        )
        for each in PARTIES
    ]


def verification_seals_of(actor: Account | UUID) -> QuerySet[VerificationSeal]:
    """The verification seals that the person holds of seals in use; those not taken over first."""
    rows = VerificationSeal.objects.select_related("seal", "seal__unit").filter(holder=actor)
    return rows.filter(seal__state__in=(SealState.IN_USE, SealState.SUSPENDED)).order_by("taken_at", "seal__issued_at")


to_take_over_number = Question(lambda actor: verification_seals_of(actor).filter(taken_at=None), actor=UUIDField())
"""How many of these are not taken over: what every page of a holder asks."""
