"""Handing back a step with a reason (D1, J-29): the custodian to the clerk, the sender to the custodian."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.models import Document, HandBack
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.finish import drop_body
from yichuan.compose.services.joint import call_to_seal, turn_of
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.reasons import given_reason
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Account
from yichuan.seals.services.void_uses import void_uses


def hand_back(*, actor: Account, document_id: uuid.UUID, reason: str) -> Document:
    """Give a document back to the step before. A command.

    From sealing it goes back to its clerk, as a draft; from sending to sealing, with the body as it was before the
    first seal: the seals on it are void, which stays on the ledger, and joint signers begin anew. Raises Invalid on
    `reason`; Refused `wrong_state`, `not_sealed_here`, `changed`.
    """
    read = own(actor, document_id, ComposePermission.SEE)
    reason = given_reason(reason, noun="退回原因")
    DOCUMENT.find("hand_back", read.state)
    digest = _unsealed_digest(read)
    with command():
        document = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("hand_back", document.state)
        check(actor, transition.permission, turn_of(document) or document)
        if (document.state, document.unsealed) != (read.state, read.unsealed):
            raise Refused("changed", "办理时公文又有变动，没有退回。请刷新页面看最新情况。")
        source, before = document.state, document.body_digest
        void_uses(actor=actor, document_id=document.pk, why="公文退回上一步")
        if transition.target == DocumentState.DRAFT:
            drop_body(document)
        else:
            document.body, document.body_digest, document.unsealed = document.unsealed, digest, ""
            document.joint_seals.update(use_id=None, sealed_at=None)
        document.state = transition.target
        document.changed_at = clock.now()
        document.save()
        HandBack.objects.create(
            document=document, source=source, target=transition.target, reason=reason, by=actor, at=clock.now()
        )
        detail = {"from": source, "to": document.state, "digest": before, "reason": reason}
        record(verb=transition.audit, actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
        publish("handed_back", [document.unit_id], subject_id=document.pk)
        if document.state == DocumentState.READY:
            call_to_seal(document)
    return document


def _unsealed_digest(document: Document) -> str:
    """SM3 of the body that comes back, in hex; "" where none does. Reads the file, outside of locks."""
    if document.state != DocumentState.SEALED:
        return ""
    if not document.unsealed:
        raise Refused(
            "not_sealed_here", "这件公文没有在这里盖过章，没有可以退回的盖章步骤。内容有错请用「退回修改」重新制作。"
        )
    return sm3(sealed.read_bytes(own_key(document), document.body_context, document.unsealed)).hex()
