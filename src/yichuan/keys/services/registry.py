"""The register of every certificate the centre issued: what all the verbs share."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.db.models import CharField
from django.urls import reverse

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.device import device
from yichuan.keys.states import CERTIFICATE, CertificateState, Use
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate, Name, Profile, issue

ROOT = "ca:root"
ISSUING = "ca:issuing"
PROFILES = {
    Use.ROOT: Profile.ROOT,
    Use.ISSUING: Profile.INTERMEDIATE,
    Use.OCSP: Profile.OCSP,
    Use.CENTRE: Profile.SIGNER,
    Use.SEAL_MAKER: Profile.SEAL_MAKER,
    Use.SEAL: Profile.SIGNER,
    Use.VERIFICATION_SEAL: Profile.SIGNER,
    Use.TIME_STAMP: Profile.TIME_STAMP,
    Use.LOGIN: Profile.CLIENT,
    Use.UNIT: Profile.ENCRYPTION,
    Use.TLS_CLIENT: Profile.CLIENT,
    Use.TLS_SERVER: Profile.SERVER,
}


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is: `kind` is centre, unit, seal, person or system; `id` the row of that room."""

    kind: str
    name: str
    id: uuid.UUID | None = None


def make_certificate(
    *,
    actor: Actor | None,
    use: Use,
    holder: Holder,
    subject: Name,
    public_key: PublicKey,
    lasts: timedelta,
    label: str = "",
    renewed_from: IssuedCertificate | None = None,
) -> IssuedCertificate:
    """Certify a key and enter it in the register. A step; it never outlives its issuer."""
    require_transaction()
    at = clock.now()
    issuer = {Use.ROOT: "", Use.ISSUING: ROOT}.get(use, ISSUING)
    above = certificate_of(issuer) if issuer else None
    signer = issuer or label
    certificate = issue(
        PROFILES[use],
        subject=subject,
        public_key=public_key,
        issuer=above,
        sign=lambda message: device().sign(signer, message),
        not_before=at,
        not_after=min(at + lasts, above.not_after) if above else at + lasts,
        **(addresses(issuer) if issuer else Addresses()),
    )
    row = IssuedCertificate.objects.create(
        use=use,
        label=label,
        holder_kind=holder.kind,
        holder_id=holder.id,
        holder_name=holder.name[:80],
        issuer=signer,
        serial=f"{certificate.serial:x}",
        subject=certificate.subject_name,
        key_digest=sm3(public_key.der).hex(),
        der=certificate.der,
        issued_at=at,
        expires_at=certificate.not_after,
        state=CertificateState.VALID,
        renewed_from=renewed_from,
    )
    note(row, actor=actor, verb="keys.issue_certificate")
    return row


class Addresses(TypedDict, total=False):
    """As `issue` takes them."""

    crl_url: str
    ocsp_url: str
    issuer_url: str


def addresses(issuer: str) -> Addresses:
    """Where the issuer's revocation list, responder and certificate stand, as its certificates say."""
    name = {"name": issuer.removeprefix("ca:")}
    found: Addresses = {
        "crl_url": settings.YICHUAN_ORIGIN + reverse("keys:revocation_list", kwargs=name),
        "issuer_url": settings.YICHUAN_ORIGIN + reverse("keys:authority", kwargs=name),
    }
    if issuer == ISSUING:
        found["ocsp_url"] = settings.YICHUAN_ORIGIN + reverse("keys:ocsp")
    return found


def certificate_of(label: str) -> Certificate:
    """The certificate in force for the key `label`, or the last one that was."""
    return row_of(label).certificate


_in_force = Prepared(
    lambda label: IssuedCertificate.objects.filter(label=label, state=CertificateState.VALID).order_by("pk")[:1],
    label=CharField(),
)


def row_of(label: str) -> IssuedCertificate:
    """The same, as it stands in the register."""
    last = IssuedCertificate.objects.filter(label=label).order_by("-issued_at")
    row = next(iter(_in_force(label=label)), None) or last.first()
    if row is None:
        raise IssuedCertificate.DoesNotExist(f"no certificate was issued for the key {label}")
    return row


def locked(certificate_id: uuid.UUID) -> IssuedCertificate:
    """The row, locked until the transaction ends. A step."""
    require_transaction()
    row = IssuedCertificate.objects.select_for_update().filter(pk=certificate_id).first()
    if row is None:
        raise NotFound("no_certificate", "证书台账里没有这张证书，请回到台账查找。")
    return row


def require_new_key(public_key: PublicKey) -> None:
    """Refuse a key that was ever certified: one key is one holder's. A step; such keys come one after the other."""
    require_transaction()
    IssuedCertificate.objects.select_for_update().get(pk=row_of(ISSUING).pk)
    if IssuedCertificate.objects.filter(key_digest=sm3(public_key.der).hex()).exists():
        raise Refused("key_taken", "这个密钥已经用过，不能再发证书。请重新生成密钥后再申请。", field="public_key")


def move(
    row: IssuedCertificate,
    verb: str,
    *,
    actor: Actor | None,
    revoked_at: datetime | None,
    reason: str = "",
    words: str = "",
) -> None:
    """Lead a locked row along the table and write it down. A step."""
    require_transaction()
    transition = CERTIFICATE.find(verb, row.state)
    row.state, row.revoked_at, row.reason, row.note = transition.target, revoked_at, reason, words
    row.save(update_fields=["state", "revoked_at", "reason", "note"])
    note(row, actor=actor, verb=transition.audit, reason=reason, words=words)


def note(row: IssuedCertificate, *, actor: Actor | None, verb: str, **more: str) -> None:
    """The entry of an act on a certificate."""
    detail = {"serial": row.serial, "subject": row.subject, "use": row.use, "holder": row.holder_name}
    if row.label:
        detail["label"] = row.label
    record(verb=verb, actor=actor, subject=row, detail=detail | {key: text for key, text in more.items() if text})
