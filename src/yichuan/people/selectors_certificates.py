"""Reading applications and certificates of persons."""

import uuid

from django.db.models import Q, QuerySet

from yichuan.common import clock
from yichuan.keys.states import CertificateState
from yichuan.people.models import Account, CertificateApplication, Method, OpenSession, PersonCertificate
from yichuan.people.ports import accounts_of
from yichuan.people.states import OPEN, ApplicationState


def certificates_of(account: Account) -> QuerySet[PersonCertificate]:
    """The person's certificates, newest first."""
    bound = PersonCertificate.objects.filter(account=account).select_related("issued", "application")
    return bound.prefetch_related("application__devices").order_by("-bound_at", "-id")


def open_application(account: Account) -> CertificateApplication | None:
    """The application that is under way; there is one at most."""
    return account.certificate_applications.filter(state__in=OPEN).first()


def certificate_ended(session: OpenSession) -> OpenSession.End | None:
    """Whether the certificate that began this session counts no more, whoever ended it and by whatever page."""
    if session.method not in (Method.CERTIFICATE, Method.BOTH):
        return None
    bound = PersonCertificate.objects.select_related("issued").filter(sessions__session=session).first()
    stands = bound is None or (bound.state is CertificateState.VALID and bound.not_after > clock.now())
    return None if stands else OpenSession.End.CERTIFICATE


def register(unit_id: uuid.UUID | None, name: str = "") -> QuerySet[PersonCertificate]:
    """Certificates of one unit's people, or of everybody; of those whose name or account begins so."""
    bound = PersonCertificate.objects.select_related("account", "issued", "application").order_by("-bound_at", "-id")
    if unit_id is not None:
        bound = bound.filter(account__in=accounts_of(unit_id))
    if name:
        bound = bound.filter(Q(account__name__startswith=name) | Q(account__username__startswith=name))
    return bound


def applications(unit_id: uuid.UUID | None, state: str = "") -> QuerySet[CertificateApplication]:
    """Applications, newest first."""
    found = CertificateApplication.objects.select_related("account", "applied_by").order_by("-applied_at", "-id")
    if unit_id is not None:
        found = found.filter(account__in=accounts_of(unit_id))
    return found.filter(state=state) if state else found


def waiting_for_review() -> int:
    """How many applications the security officer has not looked at."""
    return CertificateApplication.objects.filter(state=ApplicationState.APPLIED).count()
