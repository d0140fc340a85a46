"""The document's side of sending."""

from yichuan.common import clock
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document
from yichuan.compose.states import DOCUMENT


def mark_sent(document: Document) -> None:
    """Move a locked document to sent. A step of `exchange.services.send`, which writes the log entry of both."""
    require_transaction()
    document.state = DOCUMENT.find("send", document.state).target
    document.changed_at = clock.now()
    document.save(update_fields=["state", "changed_at"])
