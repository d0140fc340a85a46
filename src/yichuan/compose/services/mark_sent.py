"""The document's side of sending."""

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document
from yichuan.compose.states import DOCUMENT
from yichuan.seals.models import SealUse


def mark_sent(document: Document) -> None:
    """Move a locked document to sent. A step of `exchange.services.send`, which writes the log entry of both.

    Refused where its seal was withdrawn since: the unit was renamed or merged before the document left it.
    """
    require_transaction()
    uses = SealUse.objects.filter(document_id=document.pk, state=SealUse.State.DONE, reason="").select_related("seal")
    in_turn = [each.use_id for each in document.joint_seals.all() if each.use_id]
    on_it = uses.filter(pk__in=in_turn) if in_turn else uses.order_by("-ended_at")[:1]
    for use in on_it:
        if use.seal.withdrawn_at is not None:
            raise Refused(
                "seal_withdrawn", f"印章「{use.seal.name}」在盖章以后已停用，公文没有发出。请退回修改，重新盖章再发。"
            )
    document.state = DOCUMENT.find("send", document.state).target
    document.unsealed = ""  # nobody hands back what is sent
    document.changed_at = clock.now()
    document.save(update_fields=["state", "unsealed", "changed_at"])
