"""What the verbs on a receiver's request have in common: finding it, its bounds, and the word to both sides (J-37)."""

import uuid

from django.db.models import QuerySet

from yichuan.common import profile
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.locking import visible
from yichuan.exchange.states import DELIVERY, REQUEST, DeliveryState, RequestState
from yichuan.people.models import Account

GONE = "没有这份申请，或者不归你单位答复。请刷新页面看最新情况。"
LONGEST = 400
PRINTABLE = (DeliveryState.SIGNED_FOR, DeliveryState.RECEIVED)


def words(text: str, field: str, noun: str) -> str:
    """What was written, as it is kept. Raises `Invalid` on `field`; `noun` is what the page calls it."""
    text = text.strip()
    if not text:
        raise Invalid({field: f"{noun}是空的，请写明，对方会看到。"})
    return optional_words(text, field, noun)


def optional_words(text: str, field: str, noun: str) -> str:
    """As `words`, where nothing may be written."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid({field: f"{noun}请不超过 {LONGEST} 个字，现在有 {len(text)} 个字。"})
    if hides_something(text, lines=True):
        raise Invalid({field: f"{noun}里有看不见的字符，请重新填写。"})
    return text


def room_for_more(delivery: Delivery) -> int:
    """How many more originals the recipient might at most be allowed."""
    return max(profile.current().greatest_allowance - delivery.allowance, 0)


def check_askable(delivery: Delivery, kind: DeliveryRequest.Kind) -> None:
    """Refuse where such a request makes no sense in the delivery's state."""
    if kind == DeliveryRequest.Kind.RESEND:
        DELIVERY.find("resend", delivery.state)
    elif delivery.state not in PRINTABLE:
        state = DeliveryState(delivery.state).label
        raise Refused("wrong_state", f"这件公文现在是「{state}」，签收以后才能申请追加份数。")


def to_answer(actor: Account, request_id: uuid.UUID) -> DeliveryRequest:
    """The request, for somebody of the unit that sent the document; any other looks as if it did not exist."""
    found = _requests().filter(pk=request_id).first()
    if found is None or not actor.has_perm(ExchangePermission.TRACK, found.delivery.dispatch):
        raise NotFound("no_request", GONE)
    check(actor, ExchangePermission.ANSWER, found.delivery.dispatch)
    return found


def asked_by(actor: Account, request_id: uuid.UUID) -> DeliveryRequest:
    """The request, for somebody of the desk that asked."""
    found = _requests().filter(pk=request_id).first()
    if found is None:
        raise NotFound("no_request", GONE)
    visible(actor, found.delivery_id, ExchangePermission.ASK)
    return found


def locked_request(found: DeliveryRequest, verb: str) -> tuple[DeliveryRequest, Transition]:
    """Lock the delivery, then the request, and find the row of its table for `verb`. A step."""
    require_transaction()
    Delivery.objects.select_for_update().get(pk=found.delivery_id)
    list(DeliveryRequest.objects.select_for_update().filter(pk=found.pk))
    request = _requests().get(pk=found.pk)
    return request, REQUEST.find(verb, request.state)


def end_requests(delivery: Delivery, why: str) -> None:
    """What was asked for came to its end with the delivery itself. A step, on a locked delivery."""
    require_transaction()
    open_ones = DeliveryRequest.objects.filter(delivery=delivery, state=RequestState.ASKED)
    open_ones.update(state=RequestState.WITHDRAWN, answer=why)


def _requests() -> QuerySet[DeliveryRequest]:
    return DeliveryRequest.objects.select_related("delivery__dispatch__document", "delivery__box", "delivery__unit")
