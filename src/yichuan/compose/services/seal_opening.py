"""Asking a seal's custodians to open it for one document, placed as it stands on the page (申请用印, J-24)."""

import uuid
from collections.abc import Sequence

from yichuan.common import clock
from yichuan.compose.models import Document
from yichuan.compose.services.read import attachments_digest
from yichuan.compose.services.seal_ready import make_ready
from yichuan.people.models import Account
from yichuan.seals.models import Opening, Seal
from yichuan.seals.places import Place
from yichuan.seals.services.ask_opening import Wanted, ask_opening
from yichuan.seals.services.use_opening import Standing, standing_for


def ask_to_seal(
    *, actor: Account, document_id: uuid.UUID, seal_id: uuid.UUID, places: Sequence[Place], words: str = ""
) -> Opening:
    """Ask the custodians. A command. Everything that would keep it from being sealed so is refused now already."""
    ready = make_ready(actor=actor, document_id=document_id, seal_id=seal_id, places=places, at=clock.now())
    return ask_opening(actor=actor, seal_id=seal_id, wanted=[Wanted(document_id, ready.places)], words=words)


def opening_of(document: Document, seal: Seal) -> Standing:
    """How far the custodians are with this document. The caller has checked permission."""
    return standing_for(
        seal=seal,
        document_id=document.pk,
        digest=document.body_digest,
        attachments=attachments_digest(document),
    )
