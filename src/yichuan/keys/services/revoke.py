"""吊销: a certificate ends for good before its time (G-9)."""

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.publish import want_list
from yichuan.keys.services.registry import locked, move
from yichuan.keys.states import AUTHORITIES, Why


def revoke(*, actor: Actor | None, certificate: IssuedCertificate, reason: Why, words: str = "") -> IssuedCertificate:
    """Revoke it for `reason` (of RFC 5280) and, if something more is to be said, `words`. A step.

    One that was held counts as revoked from the day of its loss on.
    """
    row = locked(certificate.pk)
    if row.use in AUTHORITIES:
        raise Refused(
            "authority", "根证书和签发证书不能在这里吊销：它们签发的证书会全部失效。请先与主管单位商定更换办法。"
        )
    move(row, "revoke", actor=actor, revoked_at=row.revoked_at or clock.now(), reason=Why(reason), words=words)
    want_list(row.issuer)
    return row
