"""What the interface tells of documents, deliveries, dispatches, receipts and requests."""

import base64
import uuid
from datetime import date, datetime
from typing import Any

from pydantic import Field

from yichuan.compose.models import Attachment, Document
from yichuan.exchange.models import Delivery, DeliveryRequest, Dispatch, Receipt
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import Panel
from yichuan.exchange.states import DELIVERY
from yichuan.interface.api.base import Told
from yichuan.keys.services.device import device
from yichuan.org.models import Office, Unit
from yichuan.people.models import Account


class UnitOut(Told):
    """A unit of this centre."""

    id: uuid.UUID
    code: str
    short_name: str
    name: str

    @classmethod
    def of(cls, unit: Unit) -> "UnitOut":
        return cls(id=unit.pk, code=unit.code, short_name=unit.short_name, name=unit.name)


class OfficeOut(Told):
    """An office of a unit."""

    id: uuid.UUID
    name: str

    @classmethod
    def of(cls, office: Office | None) -> "OfficeOut | None":
        return cls(id=office.pk, name=office.name) if office is not None else None


class AttachmentOut(Told):
    """A file beside the body; `sm3` is over its bytes."""

    id: uuid.UUID
    order: int
    name: str
    media_type: str
    size: int
    sm3: str

    @classmethod
    def of(cls, file: Attachment) -> "AttachmentOut":
        return cls(
            id=file.pk, order=file.order, name=file.name, media_type=file.media_type, size=file.size, sm3=file.digest
        )


class DocumentOut(Told):
    """A document of the client's own unit. `fields` are told while it is a draft."""

    id: uuid.UUID
    state: str
    state_label: str
    source: str
    number: str | None
    title: str
    kind: str
    urgency: str
    pages: int
    body_sm3: str
    created_at: datetime
    changed_at: datetime
    corrects: uuid.UUID | None
    dispatch: uuid.UUID | None
    attachments: list[AttachmentOut]
    fields: dict[str, str] | None = None

    @classmethod
    def of(cls, document: Document, fields: dict[str, str] | None = None) -> "DocumentOut":
        dispatch = Dispatch.objects.filter(document=document).values_list("pk", flat=True).first()
        return cls(
            id=document.pk,
            state=document.state,
            state_label=document.get_state_display(),
            source=document.source,
            number=document.number,
            title=document.title,
            kind=document.kind,
            urgency=document.urgency,
            pages=document.pages,
            body_sm3=document.body_digest,
            created_at=document.created_at,
            changed_at=document.changed_at,
            corrects=document.corrects_id,
            dispatch=dispatch,
            attachments=[AttachmentOut.of(file) for file in document.attachments.all()],
            fields=fields,
        )


class DeliveryLine(Told):
    """A delivery as the box lists it. `title` and `number` are the document's."""

    id: uuid.UUID
    dispatch: uuid.UUID
    state: str
    state_label: str
    number: str | None
    title: str
    kind: str
    urgency: str
    sender: UnitOut
    sender_name: str
    addressee_name: str
    office: OfficeOut | None
    role: str
    order: int
    allowance: int
    printed: int
    pages: int
    body_sm3: str
    sent_at: datetime
    counted_day: date
    without_call: bool
    arrived_at: datetime
    signed_for_at: datetime | None
    received_at: datetime | None
    returned_at: datetime | None
    return_reason: str
    withdrawn_at: datetime | None
    follows: uuid.UUID | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryLine":
        return cls(**_line(delivery))


class DeliveryOut(DeliveryLine):
    """A delivery whole; `verbs` is what the client may do with it now."""

    attachments: list[AttachmentOut]
    verbs: list[str]

    @classmethod
    def of_actor(cls, delivery: Delivery, actor: Account) -> "DeliveryOut":
        verbs = {row.verb for row in DELIVERY.rows if row.source == delivery.state and row.permission in _VERBS}
        return cls(
            **_line(delivery),
            attachments=[AttachmentOut.of(file) for file in delivery.dispatch.document.attachments.all()],
            verbs=sorted(verb for verb in verbs if actor.has_perm(_VERB_PERMISSIONS[verb], delivery)),
        )


