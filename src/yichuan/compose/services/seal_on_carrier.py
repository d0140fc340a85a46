"""Sealing with a key that the unit keeps itself (J-24): prepared and shown, signed by the carrier, finished.

Between the two requests nothing rests here but the record of the use: the same body, places, seal and second give the
same bytes, so they are prepared again and compared.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import NotFound, Refused
from yichuan.compose.models import Document
from yichuan.compose.services.seal_ready import Ready, abandon, begin, keep, make_ready, refuse
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ses.errors import SesError
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import SealUse
from yichuan.seals.places import Place, read_places
from yichuan.seals.services.use import OPEN_AT_MOST
from yichuan.seals.services.use_bytes import assemble

LONGEST_SIGNATURE = 80
CHANGED = "准备以后正文、附件或印章有改动，没有盖成。请重新核对后再盖。"


@dataclass(frozen=True)
class Prepared:
    """What the carrier is asked to sign, and what that is."""

    use: SealUse
    message: bytes
    shown: dict[str, Any]


def prepare_on_carrier(
    *,
    actor: Account,
    document_id: uuid.UUID,
    seal_id: uuid.UUID,
    places: Sequence[Place],
    session: str,
    computer: str = "",
) -> Prepared:
    """Commit the intent and prepare the bytes. A command. `session` is the login at which the carrier must answer."""
    at = clock.now()
    ready = make_ready(actor=actor, document_id=document_id, seal_id=seal_id, places=places, at=at)
    if ready.seal.carrier == Carrier.DEVICE:
        raise Refused("in_device", f"印章「{ready.seal.name}」的密钥在密码设备里，不用插载体，请直接盖章。")
    message = ready.waiting.message
    use = begin(actor, ready, at=at, computer=computer, session=session, prepared=message)
    return Prepared(use, message, _shown(ready, use))


def _shown(ready: Ready, use: SealUse) -> dict[str, Any]:
    """What is about to be signed, for the person and for the browser that checks what it can."""
    said = ready.waiting.describe()
    return {
        "title": ready.document.title,
        "number": ready.document.number or "",
        "pages": said["pages"],
        "places": [place.words for place in ready.places],
        "body": ready.digest.hex(),
        "attachments": ready.document.attachments.count(),
        "seal": said["seal"],
        "at": said["at"],
        "until": (use.begun_at + OPEN_AT_MOST).isoformat(),
        "content": said["signature_xml_sm3"],
        "digest": use.prepared,
    }


def finish_on_carrier(
    *, actor: Account, use_id: uuid.UUID, certificate: bytes, signature: bytes, session: str
) -> Document:
    """Take the carrier's answer, verify, assemble, keep. A command; whatever is wrong, nothing is half sealed.

    Refused `use_settled`, `use_session`, `use_expired`, `changed`, `carrier_other`, `carrier_signature`, and what
    `make_ready` and `keep` refuse.
    """
    use = _own_use(actor, use_id, session)
    try:
        ready = _again(actor, use)
        if certificate != bytes(ready.seal.certificate):
            raise Refused(
                "carrier_other",
                f"载体里的证书不是印章「{ready.seal.name}」的，没有盖成。请换这枚印章的载体再盖。",
            )
        if len(signature) > LONGEST_SIGNATURE:
            raise SesError("signature", "longer than any SM2 signature")
        return keep(actor, ready, use, assemble(ready.waiting, signature))
    except (OfdError, SesError) as error:
        abandon(use, error.code)
        refuse(use.seal, error)
    except Exception as error:
        abandon(use, getattr(error, "code", type(error).__name__))
        raise


def give_up(*, actor: Account, use_id: uuid.UUID, session: str, reason: str) -> None:
    """The carrier did not sign, or the person did not want it to. A command; nothing where the use is settled."""
    said = " ".join(reason.split())
    abandon(_own_use(actor, use_id, session, late=True), "没有签名" if hides_something(said) else said or "没有签名")


def _own_use(actor: Account, use_id: uuid.UUID, session: str, *, late: bool = False) -> SealUse:
    use = SealUse.objects.select_related("seal").filter(pk=use_id, custodian=actor).exclude(prepared="").first()
    if use is None:
        raise NotFound("no_use", "没有这次用印，请回到盖章页面重新盖。")
    if use.session != session:
        raise Refused("use_session", "这次用印是在另一次登录里准备的，不能接着盖。请重新盖章。")
    if use.state == SealUse.State.DONE and not late:
        raise Refused("use_settled", "这次用印已经盖好，不用再盖。请刷新页面查看。")
    if use.state != SealUse.State.INTENT and not late:
        raise Refused("use_settled", "这次用印已经中断，没有盖成。请重新盖章。")
    if clock.now() - use.begun_at > OPEN_AT_MOST and not late:
        abandon(use, "办理中断")
        raise Refused("use_expired", "准备好以后超过 5 分钟没有签名，没有盖成。请重新盖章。")
    return use


def _again(actor: Account, use: SealUse) -> Ready:
    """The same bytes from what is stored now; Refused `changed` where they are others than those that were shown."""
    ready = make_ready(
        actor=actor,
        document_id=use.document_id,
        seal_id=use.seal_id,
        places=read_places(use.places),
        at=use.begun_at,
    )
    same = ready.digest.hex() == use.digest_before and ready.attached == use.attachments
    if not same or sm3(ready.waiting.message).hex() != use.prepared:
        raise Refused("changed", CHANGED)
    return ready
