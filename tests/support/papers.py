"""Dispatches with something on paper: by dual track, with paper attachments, to units that are not connected."""

import uuid
from collections.abc import Sequence

from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.name_papers import name_paper
from yichuan.exchange.models import Dispatch, PaperItem
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.send import send
from yichuan.exchange.services.track import set_track
from yichuan.org.duties import Duty
from yichuan.people.models import Account


def dual(world: World, receiver: str | None = None, sender: str | None = None, track: str = "dual") -> Account:
    """A rule of dual (or `track`) exchange; without names for everybody. Returns the approver who set it."""
    approver = world.holder(Duty.SUPERVISOR, "市府办公室", number=uuid.uuid4().int % 10**6)
    set_track(
        actor=approver,
        at=world.sender,
        sender_id=world.units[sender].pk if sender else None,
        receiver_id=world.units[receiver].pk if receiver else None,
        track=track,
        reason="江府办〔2008〕60号",
    )
    return approver


def sent_with_papers(
    world: World,
    *names: str,
    attached: Sequence[tuple[str, int]] = (),
    paper: Sequence[PaperRecipientWish] = (),
    document: Document | None = None,
) -> Dispatch:
    """A dispatch to these units, with paper attachments (name, copies) and to those not connected."""
    ready = document or world.sealed()
    for name, copies in attached:
        name_paper(actor=world.sending_clerk, document_id=ready.pk, name=name, copies=copies)
    return send(
        actor=world.sending_clerk,
        document=ready,
        recipients=world.recipients(*names),
        idempotency_key=uuid.uuid4(),
        paper=paper,
    )


def items_of(dispatch: Dispatch) -> list[tuple[str, str, str, int]]:
    """What each recipient is to get: its short name, the kind, the name, the copies."""
    rows = PaperItem.objects.filter(delivery__dispatch=dispatch).order_by("delivery__order", "order")
    return [(row.delivery.unit.short_name, row.kind, row.name, row.copies) for row in rows]
