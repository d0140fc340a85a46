"""Sending (J-30, J-31): the dispatch and all its deliveries come to be in one transaction, exactly once."""

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import UUIDField

from yichuan.audit.models import Entry
from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.calendar import counted_day
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.ids import new_id
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.prepared import Prepared
from yichuan.common.rows import insert, insert_rows
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.keys import own_key, wrap_for_all
from yichuan.compose.services.mark_sent import mark_sent
from yichuan.compose.services.read import attachments_digest
from yichuan.compose.services.stored import require_stored
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.calls import CallRecord, record_call, require_call
from yichuan.exchange.services.clock_back import require_clock
from yichuan.exchange.services.late_notices import counted_days
from yichuan.exchange.services.paper import PaperRecipientWish, add_paper_recipients, check_wishes, expect_paper
from yichuan.exchange.services.routing import Recipient, Share, route
from yichuan.exchange.services.settle_return import settle_corrected
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Box
from yichuan.org.selectors import name_of
from yichuan.org.selectors.addressing import OpenBox
from yichuan.org.services.hold_boxes import HeldBox, hold_boxes
from yichuan.people.models import Account

__all__ = ["Recipient", "send"]

TRIES = 3
"""How often the wraps are made again because a box changed hands between them and the transaction."""


_read = Prepared(lambda pk: Document.objects.filter(pk=pk).select_related("box"), pk=UUIDField())
_lock = Prepared(lambda pk: Document.objects.filter(pk=pk).select_for_update(), pk=UUIDField())


@dataclass(frozen=True)
class Unkept:
    """A document that is new, and kept as it is sent: its key, and the step that keeps it as one that is sent, under
    its own box as it is held; that gives the entries of the log that tell of it. It has no attachments."""

    key: bytes = field(repr=False)
    keep: Callable[[HeldBox], list[Entry]]


class _MovedError(Exception):
    """A box that was to be delivered to closed or went under a new key meanwhile."""


@dataclass(frozen=True)
class _Request:
    """What is asked for, and the key under which it is asked for once."""

    recipients: Sequence[Recipient]
    key: uuid.UUID
    call: CallRecord | None
    accept_without_call: bool
    paper: Sequence[PaperRecipientWish]
    declared: bool

    def digest(self, document_id: uuid.UUID) -> str:
        """One digest over all that is asked for: the same key with anything else in it is another request."""
        lines = [[str(r.unit_id), str(r.office_id or ""), str(r.role), r.allowance] for r in self.recipients]
        asked: list[Any] = [str(document_id), lines]
        beside = {
            "paper": [[wish.name, str(wish.role), wish.address, wish.copies] for wish in self.paper],
            "call": asdict(self.call) | {"at": self.call.at.isoformat()} if self.call else None,
            "without_call": self.accept_without_call,
        }
        if any(beside.values()):
            asked.append(beside)
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def send(
    *,
    actor: Account,
    document: Document,
    recipients: Sequence[Recipient],
    idempotency_key: uuid.UUID,
    call: CallRecord | None = None,
    accept_without_call: bool = False,
    paper: Sequence[PaperRecipientWish] = (),
    declared: bool = False,
    unkept: Unkept | None = None,
) -> Dispatch:
    """Send a sealed document. A command; its completion is the sending time (J-31).

    The same key with the same request returns the dispatch that is already there: a double click or a replay
    sends nothing twice. What is addressed to a closed unit reaches its successor; `paper` names those who are not
    connected; `call` is the telephone record of an urgent document out of hours (G-16); `declared`: that the sender
    declared it free of what is not exchanged here (J-4), which the log keeps. `unkept` is given with a document that is
    new. Raises `Invalid` field by field, `Refused` where the document is not ready to go.
    """
    check(actor, ComposePermission.SEND, document)
    wanted = _Request(recipients, idempotency_key, call, accept_without_call, paper, declared)
    for _ in range(TRIES):
        try:
            return _sent(actor, document, wanted, unkept)
        except _MovedError:
            continue
        except IntegrityError as error:  # the key is another document's
            raise _key_reused() from error
    raise Unavailable("boxes_moving", "收件单位正在办理变更，公文没有发出。请过一会儿再按一次。")


def _sent(actor: Account, document: Document, wanted: _Request, unkept: Unkept | None) -> Dispatch:
    if unkept is None:
        [document] = _read(pk=document.pk)
    repeated = _sent_under(wanted, document)
    if repeated is not None:
        return repeated
    DOCUMENT.find("send", document.state)
    require_clock(document)
    check_wishes(wanted.paper)
    if unkept is None:  # a new one's body has just been stored
        require_stored(document)
    shares = route(wanted.recipients, sender=document.unit_id)
    key = own_key(document) if unkept is None else unkept.key
    wraps = _wraps(document, key, shares)  # device work, before any lock is held
    with command():
        boxes = hold_boxes([document.box_id, *wraps])
        moved = any(not _same(share.box, boxes[share.box.id]) for share in shares)
        if unkept is None:
            [current] = _lock(pk=document.pk)
            # The second of two clicks waited for the lock: what the first one did is there to be seen only now.
            repeated = _sent_under(wanted, current)
            if repeated is not None:
                return repeated
            moved = moved or current.unit_id != document.unit_id
        if moved:
            raise _MovedError
        entries: list[Entry] = []
        if unkept is None:
            mark_sent(current)
        else:
            entries = unkept.keep(boxes[document.box_id])
            current = document
        check(actor, ComposePermission.SEND, current)
        return _create(actor, current, shares, wraps, wanted, entries)


