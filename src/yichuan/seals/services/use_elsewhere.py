"""A seal that was used in the unit's office system, with the carrier it keeps: on the ledger when the body comes in."""

import uuid
from datetime import datetime

from django.db.models import CharField, UUIDField

from yichuan.audit.models import Entry
from yichuan.audit.services.record import entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.prepared import Prepared
from yichuan.common.rows import insert
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.opened import needs_opening
from yichuan.seals.services.usable import require_usable
from yichuan.seals.services.void_uses import VOID

WHERE = "办公系统"
_lock = Prepared(lambda pk: Seal.objects.select_for_update(of=("self",)).defer("der").filter(pk=pk), pk=UUIDField())
_uses = Prepared(
    lambda seal, act: (
        SealUse.objects.filter(seal=seal, prepared=act).exclude(state=SealUse.State.FAILED).order_by("pk")
    ),
    seal=UUIDField(),
    act=CharField(),
)


def require_usable_elsewhere(seal: Seal, at: datetime) -> None:
    """Refuse a seal that a unit may not use outside of the centre: one that several custodians open together, or whose
    key never leaves the device. Refused `only_here`, and as `require_usable`."""
    if needs_opening(seal) or seal.carrier == Carrier.DEVICE:
        raise Refused("only_here", f"印章「{seal.name}」只能在交换系统里由保管人盖，不接收在别处盖好的公文。")
    require_usable(seal, at)


def record_use_elsewhere(
    *,
    actor: Account,
    seal: Seal,
    document_id: uuid.UUID,
    number: str,
    digest: str,
    attachments: str,
    signed: datetime,
    act: str,
) -> Entry:
    """Write the use down as it comes to the centre's knowledge (S8); the entry of the log that is the caller's to add.
    A step. `digest`: SM3 of the sealed body, in hex.

    `signed` is the time that the signature names, `act` the SM3 of what it signed, in hex. Refused as
    `require_usable_elsewhere`, and `used_already` where the same signature is on the ledger, also if it is void.
    """
    require_transaction()
    [seal] = _lock(pk=seal.pk)
    at = clock.now()
    require_usable_elsewhere(seal, at)
    _require_new(seal, act)
    use = SealUse(
        seal=seal,
        custodian=actor,
        custodians=[actor.name],
        document_id=document_id,
        number=number,
        carrier=seal.carrier,
        device=WHERE,
        digest_before=digest,
        digest_after=digest,
        attachments=attachments,
        prepared=act,
        state=SealUse.State.DONE,
        begun_at=min(signed, at),
        ended_at=at,
    )
    insert(use)
    detail = {"seal": str(seal.pk), "document": str(document_id), "digest": digest, "carrier": seal.carrier}
    return entry(verb="seals.use_elsewhere", actor=actor, unit_id=seal.unit_id, subject=use, detail=detail)


def _require_new(seal: Seal, act: str) -> None:
    """One signature is one use: what was made void does not come back, and what one document had no other gets."""
    found = _uses(seal=seal.pk, act=act)
    if not found:
        return
    before = found[0]
    if before.reason.startswith(VOID):
        raise Refused("used_already", "文件上的这次盖章已作废，没有保存。请重新盖章后再传。")
    raise Refused("used_already", f"文件上的这次盖章已经用在 {before.number}，没有保存。请为这件公文另行盖章。")
