"""What receiver and sender answer each other: requests and their answers, forwarding, 分办, notices of return."""

import uuid
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.models import Delivery, ReturnNotice
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.assign import assign
from yichuan.exchange.services.forward import forward
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.locking import visible
from yichuan.exchange.services.look import record_look_at_notice
from yichuan.exchange.services.refuse_request import refuse
from yichuan.exchange.services.return_notice import read_notice
from yichuan.exchange.services.withdraw_request import withdraw_request
from yichuan.exchange.views.deliveries import answer
from yichuan.exchange.views.sending import recipient_of, recipient_page
from yichuan.web.requests import actor_of, file, posted

MOST_OFFICES = 50


@requires(ExchangePermission.ASK)
@posted("exchange:delivery")
def ask_sender(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """申请重发, 申请追加份数."""
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")

    def act() -> object:
        copies = _number(request.POST.get("copies", "0"))
        return ask(actor=actor_of(request), delivery_id=delivery_id, kind=kind, copies=copies, reason=reason)

    return answer(request, delivery_id, act, form=f"ask-{'prints' if kind == 'prints' else 'resend'}")


@requires(ExchangePermission.ASK)
@posted("exchange:delivery")
def take_back(request: HttpRequest, delivery_id: uuid.UUID, request_id: uuid.UUID) -> HttpResponse:
    """收回申请."""
    return answer(request, delivery_id, lambda: withdraw_request(actor=actor_of(request), request_id=request_id))


@requires(ExchangePermission.FORWARD)
@posted("exchange:delivery")
def pass_on(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """转本单位收发室."""
    note = request.POST.get("note", "")
    act = lambda: forward(actor=actor_of(request), delivery_id=delivery_id, note=note)  # noqa: E731
    return answer(request, delivery_id, act, form="forward")


@requires(ExchangePermission.ASSIGN)
@posted("exchange:delivery")
def give_to_offices(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """分办: to each office that was ticked; what failed is named."""
    return answer(request, delivery_id, lambda: _give(request, delivery_id), form="assign")


def _give(request: HttpRequest, delivery_id: uuid.UUID) -> None:
    try:
        offices = [uuid.UUID(each) for each in request.POST.getlist("office")[:MOST_OFFICES]]
    except ValueError as error:
        raise Invalid({"office": "请从本单位的处室里选择。"}) from error
    if not offices:
        raise Invalid({"office": "还没有选处室，请至少选一个。"})
    note, due_on = request.POST.get("note", ""), _day(request.POST.get("due_on", ""))
    failed: list[Refused] = []
    for office_id in dict.fromkeys(offices):
        try:
            assign(actor=actor_of(request), delivery_id=delivery_id, office_id=office_id, note=note, due_on=due_on)
        except Invalid as refusal:
            failed.append(refusal)
    if failed:
        raise Invalid({failed[0].field or "office": "".join(dict.fromkeys(each.message for each in failed))})


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def notice(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """退文告知单, for the unit that returned it."""
    delivery = visible(actor_of(request), delivery_id)
    return _paper(request, delivery, delivery.unit_id)


@requires(ExchangePermission.TRACK)
@require_GET
def notice_to_sender(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """退文告知单, for the unit whose document came back."""
    delivery = recipient_of(actor_of(request), dispatch_id, delivery_id)
    return _paper(request, delivery, delivery.dispatch.unit_id)


@requires(ExchangePermission.ANSWER)
@posted("exchange:recipient", keep=2)
def agree(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID, request_id: uuid.UUID) -> HttpResponse:
    """同意申请: a resend, or so many more prints."""
    try:
        copies = _number(request.POST["copies"]) if "copies" in request.POST else None
        grant(actor=actor_of(request), request_id=request_id, copies=copies)
    except Refused as refusal:
        return _refused(request, dispatch_id, delivery_id, refusal)
    return redirect("exchange:recipient", dispatch_id, delivery_id)


@requires(ExchangePermission.ANSWER)
@posted("exchange:recipient", keep=2)
def disagree(
    request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID, request_id: uuid.UUID
) -> HttpResponse:
    """不同意申请, with words."""
    try:
        refuse(actor=actor_of(request), request_id=request_id, answer=request.POST.get("answer", ""))
    except Refused as refusal:
        return _refused(request, dispatch_id, delivery_id, refusal)
    return redirect("exchange:recipient", dispatch_id, delivery_id)


def _refused(request: HttpRequest, dispatch_id: uuid.UUID, delivery_id: uuid.UUID, refusal: Refused) -> HttpResponse:
    if refusal.status in (403, 404):
        raise refusal
    return recipient_page(request, dispatch_id, delivery_id, refusal)


def _paper(request: HttpRequest, delivery: Delivery, unit_id: uuid.UUID) -> HttpResponse:
    """The notice of this return; that somebody of the unit reads it is on record."""
    found = ReturnNotice.objects.filter(delivery=delivery).select_related("delivery__box").first()
    if found is None:
        raise NotFound("no_notice", "这件公文没有退回，没有退文告知单。")
    data = read_notice(found)
    record_look_at_notice(actor_of(request), found, unit_id)
    name = f"{found.number} 退文告知单.pdf"
    return file(data, name=name, media_type="application/pdf", inline="download" not in request.GET)


def _number(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 5):
        raise Invalid({"copies": "份数应是 1 以上的整数。"})
    return int(digits)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid({"due_on": "限办日期请写成 2008-06-30 的样子。"}) from error
