"""解除挂失: what was reported lost has been found (G-9)."""

from yichuan.common.permissions import Actor
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.publish import want_list
from yichuan.keys.services.registry import locked, move


def release(*, actor: Actor | None, certificate: IssuedCertificate, reason: str = "") -> IssuedCertificate:
    """Let a held certificate count again. A step."""
    row = locked(certificate.pk)
    move(row, "release", actor=actor, revoked_at=None, words=reason)
    want_list(row.issuer)
    return row
