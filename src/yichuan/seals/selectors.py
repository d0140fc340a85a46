"""Reading seals and their uses."""

import uuid

from yichuan.lib.ses.model import parse_seal
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal, SealUse


def seals_in_use(unit_id: uuid.UUID) -> list[Seal]:
    """The unit's seals that have been made and not been withdrawn."""
    rows = Seal.objects.filter(unit_id=unit_id, withdrawn_at=None).exclude(state=SealState.MAKING)
    return list(rows.order_by("issued_at"))


def size_of(seal: Seal) -> tuple[float, float]:
    """Width and height of the seal's picture, millimetres."""
    picture = parse_seal(bytes(seal.der)).picture
    return float(picture.width_mm), float(picture.height_mm)


def ledger(unit_id: uuid.UUID, *, limit: int = 200) -> list[SealUse]:
    """The unit's uses of its seals, the latest first (S8)."""
    return list(
        SealUse.objects.filter(seal__unit_id=unit_id).select_related("seal", "custodian").order_by("-begun_at")[:limit]
    )
