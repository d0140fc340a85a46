"""A certificate becomes one person's."""

from django.db import IntegrityError, transaction

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import CertificateApplication, PersonCertificate
from yichuan.people.services.certificate_standing import fingerprint


def bind(
    application: CertificateApplication, certificate: Certificate, issued: IssuedCertificate | None = None
) -> PersonCertificate:
    """Bind it to the person of the application; `issued` where the centre's CA made it. A step.

    Refused `bound_already`: a certificate is one person's, ever.
    """
    require_transaction()
    try:
        with transaction.atomic():
            return PersonCertificate.objects.create(
                account_id=application.account_id,
                application=application,
                issued=issued,
                fingerprint=fingerprint(certificate),
                issuer=certificate.issuer_name[:200],
                subject=certificate.subject_name[:200],
                serial=f"{certificate.serial:x}"[:64],
                der=certificate.der,
                not_before=certificate.not_before,
                not_after=certificate.not_after,
                bound_at=clock.now(),
            )
    except IntegrityError as error:
        raise Refused("bound_already", "这张证书已经登记过，不能再登记。") from error
