"""Certifying a key that was made elsewhere: a person's browser or USB key, another system (G-28)."""

import uuid
from datetime import timedelta

from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.registry import Holder, make_certificate
from yichuan.keys.states import Use
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Name


def certify(
    *,
    use: Use,
    holder_kind: str,
    holder_id: uuid.UUID | None,
    subject: Name,
    public_key: PublicKey,
    lasts: timedelta,
    holder_name: str = "",
    actor: Actor | None = None,
) -> IssuedCertificate:
    """A certificate for `public_key`; whoever calls has made sure that the holder has its other half. A step.

    The row is returned; `.certificate` is the certificate itself. Refused `key_taken`: one key is one holder's, ever.
    """
    require_transaction()
    if IssuedCertificate.objects.filter(key_digest=sm3(public_key.der).hex()).exists():
        raise Refused("key_taken", "这个密钥已经用过，不能再发证书。请重新生成密钥后再申请。", field="public_key")
    holder = Holder(holder_kind, holder_name or str(subject), holder_id)
    return make_certificate(actor=actor, use=use, holder=holder, subject=subject, public_key=public_key, lasts=lasts)
