"""Reading the register: what is in force, what ends soon, what was published."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count, F, Q, QuerySet

from yichuan.common import clock
from yichuan.keys.models import ExternalAuthority, ImportedList, IssuedCertificate, PublishedList
from yichuan.keys.states import AUTHORITIES, AuthorityState, CertificateState
from yichuan.lib.gm.crl import Crl

SOON_DAYS = 30
VERY_SOON_DAYS = 7
OWN_LIST_OLD = timedelta(days=2)
"""The centre's own lists come out once a day; one that is older says that the ticker or the device stands still."""
OUTSIDE_LIST_ENDS = timedelta(days=3)
"""So long before its end the next list of an authority outside should be brought in."""


def published(issuer: str) -> PublishedList | None:
    """The newest list of this CA that is signed."""
    return PublishedList.objects.filter(issuer=issuer, der__isnull=False).order_by("-number").first()


def crls() -> list[Crl]:
    """The newest list of each of the centre's CAs, and those brought in of the authorities outside."""
    own = [row.der for row in own_lists()]
    outside = ImportedList.objects.filter(authority__state=AuthorityState.ACCEPTED).values_list("der", flat=True)
    return [read_list(bytes(der)) for der in (*own, *outside) if der is not None]


def own_lists() -> list[PublishedList]:
    """The newest list of each of the centre's CAs."""
    labels = IssuedCertificate.objects.filter(use__in=AUTHORITIES).order_by("issued_at").values_list("label", flat=True)
    return [row for label in dict.fromkeys(labels) if (row := published(label)) is not None]


def old_lists(at: datetime) -> list[PublishedList]:
    """The centre's own lists that should have had a successor by then."""
    return [row for row in own_lists() if row.this_update is None or row.this_update <= at - OWN_LIST_OLD]


def ending_lists(at: datetime) -> QuerySet[ImportedList]:
    """Lists of believed authorities outside that have run out or soon will, the first to end first."""
    found = ImportedList.objects.filter(
        authority__state=AuthorityState.ACCEPTED, next_update__lte=at + OUTSIDE_LIST_ENDS
    )
    return found.select_related("authority").order_by("next_update")


@lru_cache(maxsize=16)
def read_list(der: bytes) -> Crl:
    """A list, read once: every document that is looked at is checked against it."""
    return Crl.from_der(der)


def authority_named(name: str) -> IssuedCertificate | None:
    """The certificate of the CA whose public address ends with `name`."""
    found = IssuedCertificate.objects.filter(label=f"ca:{name}", use__in=AUTHORITIES)
    return found.order_by("-issued_at").first()


def accepted_authorities(*, for_seals: bool = False) -> QuerySet[ExternalAuthority]:
    """The authorities outside that are believed; with `for_seals` those marked for seals alone."""
    found = ExternalAuthority.objects.filter(state=AuthorityState.ACCEPTED)
    return found.filter(for_seals=True) if for_seals else found


def expiring(until: datetime) -> QuerySet[IssuedCertificate]:
    """Certificates in force that end by then, the first to end first: to be renewed (G-28)."""
    return IssuedCertificate.objects.filter(state=CertificateState.VALID, expires_at__lte=until).order_by("expires_at")


SOON = "soon"
"""The tab of certificates that end soon, beside those of the states."""


def ledger(*, state: str = "", use: str = "", text: str = "") -> QuerySet[IssuedCertificate]:
    """The register, the latest first, narrowed by state (or `soon`), use, and the beginning of holder or number."""
    if state == SOON:
        found = expiring(clock.now() + timedelta(days=SOON_DAYS))
    else:
        found = IssuedCertificate.objects.order_by("-issued_at", "-id")
        found = found.filter(state=state) if state else found
    if use:
        found = found.filter(use=use)
    if text:
        found = found.filter(Q(holder_name__startswith=text) | Q(serial__startswith=text.lower()))
    return found


def ledger_counts() -> dict[str, int]:
    """How many certificates there are of each state, and how many end soon."""
    states = IssuedCertificate.objects.values_list("state").annotate(count=Count("pk")).order_by()
    return dict(states) | {SOON: expiring(clock.now() + timedelta(days=SOON_DAYS)).count()}


def chain_of(row: IssuedCertificate) -> list[IssuedCertificate]:
    """The certificate and those above it, up to the root."""
    found = [row]
    while found[-1].issuer != found[-1].label:
        above = IssuedCertificate.objects.filter(label=found[-1].issuer, expires_at__gte=found[-1].expires_at)
        issuer = above.order_by("-issued_at").first()
        if issuer is None or issuer in found:
            break
        found.append(issuer)
    return found


def authorities(state: str = "") -> QuerySet[ExternalAuthority]:
    """The authorities outside with their lists, those that wait for a decision first."""
    found = ExternalAuthority.objects.select_related("revocations").order_by(
        F("decided_at").desc(nulls_first=True), "subject"
    )
    return found.filter(state=state) if state else found
