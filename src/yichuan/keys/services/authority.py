"""The centre's certificate authority: its root, and the SM2 certificates of seal makers, seals and signing keys."""

from datetime import timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.device import device
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue

ROOT = "ca:root"
SEAL_MAKER = "seals:maker"
PRINT_CODES = "exchange:print-code"
ROOT_LASTS = timedelta(days=365 * 20)
LEAF_LASTS = timedelta(days=365 * 5)


def open_authority(centre: str) -> Certificate:
    """Make the centre's root, the seal maker and the key that signs print codes. A step, once a centre."""
    require_transaction()
    at = clock.now()
    root = issue(
        Profile.ROOT,
        subject=Name(common_name=f"{centre}电子公文交换中心根证书", organization=centre),
        public_key=device().make_signing_key(ROOT),
        issuer=None,
        sign=lambda message: device().sign(ROOT, message),
        not_before=at,
        not_after=at + ROOT_LASTS,
    )
    _keep(ROOT, root)
    issue_certificate(
        label=SEAL_MAKER, profile=Profile.SEAL_MAKER, common_name=f"{centre}电子印章制章", organization=centre
    )
    issue_certificate(label=PRINT_CODES, profile=Profile.SIGNER, common_name=f"{centre}打印码签名", organization=centre)
    return root


def issue_certificate(*, label: str, profile: Profile, common_name: str, organization: str) -> Certificate:
    """Make a key `label` in the device and certify it under the root. A step."""
    require_transaction()
    at = clock.now()
    certificate = issue(
        profile,
        subject=Name(common_name=common_name, organization=organization),
        public_key=device().make_signing_key(label),
        issuer=certificate_of(ROOT),
        sign=lambda message: device().sign(ROOT, message),
        not_before=at,
        not_after=at + LEAF_LASTS,
    )
    _keep(label, certificate)
    return certificate


def certificate_of(label: str) -> Certificate:
    """The certificate that was issued for the key `label`."""
    return Certificate.from_der(bytes(IssuedCertificate.objects.get(label=label).der))


def trusted_roots() -> list[Certificate]:
    """What this centre trusts: its own root."""
    return [certificate_of(ROOT)]


def _keep(label: str, certificate: Certificate) -> None:
    IssuedCertificate.objects.create(
        label=label,
        serial=f"{certificate.serial:x}",
        subject=certificate.subject_name,
        der=certificate.der,
        issued_at=clock.now(),
        expires_at=certificate.not_after,
    )
    detail = {"label": label, "serial": f"{certificate.serial:x}", "subject": certificate.subject_name}
    record(verb="keys.issue_certificate", actor=None, detail=detail)
