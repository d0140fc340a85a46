"""`{% load corrections %}`: taking back on the sender's board, and the chain as the receiver is told of it."""

from typing import Any

from django import template
from django.utils.timezone import localtime

from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.correct import can_correct
from yichuan.exchange.corrections import corrected_by, corrects
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_board import Board
from yichuan.exchange.services.withdraw import why_not
from yichuan.exchange.states import DeliveryState

register = template.Library()


@register.inclusion_tag("exchange/parts/taking_back.html", takes_context=True)
def taking_back(context: dict[str, Any], dispatch: Dispatch, board: Board) -> dict[str, Any]:
    """撤回 and 更正重发 on the sender's board: what may be done, or why not."""
    request = context["request"]
    document = dispatch.document
    came_back = dispatch.withdrawn_at is not None or board.counts[DeliveryState.RETURNED]  # else nothing to correct
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "dispatch": dispatch,
        "document": document,
        "refusal": context.get("refusal"),
        "may_withdraw": request.user.has_perm(ExchangePermission.WITHDRAW, dispatch),
        "why_not": why_not(dispatch, [*board.lines, *board.superseded]),
        "may_correct": came_back and request.user.has_perm(ComposePermission.WRITE, document) and can_correct(document),
    }


@register.inclusion_tag("exchange/parts/corrections.html")
def corrections(delivery: Delivery) -> dict[str, Any]:
    """What this delivery corrects, and by what it was corrected; nothing where it stands alone."""
    return {
        "delivery": delivery,
        "before": [(each, _came_back(each)) for each in corrects(delivery)[:1]],
        "after": corrected_by(delivery)[-1:],
    }


@register.inclusion_tag("exchange/parts/correct_form.html", takes_context=True)
def correction_of(context: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    """更正重发 beside the reason for which a recipient returned it, for those who may correct it."""
    document = delivery.dispatch.document
    may = context["request"].user.has_perm(ComposePermission.WRITE, document) and can_correct(document)
    return {"csrf_token": context.get("csrf_token"), "document": document, "may_correct": may}


def _came_back(delivery: Delivery) -> str:
    """When and how the earlier one came back: 「2008-06-02 退回」."""
    if delivery.state == DeliveryState.RETURNED and delivery.returned_at is not None:
        return f"{localtime(delivery.returned_at):%Y-%m-%d} 退回"
    if delivery.dispatch.withdrawn_at is not None:
        return f"{localtime(delivery.dispatch.withdrawn_at):%Y-%m-%d} 发文单位撤回"
    return f"{localtime(delivery.arrived_at):%Y-%m-%d} 收到"
