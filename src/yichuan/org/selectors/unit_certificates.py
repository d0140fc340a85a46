"""The units' encryption certificates, and the units that have none in force."""

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from yichuan.common import clock
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.states import CertificateState, Use
from yichuan.org.models import Unit


def unit_certificates() -> QuerySet[IssuedCertificate]:
    """Every one that was issued."""
    return IssuedCertificate.objects.filter(use=Use.UNIT, holder_kind="unit")


def certificates_in_force() -> QuerySet[IssuedCertificate]:
    """Those that hold at this moment."""
    return unit_certificates().filter(state=CertificateState.VALID, expires_at__gt=clock.now())


def held_certificates() -> QuerySet[IssuedCertificate]:
    """Those that were reported lost."""
    return unit_certificates().filter(state=CertificateState.HELD)


def units_without_certificate() -> QuerySet[Unit]:
    """The open units that have none in force, in the order of the address book."""
    its = certificates_in_force().filter(holder_id=OuterRef("pk"))
    return Unit.objects.filter(~Exists(its), closed_at=None).order_by("order", "pk")


def last_certificates(units: Iterable[uuid.UUID]) -> dict[uuid.UUID, IssuedCertificate]:
    """The last certificate that each of these had, whatever became of it."""
    found = unit_certificates().filter(holder_id__in=list(units)).order_by("issued_at", "id")
    return {row.holder_id: row for row in found if row.holder_id is not None}
