"""Sealing a document with a seal whose key rests in the device (J-29): recorded before and after."""

import uuid
from collections.abc import Sequence

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.compose.models import Document
from yichuan.compose.services.seal_ready import abandon, begin, keep, make_ready, refuse
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ses.errors import SesError
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.services.use import Place, apply


def seal_document(
    *, actor: Account, document_id: uuid.UUID, seal_id: uuid.UUID, places: Sequence[Place], computer: str = ""
) -> Document:
    """Put the seal on. A command in three parts: intent, device, outcome. `computer`: the registered device used."""
    at = clock.now()
    ready = make_ready(actor=actor, document_id=document_id, seal_id=seal_id, places=places, at=at)
    if ready.seal.carrier != Carrier.DEVICE:
        raise Refused("on_carrier", f"印章「{ready.seal.name}」的密钥在本单位的载体上，请在盖章页面插上载体再盖。")
    use = begin(actor, ready, at=at, computer=computer)
    try:
        return keep(actor, ready, use, apply(use, ready.waiting))
    except (OfdError, SesError) as error:
        abandon(use, error.code)
        refuse(ready.seal, error)
    except Exception as error:
        abandon(use, getattr(error, "code", type(error).__name__))
        raise
