"""Reading the register: what is in force, what ends soon, what was published."""

from datetime import datetime

from django.db.models import QuerySet

from yichuan.keys.models import ExternalAuthority, ImportedList, IssuedCertificate, PublishedList
from yichuan.keys.states import AUTHORITIES, AuthorityState, CertificateState
from yichuan.lib.gm.crl import Crl

SOON_DAYS = 30
VERY_SOON_DAYS = 7


def published(issuer: str) -> PublishedList | None:
    """The newest list of this CA that is signed."""
    return PublishedList.objects.filter(issuer=issuer, der__isnull=False).order_by("-number").first()


def crls() -> list[Crl]:
    """The newest list of each of the centre's CAs, and those brought in of the authorities outside."""
    labels = IssuedCertificate.objects.filter(use__in=AUTHORITIES).order_by("issued_at").values_list("label", flat=True)
    own = [row.der for label in dict.fromkeys(labels) if (row := published(label)) is not None]
    outside = ImportedList.objects.filter(authority__state=AuthorityState.ACCEPTED).values_list("der", flat=True)
    return [Crl.from_der(bytes(der)) for der in (*own, *outside) if der is not None]


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
