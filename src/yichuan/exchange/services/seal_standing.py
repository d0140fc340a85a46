"""Whether the seals on a delivered body might be used when they were: asked of the register itself (R3, J-25)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import UUIDField
from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.verified import Grounds
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.seals_on import registered


@dataclass(frozen=True)
class Standing:
    """A registered seal on a body: since when it ended (None while it is in use), and by when it had been put on,
    which counts for an ended one alone: only of those the ledger of uses is asked."""

    seal: Seal
    ended: datetime | None
    sealed: datetime
    by: str

    @property
    def good(self) -> bool:
        """Whether the seal was put on while it might be used."""
        return self.ended is None or self.sealed < self.ended

    @property
    def note(self) -> str:
        """How it stands, in a clerk's words."""
        if self.ended is None:
            return f"印章「{self.seal.name}」在用。"
        what = "已暂停使用" if self.seal.state == SealState.SUSPENDED else "已停用"
        cause = f"（{Cause(self.seal.cause).label}）" if self.seal.cause else ""
        ended = f"印章「{self.seal.name}」自 {_said(self.ended)} 起{what}{cause}"
        if self.good:
            return f"{ended}；这件公文在 {_said(self.sealed)} 之前已经盖好（{self.by}），仍然有效。"
        return f"{ended}，没有时间戳或者用印登记能证明这件公文是在此之前盖的。"


def standings(found: Sequence[tuple[Delivery, Grounds]]) -> list[list[Standing]]:
    """Of each delivery every seal of this centre that signed its body, in the order of the signatures.

    The register is asked anew each time, once for all of them.
    """
    seals: dict[bytes | None, Seal | None] = {}
    for _, grounds in found:
        for signature, _ in grounds.stamped():
            if signature.certificate not in seals:
                seals[signature.certificate] = registered(signature)
    over = {each.pk for each in seals.values() if each is not None and _ended(each) is not None}
    uses = _uses(over, {delivery.dispatch.document_id for delivery, _ in found})
    standing: list[list[Standing]] = []
    for delivery, grounds in found:
        standing.append([])
        for signature, stamped in grounds.stamped():
            seal = seals[signature.certificate]
            if seal is not None:
                used = uses.get((seal.pk, delivery.dispatch.document_id))
                standing[-1].append(Standing(seal, _ended(seal), *_sealed(delivery, stamped, used)))
    return standing


def _uses(
    seals: Collection[uuid.UUID], documents: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], datetime]:
    """When the use of a seal on a document, by its first record, was done."""
    done: dict[tuple[uuid.UUID, uuid.UUID], datetime] = {}
    for seal, document, ended in _done_uses(seals=seals, documents=documents) if seals else ():
        if ended is not None:
            done.setdefault((seal, document), ended)
    return done


_done_uses = Prepared(
    lambda seals, documents: (
        SealUse.objects.filter(
            seal__pk__among=seals, document_id__among=documents, state=SealUse.State.DONE, ended_at__isnull=False
        )
        .order_by("pk")
        .values_list("seal_id", "document_id", "ended_at")
    ),
    seals=Several(UUIDField()),
    documents=Several(UUIDField()),
)


def of_sender(delivery: Delivery, found: list[Standing]) -> bool:
    """Whether one of them is a seal of the unit that sent this, under whichever of its names, or of one that it had
    succeeded when it sent."""
    dispatch, sender = delivery.dispatch, delivery.dispatch.sender.unit_id
    units = [each.seal.unit for each in found]
    return any(
        unit.pk == sender
        or (unit.successor_id == sender and unit.closed_at is not None and unit.closed_at <= dispatch.sent_at)
        for unit in units
    )


def _sealed(delivery: Delivery, stamped: datetime | None, used: datetime | None) -> tuple[datetime, str]:
    """The earliest proof that the seal was on: its time stamp, the record of its use, the sending itself."""
    proofs = [(delivery.dispatch.sent_at, "发送时间")]
    if stamped is not None:
        proofs.append((stamped, "时间戳"))
    if used is not None:
        proofs.append((used, "用印登记"))
    return min(proofs)


def _ended(seal: Seal) -> datetime | None:
    return min((each for each in (seal.suspended_at, seal.withdrawn_at, seal.destroyed_at) if each), default=None)


def _said(at: datetime) -> str:
    local = localtime(at, profile.current().zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
