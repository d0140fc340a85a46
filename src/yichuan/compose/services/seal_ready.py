"""What sealing in the device and on a carrier share: everything looked at before, and keeping what came of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.joint import sealed_before, sealing_unit, take_turn, turn_of
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import attachments_digest, read_body
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.sealing import ToSign
from yichuan.lib.ses.errors import SesError
from yichuan.people.models import Account
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.places import Place, faults, read_places
from yichuan.seals.selectors import size_of
from yichuan.seals.services.usable import require_usable
from yichuan.seals.services.use import begin_use, fail_use, finish_use
from yichuan.seals.services.use_bytes import to_sign


@dataclass(frozen=True)
class Ready:
    """A document that can be sealed so: what was read, where the seal goes, and the bytes that its key signs."""

    document: Document
    seal: Seal
    places: list[Place]
    digest: bytes
    attached: str
    waiting: ToSign


def make_ready(
    *, actor: Account, document_id: uuid.UUID, seal_id: uuid.UUID, places: Sequence[Place], at: datetime
) -> Ready:
    """Check all that can be checked before anything is written, and prepare what is signed at `at`.

    Raises Invalid on `seal` and `places`; Refused as `require_usable`, `cannot_seal` and `seal_unfit`.
    """
    document = own(actor, document_id, ComposePermission.SEAL)
    DOCUMENT.find("seal", document.state)
    seal = Seal.objects.filter(pk=seal_id, unit=sealing_unit(actor, document)).first()
    if seal is None:
        raise Invalid({"seal": "请选择本单位在用的印章。"})
    turn = turn_of(document)
    if turn is not None and seal.name != turn.name:
        raise Invalid({"seal": f"这里署名的是「{turn.name}」，请选择刻有这个名称的印章。"})
    require_usable(seal, at)
    body = read_body(document)
    listed = read_places([place.to_json() for place in places])
    if wrong := faults(listed, page_sizes(body), size_of(seal), sealed_before(document)):
        raise Invalid({"places": wrong[0]})
    try:
        waiting = to_sign(seal, body, listed, at)
    except (OfdError, SesError) as error:
        refuse(seal, error)
    return Ready(document, seal, listed, sm3(body), attachments_digest(document), waiting)


def begin(
    actor: Account, ready: Ready, *, at: datetime, computer: str = "", session: str = "", prepared: bytes = b""
) -> SealUse:
    """Commit the intent. A command. Refused as `begin_use`."""
    with command():
        return begin_use(
            actor=actor,
            seal=ready.seal,
            document_id=ready.document.pk,
            digest=ready.digest,
            places=ready.places,
            number=ready.document.number or "",
            computer=computer,
            at=at,
            prepared=prepared,
            session=session,
            attachments=ready.attached,
        )


def keep(actor: Account, ready: Ready, use: SealUse, result: bytes) -> Document:
    """Commit the outcome: the sealed body in the place of the one that was looked at. A command."""
    read = ready.document
    blob = sealed.write_bytes(own_key(read), read.body_context, result)
    with command():
        document = Document.objects.select_for_update().get(pk=read.pk)
        transition = DOCUMENT.find("seal", document.state)
        check(actor, transition.permission, turn_of(document) or document)
        if document.body != read.body or attachments_digest(document) != ready.attached:
            raise Refused("changed", "盖章时正文或附件又有改动，没有盖成。请重新核对后再盖。")
        finish_use(use, result)
        document.unsealed = document.unsealed or document.body  # comes back where the sender hands back
        document.body = blob
        document.body_digest = sm3(result).hex()
        if take_turn(document, use):
            document.state = transition.target
        document.changed_at = clock.now()
        document.save()
        detail = {
            "number": document.number,
            "use": str(use.pk),
            "digest": document.body_digest,
            "attachments": ready.attached,
        }
        record(verb=transition.audit, actor=actor, unit_id=use.seal.unit_id, subject=document, detail=detail)
        publish("sealed", [document.unit_id], subject_id=document.pk)
    return document


def abandon(use: SealUse, reason: str) -> None:
    """Settle a use of which nothing came. A command; nothing where it was settled meanwhile."""
    with command():
        if SealUse.objects.filter(pk=use.pk, state=SealUse.State.INTENT).exists():
            fail_use(use, reason[:200])


def refuse(seal: Seal, error: OfdError | SesError) -> NoReturn:
    """What the libraries found, in the words of a clerk."""
    if isinstance(error, OfdError):
        raise Refused("cannot_seal", f"这个文件不能盖章：{why(error)}。") from error
    if error.code == "signature":
        raise Refused(
            "carrier_signature",
            f"签名和印章「{seal.name}」的证书对不上，没有盖成。请换这枚印章的载体再盖。",
        ) from error
    raise Refused(
        "seal_unfit", f"印章「{seal.name}」现在不能用：不在有效期内，或与证书不符。请联系交换中心。"
    ) from error