_VERBS = (ExchangePermission.SIGN_FOR, ExchangePermission.RETURN, ExchangePermission.READ)
_VERB_PERMISSIONS = {row.verb: row.permission for row in DELIVERY.rows if row.permission in _VERBS}


def _line(delivery: Delivery) -> dict[str, Any]:
    dispatch, document = delivery.dispatch, delivery.dispatch.document
    return {
        "id": delivery.pk,
        "dispatch": dispatch.pk,
        "state": delivery.state,
        "state_label": delivery.get_state_display(),
        "number": document.number,
        "title": document.title,
        "kind": document.kind,
        "urgency": document.urgency,
        "sender": UnitOut.of(dispatch.unit),
        "sender_name": dispatch.sender_name,
        "addressee_name": delivery.addressee_name,
        "office": OfficeOut.of(delivery.office),
        "role": delivery.role,
        "order": delivery.order,
        "allowance": delivery.allowance,
        "printed": delivery.printed,
        "pages": document.pages,
        "body_sm3": document.body_digest,
        "sent_at": dispatch.sent_at,
        "counted_day": delivery.counted_day or dispatch.counted_day,
        "without_call": dispatch.without_call,
        "arrived_at": delivery.arrived_at,
        "signed_for_at": delivery.signed_for_at,
        "received_at": delivery.received_at,
        "returned_at": delivery.returned_at,
        "return_reason": delivery.return_reason,
        "withdrawn_at": dispatch.withdrawn_at,
        "follows": delivery.follows_id,
    }


class BoxOut(Told):
    """A page of the box. Ask again with `since=next`; `more` says that there is more at once."""

    items: list[DeliveryLine]
    next: str
    more: bool


class CheckLine(Told):
    """One check by name: `state` is ok, warn, bad or unknown."""

    name: str
    state: str
    note: str


class ChecksOut(Told):
    """All checks of a delivery (J-33); `sound` where nothing speaks against signing for."""

    sound: bool
    checked_at: datetime
    lines: list[CheckLine]

    @classmethod
    def of(cls, panel: Panel) -> "ChecksOut":
        lines = [CheckLine(name=each.name, state=each.state, note=each.note) for each in panel.lines]
        return cls(sound=panel.sound, checked_at=panel.checked_at, lines=lines)


class ReceiptOut(Told):
    """A receipt and what verifies it: SM2 with SM3 by `public_key` over the UTF-8 bytes of `payload`."""

    id: uuid.UUID
    delivery: uuid.UUID
    kind: str
    at: datetime
    payload: str
    signature: str | None = Field(description="DER, base64; null until the centre has signed")
    algorithm: str = "SM2-with-SM3 (GB/T 32918, default user id)"
    public_key: str = Field(description="SubjectPublicKeyInfo of the box's receipt key, DER in base64")

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptOut":
        key = device().public_key(receipt.delivery.box.receipt_label)
        return cls(
            id=receipt.pk,
            delivery=receipt.delivery_id,
            kind=receipt.kind,
            at=receipt.at,
            payload=bytes(receipt.payload).decode(),
            signature=base64.b64encode(receipt.signature).decode() if receipt.signature is not None else None,
            public_key=base64.b64encode(key.der).decode(),
        )


class ReceiptsOut(Told):
    """The receipts, the earliest first."""

    items: list[ReceiptOut]


class RequestOut(Told):
    """A request for a resend or for more prints, and its answer (J-37)."""

    id: uuid.UUID
    delivery: uuid.UUID
    dispatch: uuid.UUID
    kind: str
    state: str
    state_label: str
    copies: int
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str
    granted: int
    led_to: uuid.UUID | None

    @classmethod
    def of(cls, request: DeliveryRequest) -> "RequestOut":
        return cls(
            id=request.pk,
            delivery=request.delivery_id,
            dispatch=request.delivery.dispatch_id,
            kind=request.kind,
            state=request.state,
            state_label=request.get_state_display(),
            copies=request.copies,
            reason=request.reason,
            asked_at=request.asked_at,
            answered_at=request.answered_at,
            answer=request.answer,
            granted=request.granted,
            led_to=request.led_to_id,
        )


class RequestsOut(Told):
    """Requests, the latest first."""

    items: list[RequestOut]
