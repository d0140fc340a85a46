"""Using a seal: intent committed, device called, outcome committed (S8; architecture, contract 4)."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.registry import row_of
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ses.model import parse_seal
from yichuan.people.models import Account
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.permissions import SealsPermission

OPEN_AT_MOST = timedelta(minutes=5)


@dataclass(frozen=True)
class Place:
    """Where the seal's centre goes: page from 0, millimetres from the page's top left."""

    page_index: int
    x_mm: float
    y_mm: float


def begin_use(*, actor: Account, seal: Seal, document_id: uuid.UUID, digest: bytes) -> SealUse:
    """Write down who is about to put which seal on what. A step."""
    require_transaction()
    check(actor, SealsPermission.USE, seal)
    if seal.withdrawn_at is not None:
        raise Refused("seal_withdrawn", f"印章「{seal.name}」已停用，不能盖章。")
    if row_of(seal.key_label).state != CertificateState.VALID:
        raise Refused("seal_certificate", f"印章「{seal.name}」的证书已挂失或者吊销，不能盖章。请联系系统保密员。")
    use = SealUse.objects.create(
        seal=seal,
        custodian=actor,
        document_id=document_id,
        digest_before=digest.hex(),
        state=SealUse.State.INTENT,
        begun_at=clock.now(),
    )
    detail = {"seal": str(seal.pk), "document": str(document_id), "digest": digest.hex()}
    record(verb="seals.begin_use", actor=actor, unit_id=seal.unit_id, subject=use, detail=detail)
    return use


def apply(use: SealUse, ofd: bytes, places: list[Place]) -> bytes:
    """Ask the device and assemble the sealed OFD; verified before it is returned. Outside of any transaction."""
    seal = use.seal
    certificate = Certificate.from_der(bytes(seal.certificate))
    stamps = [Stamp(place.page_index, place.x_mm, place.y_mm) for place in places]
    waiting = prepare_sealing(ofd, parse_seal(bytes(seal.der)), stamps).for_signer(certificate, clock.now())
    try:
        signature = device().sign(seal.key_label, waiting.message)
    except DeviceError as error:
        raise unavailable(error) from error
    return waiting.attach(signature).data


def finish_use(use: SealUse, sealed: bytes) -> None:
    """Complete the record. A step, in the transaction that keeps the sealed document."""
    require_transaction()
    _settle(use, SealUse.State.DONE, digest_after=sm3(sealed).hex())


def fail_use(use: SealUse, reason: str) -> None:
    """Record that nothing was sealed. A step."""
    require_transaction()
    _settle(use, SealUse.State.FAILED, reason=reason)


def reap_uses() -> int:
    """Settle intents whose process died: an answer of the device was never kept, so nothing is sealed. A command."""
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