def _same(before: OpenBox, now: HeldBox) -> bool:
    """Whether the box is still the open one that the wrap was made for."""
    return now.closed_at is None and (before.unit_id, before.generation) == (now.unit_id, now.generation)


def _wraps(document: Document, key: bytes, shares: list[Share]) -> dict[uuid.UUID, bytes]:
    labels = {share.box.id: Box.wrapping_label_for(share.box.id, share.box.generation) for share in shares}
    made = wrap_for_all(labels.values(), document, key)
    return {box_id: made[label] for box_id, label in labels.items()}


def _create(
    actor: Account,
    document: Document,
    shares: list[Share],
    wraps: dict[uuid.UUID, bytes],
    wanted: _Request,
    entries: list[Entry],
) -> Dispatch:
    """`entries` are those of a document that came to be in this transaction; what hangs on another is looked for."""
    at, new = clock.now(), bool(entries)
    without_call = require_call(document, at, wanted.call, accept_without=wanted.accept_without_call)
    days = counted_days(document.unit_id, [share.box.unit_id for share in shares], at)
    dispatch = Dispatch(
        document=document,
        unit_id=document.unit_id,
        sender=name_of(document.unit_id),
        sent_by=actor,
        sent_at=at,
        counted_day=counted_day(at),
        idempotency_key=wanted.key,
        request_digest=wanted.digest(document.pk),
        attachments_digest="" if new else attachments_digest(document),
        without_call=without_call,
    )
    insert(dispatch)
    deliveries = {new_id(): share for share in shares}
    _deliver(dispatch, deliveries, wraps, days)
    detail: dict[str, Any] = {
        "number": document.number,
        "digest": document.body_digest,
        "attachments": dispatch.attachments_digest,
        "recipients": len(shares),
    }
    if papers := expect_paper(dispatch, {pk: share.box.unit_id for pk, share in deliveries.items()}, new=new):
        detail["paper_items"] = len(papers)
    if on_paper := add_paper_recipients(dispatch, wanted.paper):
        detail["paper_recipients"] = len(on_paper)
    detail |= {name: True for name, said in (("without_call", without_call), ("declared", wanted.declared)) if said}
    routed = {share.addressee.name: str(share.box.unit_id) for share in shares if share.routed}
    if routed:
        detail["routed"] = routed
    sending = entry(verb="exchange.send", actor=actor, unit_id=document.unit_id, subject=dispatch, detail=detail)
    record_all([*entries, sending])
    if document.corrects is not None:
        settle_corrected(actor=actor, corrected=document.corrects, by=document)
    if wanted.call is not None:
        record_call(actor=actor, dispatch=dispatch, call=wanted.call)
    publish("arrival", [share.box.unit_id for share in shares], subject_id=dispatch.pk)
    return dispatch


PER_SHARE = (
    "id", "unit_id", "office_id", "box_id", "addressee_id", "addressee_office", "role", "order", "allowance",
    "wrapped_key", "counted_day",
)  # fmt: skip


def _deliver(
    dispatch: Dispatch, deliveries: dict[uuid.UUID, Share], wraps: dict[uuid.UUID, bytes], days: dict[uuid.UUID, date]
) -> None:
    """Put one delivery into each box, in the order of the shares, all at once."""
    insert_rows(
        Delivery,
        same={"dispatch_id": dispatch.pk, "state": DeliveryState.DELIVERED.value, "arrived_at": dispatch.sent_at},
        each=PER_SHARE,
        rows=(
            (
                pk, share.box.unit_id, share.box.office_id, share.box.id, share.addressee.id, share.addressee_office,
                share.role.value, order, share.allowance, wraps[share.box.id], days.get(share.box.unit_id),
            )
            for order, (pk, share) in enumerate(deliveries.items(), start=1)
        ),
    )  # fmt: skip


def _sent_under(wanted: _Request, document: Document) -> Dispatch | None:
    """The dispatch that went out under this key. While the document waits to be sent there is none, or it is another
    document's, which the key's own constraint says."""
    if document.state == DocumentState.SEALED:
        return None
    dispatch = Dispatch.objects.filter(idempotency_key=wanted.key).first()
    if dispatch is not None and dispatch.request_digest != wanted.digest(document.pk):
        raise _key_reused()
    return dispatch


def _key_reused() -> Refused:
    return Refused("key_reused", "这张发送单已经用过，内容却不一样。请刷新页面，重新填写发送单。")
