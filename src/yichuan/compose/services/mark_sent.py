"""The document's side of sending."""

import uuid
from typing import Any

from django.db.models import QuerySet, UUIDField

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document, JointSeal
from yichuan.compose.states import DOCUMENT
from yichuan.seals.models import SealUse


def _use_rows(document: uuid.UUID) -> QuerySet[SealUse, tuple[Any, ...]]:
    done = SealUse.objects.filter(document_id=document, state=SealUse.State.DONE, reason="")
    return done.order_by("-ended_at").values_list("pk", "seal__name", "seal__withdrawn_at")


def _in_turn_rows(document: uuid.UUID) -> QuerySet[JointSeal, uuid.UUID | None]:
    return JointSeal.objects.filter(document=document).exclude(use_id=None).values_list("use_id", flat=True)


_uses, _in_turn = Prepared(_use_rows, document=UUIDField()), Prepared(_in_turn_rows, document=UUIDField())


def mark_sent(document: Document) -> None:
    """Move a locked document to sent. A step of `exchange.services.send`, which writes the log entry of both.

    Refused where its seal was withdrawn since: the unit was renamed or merged before the document left it.
    """
    require_transaction()
    uses, in_turn = _uses(document=document.pk), set(_in_turn(document=document.pk))
    for pk, name, withdrawn_at in uses if in_turn else uses[:1]:
        if withdrawn_at is not None and (not in_turn or pk in in_turn):
            raise Refused("seal_withdrawn", f"印章「{name}」在盖章以后已停用，公文没有发出。请退回修改，重新盖章再发。")
    document.state = DOCUMENT.find("send", document.state).target
    document.unsealed = ""  # nobody hands back what is sent
    document.changed_at = clock.now()
    document.save(update_fields=["state", "unsealed", "changed_at"])
