"""The centre's certificate authority: a root, an issuing CA under it, and the certificates of the centre's own keys."""

import uuid
from datetime import timedelta

from yichuan.common.models import title_of
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.device import device
from yichuan.keys.services.publish import sign_first_list
from yichuan.keys.services.registry import ISSUING, ROOT, Holder, certificate_of, make_certificate
from yichuan.keys.services.trust import trust
from yichuan.keys.states import Use
from yichuan.lib.gm.x509 import Certificate, Name

__all__ = [
    "CHECKPOINTS",
    "EVIDENCE",
    "ISSUING",
    "OCSP",
    "PRINT_CODES",
    "ROOT",
    "SEAL_MAKER",
    "TIME_STAMPS",
    "certificate_of",
    "open_authority",
    "trusted_roots",
]

OCSP = "ca:ocsp"
SEAL_MAKER = "seals:maker"
PRINT_CODES = "exchange:print-code"
TIME_STAMPS = "ca:time-stamps"
EVIDENCE = "evidence:packages"
CHECKPOINTS = "audit:checkpoints"
ROOT_LASTS = timedelta(days=365 * 20)
ISSUING_LASTS = timedelta(days=365 * 15)
LEAF_LASTS = timedelta(days=365 * 5)


def open_authority(centre: str) -> Certificate:
    """Make the root, the issuing CA, and the keys of the seal maker, of print codes, of OCSP, of time stamps and
    evidence. A step, once a centre; the root comes back. Nothing but the issuing CA is ever signed by the root."""
    require_transaction()
    for label, use, name, lasts in (
        (ROOT, Use.ROOT, "根证书", ROOT_LASTS),
        (ISSUING, Use.ISSUING, "签发证书", ISSUING_LASTS),
    ):
        make_certificate(
            actor=None,
            use=use,
            holder=Holder("centre", centre),
            subject=Name(common_name=f"{title_of(centre)}{name}", organization=centre),
            public_key=device().make_signing_key(label),
            lasts=lasts,
            label=label,
        )
        sign_first_list(label)
    for label, use, name in (
        (SEAL_MAKER, Use.SEAL_MAKER, "电子印章制章"),
        (PRINT_CODES, Use.CENTRE, "打印码签名"),
        (OCSP, Use.OCSP, "证书状态应答"),
    ):
        issue_certificate(label=label, use=use, common_name=f"{centre}{name}", organization=centre)
    for label in LATER:
        issue_later(label, centre)
    return certificate_of(ROOT)


LATER = {
    TIME_STAMPS: (Use.TIME_STAMP, "时间戳服务"),
    EVIDENCE: (Use.CENTRE, "证据包签名"),
    CHECKPOINTS: (Use.CENTRE, "日志检查点签名"),
}
"""Keys of the centre that came after the first centres had been opened; `own_keys` makes them there."""


def issue_later(label: str, centre: str) -> Certificate:
    """Make one of these keys, and certify it; `audit:checkpoints:2` is the second for the same. A step."""
    use, name = next(LATER[each] for each in LATER if f"{label}:".startswith(f"{each}:"))
    return issue_certificate(label=label, use=use, common_name=f"{centre}{name}", organization=centre)


def issue_certificate(
    *,
    label: str,
    use: Use,
    common_name: str,
    organization: str,
    holder_kind: str = "centre",
    holder_id: uuid.UUID | None = None,
    actor: Actor | None = None,
) -> Certificate:
    """Make a key `label` in the device and certify it under the issuing CA. A step."""
    require_transaction()
    row: IssuedCertificate = make_certificate(
        actor=actor,
        use=use,
        holder=Holder(holder_kind, organization, holder_id),
        subject=Name(common_name=common_name, organization=organization),
        public_key=device().make_signing_key(label),
        lasts=LEAF_LASTS,
        label=label,
    )
    return row.certificate


def trusted_roots() -> list[Certificate]:
    """What documents are verified against: the centre's root, its issuing CA (a seal has no place for a chain,
    GB/T 38540), its authority for seals on PDF, and the authorities outside that the officer marked for seals."""
    return trust().roots
