"""Which registered seals signed a body: by the number of the signer's certificate, then by the certificate itself."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, QuerySet, Subquery

from yichuan.common.prepared import Prepared
from yichuan.keys.models import IssuedCertificate, read_certificate
from yichuan.keys.services.registry import ISSUING
from yichuan.lib.gm.errors import GmError
from yichuan.lib.ofd.examining import Examined
from yichuan.lib.ses.signature import SealSignature
from yichuan.seals.models import Seal


def _by_number(serial: str) -> QuerySet[Seal]:
    issued = IssuedCertificate.objects.filter(issuer=ISSUING, serial=serial)  # one at most: the register's constraint
    seals = Seal.objects.select_related("unit").defer("der").filter(pk__in=issued.values("holder_id"))
    return seals.annotate(issued=Subquery(issued.values("der")))


_certified: Prepared[Any] = Prepared(_by_number, serial=CharField())


def seals_on(body: Examined) -> Iterator[tuple[SealSignature, Seal | None]]:
    """Each signature that can be read, in their order, with its seal; None where this centre did not make it."""
    for signature in body.values:
        yield signature, registered(signature)


def registered(signature: SealSignature) -> Seal | None:
    """The seal of this centre that made the signature."""
    try:
        certificate = read_certificate(signature.certificate or b"")
    except GmError:
        return None
    seals = _certified(serial=f"{certificate.serial:x}")
    return next((seal for seal in seals if bytes(seal.issued) == certificate.der), None)
