"""挂失: a certificate stops counting at once and may come back (G-9)."""

from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.publish import want_list
from yichuan.keys.services.registry import locked, move
from yichuan.lib.gm.crl import Reason


def hold(*, actor: Actor | None, certificate: IssuedCertificate, reason: str) -> IssuedCertificate:
    """Hold it; the revocation list with it is published as soon as the transaction stands. A step.

    `reason` is what the person who reports the loss says, in words.
    """
    row = locked(certificate.pk)
    move(row, "hold", actor=actor, revoked_at=clock.now(), reason=Reason.CERTIFICATE_HOLD, words=reason)
    want_list(row.issuer)
    return row
