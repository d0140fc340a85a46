"""Certifying a key that was made elsewhere: a person's browser or USB key, another system (G-28)."""

import uuid
from datetime import timedelta

from yichuan.common.permissions import Actor
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.registry import Holder, make_certificate, require_new_key
from yichuan.keys.states import Use
from yichuan.lib.gm.sm2 import PublicKey
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
    require_new_key(public_key)
    holder = Holder(holder_kind, holder_name or str(subject), holder_id)
    return make_certificate(actor=actor, use=use, holder=holder, subject=subject, public_key=public_key, lasts=lasts)
