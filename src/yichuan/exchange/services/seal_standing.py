"""Whether the seals on a delivered body might be used when they were: asked of the register itself (R3, J-25)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import UUIDField
from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.verified import Grounds
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.seals_on import registered


@dataclass(frozen=True)
class Standing:
    """A registered seal on a body: since when it ended (None while it is in use), and by when it had been put on."""

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


def standings(delivery: Delivery, grounds: Grounds) -> list[Standing]:
    """Every seal of this centre that signed the body, in the order of the signatures."""
    found = []
    for signature, stamped in grounds.stamped():
        seal = registered(signature)
        if seal is not None:
            sealed, by = _sealed(delivery, seal, stamped)
            found.append(Standing(seal, _ended(seal), sealed, by))
    return found


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


_uses = Prepared(
    lambda seal, document: SealUse.objects.filter(
        seal=seal, document_id=document, state=SealUse.State.DONE, ended_at__isnull=False
    ).order_by("pk")[:1],
    seal=UUIDField(),
    document=UUIDField(),
)


def _sealed(delivery: Delivery, seal: Seal, stamped: datetime | None) -> tuple[datetime, str]:
    """The earliest proof that the seal was on: its time stamp, the record of its use, the sending itself."""
    proofs = [(delivery.dispatch.sent_at, "发送时间")]
    if stamped is not None:
        proofs.append((stamped, "时间戳"))
    use = next(iter(_uses(seal=seal.pk, document=delivery.dispatch.document_id)), None)
    if use is not None and use.ended_at is not None:
        proofs.append((use.ended_at, "用印登记"))
    return min(proofs)


def _ended(seal: Seal) -> datetime | None:
    return min((each for each in (seal.suspended_at, seal.withdrawn_at, seal.destroyed_at) if each), default=None)


def _said(at: datetime) -> str:
    local = localtime(at, profile.current().zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
