"""Using a seal: intent committed, key asked, outcome committed (S8; architecture, contract 4)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.sealing import ToSign
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Opening, Seal, SealUse
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.places import Place
from yichuan.seals.services.opened import give_back, password_of, require_custodian, take_use, used
from yichuan.seals.services.usable import require_usable
from yichuan.seals.services.use_bytes import assemble

__all__ = ["OPEN_AT_MOST", "Place", "apply", "begin_use", "fail_use", "finish_use", "reap_uses"]

OPEN_AT_MOST = timedelta(minutes=5)


def begin_use(
    *,
    actor: Account,
    seal: Seal,
    document_id: uuid.UUID,
    digest: bytes,
    places: Sequence[Place] = (),
    number: str = "",
    computer: str = "",
    at: datetime | None = None,
    prepared: bytes = b"",
    session: str = "",
    attachments: str = "",
) -> SealUse:
    """Write down who is about to put which seal where on what. A step.

    `digest` is SM3 of the body, `attachments` of their list; `computer` the registered device at which the person
    sits; `at` the time that the signature names. A use on a carrier is bound to `session` (its login) and to
    `prepared`, the bytes that were shown. Refused as `require_usable`, and where an opening is wanted and is not there.
    """
    require_transaction()
    at = at or clock.now()
    seal = Seal.objects.select_for_update(of=("self",)).get(pk=seal.pk)
    check(actor, SealsPermission.USE, seal)
    require_usable(seal, at)
    opening = take_use(
        actor=actor, seal=seal, document_id=document_id, digest=digest, places=places, attachments=attachments
    )
    use = SealUse.objects.create(
        seal=seal,
        custodian=actor,
        opening=opening,
        document_id=document_id,
        number=number,
        custodians=_opened_by(opening) or [actor.name],
        carrier=seal.carrier,
        device=computer or Carrier(seal.carrier).label,
        places=[place.to_json() for place in places],
        digest_before=digest.hex(),
        prepared=sm3(prepared).hex() if prepared else "",
        session=session,
        attachments=attachments,
        state=SealUse.State.INTENT,
        begun_at=at,
    )
    detail = {"seal": str(seal.pk), "document": str(document_id), "digest": digest.hex(), "carrier": seal.carrier}
    record(verb="seals.begin_use", actor=actor, unit_id=seal.unit_id, subject=use, detail=detail)
    return use


def _opened_by(opening: Opening | None) -> list[str]:
    """The names of the custodians who agreed, in the order in which they did."""
    if opening is None:
        return []
    agreed = opening.approvals.filter(agreed=True).order_by("at")
    return list(agreed.values_list("custodian__account__name", flat=True))


def apply(use: SealUse, waiting: ToSign) -> bytes:
    """Ask the device for the signature and assemble. Outside of any transaction. Raises as `use_bytes.assemble`."""
    password = password_of(use.opening) if use.opening else None
    try:
        signature = device().sign(use.seal.key_label, waiting.message, password=password)
    except DeviceError as error:
        raise unavailable(error) from error
    return assemble(waiting, signature)


def finish_use(use: SealUse, sealed: bytes) -> None:
    """Complete the record. A step, in the transaction that keeps the sealed document.

    Refused as `require_usable` where something befell the seal meanwhile; NotAllowed where others keep it now.
    """
    require_transaction()
    seal = Seal.objects.select_for_update(of=("self",)).get(pk=use.seal_id)
    require_usable(seal, clock.now())
    custodian = Account.objects.get(pk=use.custodian_id)
    check(custodian, SealsPermission.USE, seal)
    require_custodian(custodian, seal)
    _settle(use, SealUse.State.DONE, digest_after=sm3(sealed).hex())
    used(use)


def fail_use(use: SealUse, reason: str) -> None:
    """Record that nothing was sealed; what an opening gave goes back. A step."""
    require_transaction()
    _settle(use, SealUse.State.FAILED, reason=reason)
    give_back(use)


def reap_uses() -> int:
    """Settle intents whose process died or whose carrier never answered: nothing is sealed. A command."""
    with command():
        stale = SealUse.objects.select_for_update().filter(
            state=SealUse.State.INTENT, begun_at__lt=clock.now() - OPEN_AT_MOST
        )
        uses = list(stale)
        for use in uses:
            fail_use(use, "办理中断")
    return len(uses)


def _settle(use: SealUse, state: SealUse.State, *, digest_after: str = "", reason: str = "") -> None:
    changed = SealUse.objects.filter(pk=use.pk, state=SealUse.State.INTENT).update(
        state=state, ended_at=clock.now(), digest_after=digest_after, reason=reason
    )
    if not changed:
        raise Refused("use_settled", "这次用印已经中断，没有盖成。请重新盖章。")
    detail = {"digest": digest_after, "reason": reason}
    record(verb=f"seals.use_{state.value}", actor=use.custodian, unit_id=use.seal.unit_id, subject=use, detail=detail)
