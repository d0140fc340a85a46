"""撤回 on the sender's board."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.withdraw import withdraw
from yichuan.exchange.views.sending import board_context
from yichuan.web.requests import actor_of, posted


@requires(ExchangePermission.WITHDRAW)
@posted("exchange:board")
def take_back(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """撤回, with its reason; the board says why where it was refused."""
    try:
        withdraw(actor=actor_of(request), dispatch_id=dispatch_id, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        context = board_context(request, dispatch_id) | {"refusal": refusal}
        return render(request, "exchange/board.html", context, status=refusal.status)
    return redirect("exchange:board", dispatch_id)
