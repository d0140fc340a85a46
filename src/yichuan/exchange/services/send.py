"""Sending (J-30, J-31): the dispatch and all its deliveries come to be in one transaction, exactly once."""

import hashlib
import json
import uuid
from dataclasses import dataclass

from django.db import IntegrityError

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.keys import own_key, wrap_for
from yichuan.compose.services.mark_sent import mark_sent
from yichuan.compose.services.read import attachments_digest
from yichuan.compose.states import DOCUMENT
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Box, Unit
from yichuan.org.selectors import boxes_of, names_of
from yichuan.people.models import Account


@dataclass(frozen=True)
class Recipient:
    """A unit, as main or copy recipient, and how many originals it may print."""

    unit_id: uuid.UUID
    role: Delivery.Role
    allowance: int


def send(*, actor: Account, document: Document, recipients: list[Recipient], idempotency_key: uuid.UUID) -> Dispatch:
    """Send a sealed document. A command; its completion is the sending time (J-31).

    The same key with the same request returns the dispatch that is already there: a double click or a replay
    sends nothing twice. Raises `Invalid` field by field, `Refused` where the document is not ready to go.
    """
    check(actor, ComposePermission.SEND, document)
    digest = _digest(document, recipients)
    repeated = _sent_under(idempotency_key, digest)
    if repeated is not None:
        return repeated
    DOCUMENT.find("send", document.state)
    units = _valid(document, recipients)
    wraps = _wraps(document, units)  # device work, before any lock is held
    try:
        with command():
            current = Document.objects.select_for_update().get(pk=document.pk)
            # The second of two clicks waited for the lock: what the first one did is there to be seen only now.
            repeated = _sent_under(idempotency_key, digest)
            if repeated is not None:
                return repeated
            mark_sent(current)
            check(actor, ComposePermission.SEND, current)
            return _create(actor, current, recipients, wraps, idempotency_key, digest)
    except IntegrityError as error:  # the key is another document's, sent in the same moment
        raise _key_reused() from error


def _valid(document: Document, recipients: list[Recipient]) -> list[uuid.UUID]:
    errors: dict[str, str] = {}
    ids = [recipient.unit_id for recipient in recipients]
    if not any(recipient.role == Delivery.Role.MAIN for recipient in recipients):
        errors["main"] = "主送是空的，请至少选一个单位。（第三十条）"
    if document.unit_id in ids:
        errors["main"] = "不能发给本单位自己，请从收件单位里去掉。"
    twice = {unit_id for unit_id in ids if ids.count(unit_id) > 1}
    if twice:
        names = "、".join(Unit.objects.filter(pk__in=twice).values_list("short_name", flat=True))
        errors["copy"] = f"{names} 重复了：一个单位只能出现一次，主送或抄送。"
    if len(boxes_of(ids)) < len(set(ids)):
        errors["main"] = "有的收件单位不在通讯录里，请从名单中选择。"
    most = profile.current().greatest_allowance
    if any(not 0 <= recipient.allowance <= most for recipient in recipients):
        errors["allowance"] = f"打印份数应是 0 到 {most} 之间的整数。"
    if errors:
        raise Invalid(errors)
    return ids


def _wraps(document: Document, unit_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[Box, bytes]]:
    key = own_key(document)
    return {unit_id: (box, wrap_for(box, document, key)) for unit_id, box in boxes_of(unit_ids).items()}


def _create(
    actor: Account,
    document: Document,
    recipients: list[Recipient],
    wraps: dict[uuid.UUID, tuple[Box, bytes]],
    idempotency_key: uuid.UUID,
    digest: str,
) -> Dispatch:
    at = clock.now()
    names = names_of([document.unit_id, *wraps])
    dispatch = Dispatch.objects.create(
        document=document,
        unit_id=document.unit_id,
        sender=names[document.unit_id],
        sent_by=actor,
        sent_at=at,
        counted_day=profile.current().counted_day(at),
        idempotency_key=idempotency_key,
        request_digest=digest,
        attachments_digest=attachments_digest(document),
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                dispatch=dispatch,
                unit_id=recipient.unit_id,
                box=wraps[recipient.unit_id][0],
                addressee=names[recipient.unit_id],
                role=recipient.role,
                order=order,
                allowance=recipient.allowance,
                wrapped_key=wraps[recipient.unit_id][1],
                state=DeliveryState.DELIVERED,
                arrived_at=at,
            )
            for order, recipient in enumerate(recipients, start=1)
        ]
    )
    detail = {
        "number": document.number,
        "digest": document.body_digest,
        "attachments": dispatch.attachments_digest,
        "recipients": len(recipients),
    }
    record(verb="exchange.send", actor=actor, unit_id=document.unit_id, subject=dispatch, detail=detail)
    publish("arrival", [recipient.unit_id for recipient in recipients], subject_id=dispatch.pk)
    return dispatch


def _digest(document: Document, recipients: list[Recipient]) -> str:
    lines = [[str(r.unit_id), str(r.role), r.allowance] for r in recipients]
    return hashlib.sha256(json.dumps([str(document.pk), lines]).encode()).hexdigest()


def _sent_under(idempotency_key: uuid.UUID, digest: str) -> Dispatch | None:
    dispatch = Dispatch.objects.filter(idempotency_key=idempotency_key).first()
    if dispatch is not None and dispatch.request_digest != digest:
        raise _key_reused()
    return dispatch


def _key_reused() -> Refused:
    return Refused("key_reused", "这张发送单已经用过，内容却不一样。请刷新页面，重新填写发送单。")
