"""更新: a certificate's successor, for the same key or for a new one."""

from datetime import timedelta

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.publish import want_list
from yichuan.keys.services.registry import Holder, locked, make_certificate, move, require_new_key
from yichuan.keys.states import AUTHORITIES, Use, Why
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Name

BOUND = (Use.SEAL, Use.VERIFICATION_SEAL)


def renew(
    *,
    actor: Actor | None,
    certificate: IssuedCertificate,
    public_key: PublicKey | None = None,
    lasts: timedelta | None = None,
    holder: Holder | None = None,
    subject: Name | None = None,
) -> IssuedCertificate:
    """The successor, which lasts as long as its predecessor did; `holder` and `subject` where its name changed. A step.

    With a new key the old certificate goes onto the revocation list as superseded; with the same key it stays good
    for what was signed with it, until its own end.
    """
    row = locked(certificate.pk)
    if row.use in AUTHORITIES:
        raise Refused("authority", "根证书和签发证书不能在这里更新，请按更换中心密钥的办法处理。")
    if row.use in BOUND:
        raise Refused("bound_to_seal", "印章证书写在印章里，不能单独更新。请为单位重新制作印章。")
    old = row.certificate
    if public_key is None:
        move(row, "renew", actor=actor, revoked_at=None)
    else:
        require_new_key(public_key)
        move(row, "renew", actor=actor, revoked_at=clock.now(), reason=Why.SUPERSEDED)
        want_list(row.issuer)
    return make_certificate(
        actor=actor,
        use=Use(row.use),
        holder=holder or Holder(row.holder_kind, row.holder_name, row.holder_id),
        subject=subject or old.subject,
        public_key=public_key or old.public_key,
        lasts=lasts or old.not_after - old.not_before,
        label=row.label,
        renewed_from=row,
    )
