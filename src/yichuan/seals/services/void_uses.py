"""Seals on a body that does not go out (公文退回以后): the uses stay on the ledger, marked as void (S8)."""

import uuid

from yichuan.audit.services.record import entry, record_all
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account
from yichuan.seals.models import SealUse

VOID = "已作废"


def void_uses(*, actor: Account, document_id: uuid.UUID, why: str) -> int:
    """Mark the uses that stand on the document, each with its log entry; returns how many. A step."""
    require_transaction()
    standing = SealUse.objects.filter(document_id=document_id, state=SealUse.State.DONE, reason="")
    uses = list(standing.select_related("seal").order_by("begun_at"))
    standing.update(reason=f"{VOID}：{why}")
    record_all(
        entry(verb="seals.void_use", actor=actor, unit_id=use.seal.unit_id, subject=use, detail={"reason": why})
        for use in uses
    )
    return len(uses)
