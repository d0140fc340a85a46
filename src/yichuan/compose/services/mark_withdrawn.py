"""The document's side of taking back what was sent."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import check
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document
from yichuan.compose.states import DOCUMENT
from yichuan.people.models import Account


def mark_withdrawn(actor: Account, document: Document, reason: str) -> None:
    """Move a locked document to withdrawn, with its log entry. A step of `exchange.services.withdraw`."""
    require_transaction()
    transition = DOCUMENT.find("withdraw", document.state)
    check(actor, transition.permission, document)
    document.state = transition.target
    document.changed_at = clock.now()
    document.save(update_fields=["state", "changed_at"])
    detail = {"number": document.number, "reason": reason}
    record(verb=transition.audit, actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
