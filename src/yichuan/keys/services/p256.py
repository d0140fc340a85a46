"""The centre's second authority, on P-256: for seals on PDF, which readers elsewhere check (PAdES) and SM2 they do not.

Its key and those it certifies rest in the P-256 device. It vouches for seals alone; the pages' HTTPS has another root.
"""

import uuid
from datetime import datetime

from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import ISSUING_LASTS, LEAF_LASTS
from yichuan.keys.services.device import p256_device
from yichuan.keys.services.publish import P256_ISSUING, sign_first_list
from yichuan.keys.services.registry import ROOT, addresses, note, row_of
from yichuan.keys.states import CertificateState, Use
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.pdf.issuing import issue_authority, issue_signer


def certify_pdf_seal(
    *, actor: Actor | None, label: str, name: str, seal_id: uuid.UUID, password: bytes | None = None
) -> IssuedCertificate:
    """Make a P-256 key `label` in the device and certify it for the seal; the authority, where there is none yet.

    A step. DeviceError; `unsupported` where no device does P-256.
    """
    require_transaction()
    above = _authority().certificate
    key, at = p256_device().make_p256_key(label, password=password), clock.now()
    told = addresses(P256_ISSUING)
    der = issue_signer(
        name,
        name,
        key,
        authority=above.der,
        sign=lambda message: p256_device().sign(P256_ISSUING, message),
        begin=at,
        end=at + LEAF_LASTS,
        crl_url=told["crl_url"],
        issuer_url=told["issuer_url"],
    )
    return _enter(actor, Use.PDF_SEAL, label, "seal", name, seal_id, der, key, at, P256_ISSUING)


def p256_authority() -> Certificate | None:
    """The authority's certificate, where there is one."""
    row = IssuedCertificate.objects.filter(label=P256_ISSUING).first()
    return row.certificate if row is not None else None


def _authority() -> IssuedCertificate:
    row = IssuedCertificate.objects.filter(label=P256_ISSUING).first()
    if row is not None:
        return row
    centre = IssuedCertificate.objects.select_for_update().get(pk=row_of(ROOT).pk).holder_name  # one maker at a time
    row = IssuedCertificate.objects.filter(label=P256_ISSUING).first()
    if row is not None:
        return row
    key, at = p256_device().make_p256_key(P256_ISSUING), clock.now()
    der = issue_authority(
        f"{centre} PDF 印章签发证书",
        centre,
        key,
        sign=lambda message: p256_device().sign(P256_ISSUING, message),
        begin=at,
        end=at + ISSUING_LASTS,
    )
    made = _enter(None, Use.PDF_ISSUING, P256_ISSUING, "centre", centre, None, der, key, at, P256_ISSUING)
    sign_first_list(P256_ISSUING)
    return made


def _enter(
    actor: Actor | None,
    use: Use,
    label: str,
    holder_kind: str,
    holder: str,
    holder_id: uuid.UUID | None,
    der: bytes,
    key: bytes,
    at: datetime,
    issuer: str,
) -> IssuedCertificate:
    certificate = Certificate.from_der(der)
    row = IssuedCertificate.objects.create(
        use=use,
        label=label,
        holder_kind=holder_kind,
        holder_id=holder_id,
        holder_name=holder[:80],
        issuer=issuer,
        serial=f"{certificate.serial:x}",
        subject=certificate.subject_name,
        key_digest=sm3(key).hex(),
        der=der,
        issued_at=at,
        expires_at=certificate.not_after,
        state=CertificateState.VALID,
    )
    note(row, actor=actor, verb="keys.issue_certificate")
    return row
