"""What a unit keeps for one that closed (J-10(2)): looked at and exported, never acted on."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Permission, check
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.keys import unwrap_from
from yichuan.exchange.models import Delivery
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import with_names
from yichuan.exchange.services.check import TAKEN_BACK
from yichuan.exchange.services.look import AGAIN_AFTER
from yichuan.org.models import Box
from yichuan.people.models import Account

GONE = "没有这些保管的公文，或者不归你单位保管。请回到保管的公文查看。"


@dataclass(frozen=True)
class Kept:
    """One document in a kept box, with its key; `delivery` is None where the closed unit made it."""

    box: Box
    document: Document
    key: bytes
    delivery: Delivery | None

    def body(self) -> bytes:
        """The body as it was sealed."""
        return sealed.read_bytes(self.key, self.document.body_context, self.document.body)


def kept_boxes(unit_id: uuid.UUID) -> QuerySet[Box]:
    """The boxes that the unit keeps for closed ones, the last closed first."""
    boxes = Box.objects.filter(unit_id=unit_id, held_for__isnull=False).select_related("held_for")
    return boxes.order_by("-closed_at", "pk")


def kept_box(actor: Account, box_id: uuid.UUID, permission: Permission = ExchangePermission.SEE_KEPT) -> Box:
    """A box that the actor's unit keeps; any other looks as if it did not exist."""
    box = Box.objects.select_related("held_for", "unit").filter(pk=box_id, held_for__isnull=False).first()
    if box is None or not actor.has_perm(ExchangePermission.SEE_KEPT, box):
        raise NotFound("no_kept_box", GONE)
    check(actor, permission, box)
    return box


def received_in(box: Box) -> QuerySet[Delivery]:
    """What was delivered to the box, the latest first."""
    return with_names(Delivery.objects.filter(box=box)).order_by("-arrived_at", "-pk")


def made_in(box: Box) -> QuerySet[Document]:
    """What the closed unit had finished, sealed or sent, the last changed first."""
    return Document.objects.filter(~Q(body=""), box=box).order_by("-changed_at", "-pk")


def kept_document(actor: Account, document_id: uuid.UUID) -> Kept:
    """One document of a box that the actor's unit keeps, opened. Looking is on record, once an hour. A command."""
    holding = Q(pk__in=Delivery.objects.filter(dispatch__document_id=document_id).values("box"))
    holding |= Q(pk__in=Document.objects.filter(pk=document_id).values("box"))
    boxes = Box.objects.filter(holding, held_for__isnull=False).select_related("held_for").order_by("pk")
    box = next((each for each in boxes if actor.has_perm(ExchangePermission.SEE_KEPT, each)), None)
    row = None if box is None else _row(box, document_id)
    if box is None or row is None:
        raise NotFound("no_kept_document", GONE)
    found, verb = opened(box, row), "exchange.look_at_kept"
    if not recorded_lately(verb=verb, actor=actor, subject=found.document, since=clock.now() - AGAIN_AFTER):
        with command():
            record(verb="exchange.look_at_kept", actor=actor, unit_id=box.unit_id, subject=found.document)
    return found


def _row(box: Box, document_id: uuid.UUID) -> Delivery | Document | None:
    delivery = received_in(box).filter(dispatch__document_id=document_id).first()
    return delivery if delivery is not None else made_in(box).filter(pk=document_id).first()


def opened(box: Box, found: Delivery | Document) -> Kept:
    """The document with its key, out of the box's own wrap of it. Refused what its sender took back."""
    if isinstance(found, Document):
        return Kept(box, found, unwrap_from(box, found, bytes(found.wrapped_key)), None)
    if found.taken_back:
        raise Refused("wrong_state", TAKEN_BACK)
    document = found.dispatch.document
    return Kept(box, document, unwrap_from(box, document, bytes(found.wrapped_key)), found)
