"""The OCSP responder (RFC 6960): what the register says of a certificate, signed with a key for nothing else."""

from datetime import datetime, timedelta

from yichuan.common import clock
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import OCSP
from yichuan.keys.services.device import device
from yichuan.keys.services.registry import ISSUING, certificate_of
from yichuan.lib.gm.crl import Reason
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.ocsp import Answer, CertId, Request, Status, Trouble, make_response, refuse
from yichuan.lib.gm.x509 import Certificate

GOOD_FOR = timedelta(minutes=5)


def answer_status(question: bytes) -> tuple[bytes, bool]:
    """The response in DER, and whether the question held a nonce. Nothing in it makes this raise."""
    try:
        request = Request.from_der(question)
    except GmError:
        return refuse(Trouble.MALFORMED_REQUEST), False
    at = clock.now()
    try:
        issuing, responder = certificate_of(ISSUING), certificate_of(OCSP)
        response = make_response(
            responder,
            lambda message: device().sign(OCSP, message),
            answers=[_answer(each, issuing, at) for each in request.asked],
            produced_at=at,
            nonce=request.nonce,
        )
    except (DeviceError, IssuedCertificate.DoesNotExist):
        return refuse(Trouble.TRY_LATER), False
    return response, request.nonce is not None


def _answer(about: CertId, issuing: Certificate, at: datetime) -> Answer:
    """What the register says; of other CAs' certificates, and of numbers that were never given, nothing is known."""
    until = at + GOOD_FOR
    row = None
    if about.is_of(issuing):
        row = IssuedCertificate.objects.filter(issuer=ISSUING, serial=f"{about.serial:x}").first()
    if row is None:
        return Answer(about, Status.UNKNOWN, at, until)
    if row.revoked_at is None:
        return Answer(about, Status.GOOD, at, until)
    return Answer(about, Status.REVOKED, at, until, row.revoked_at, Reason(row.reason))
