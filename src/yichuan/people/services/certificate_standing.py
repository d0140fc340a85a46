"""Whose certificate this is, and whether it counts today."""

from collections.abc import Iterable

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.keys.services.check import HELD, REVOKED, SUPERSEDED, check_certificate
from yichuan.keys.states import CertificateState, Use
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import PersonCertificate

WORDS = {
    CertificateState.HELD: HELD,
    CertificateState.REVOKED: REVOKED,
    CertificateState.SUPERSEDED: SUPERSEDED,
}


def bound_certificate(der: bytes, chain: Iterable[Certificate] = ()) -> PersonCertificate:
    """The person's certificate with these bytes, in force and good for the login.

    Refused with the codes of `check_certificate`, or `certificate_unbound`: good, but nobody's here.
    """
    checked = check_certificate(der, Use.LOGIN, clock.now(), chain)
    bound = (
        PersonCertificate.objects.select_related("account", "issued", "application")
        .filter(fingerprint=fingerprint(checked.certificate))
        .first()
    )
    if bound is None:
        raise Refused(
            "certificate_unbound", "这张证书没有登记在任何账号下。外部证书请先用密码登录，在「数字证书」里申请登记。"
        )
    if bound.state is not CertificateState.VALID:
        raise Refused(f"certificate_{bound.state}", WORDS[bound.state])
    return bound


def fingerprint(certificate: Certificate) -> str:
    """SM3 of the whole certificate: what one is told from another by."""
    return sm3(certificate.der).hex()
