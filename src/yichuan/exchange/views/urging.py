"""催办 from the tracking board."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.services.urge import urge
from yichuan.web.requests import actor_of, posted

MOST_AT_ONCE = 2000


@requires(ComposePermission.SEND)
@posted("exchange:board")
def urge_recipients(request: HttpRequest, dispatch_id: uuid.UUID) -> HttpResponse:
    """Ask the chosen recipients; over htmx the answer is the result, which the board shows above itself."""
    context: dict[str, Any] = {}
    try:
        urged = urge(actor=actor_of(request), dispatch_id=dispatch_id, delivery_ids=_chosen(request))
    except Invalid as refusal:
        context["refusal"] = refusal
    else:
        failed = [
            {
                "label": delivery.addressee_name,
                "why": why,
                "url": reverse("exchange:recipient", args=[dispatch_id, delivery.pk]),
            }
            for delivery, why in urged.failed.items()
        ]
        context["result"] = {"verb": "催办", "done": len(urged.done), "failed": failed, "at": clock.now()}
    if not request.headers.get("HX-Request"):
        return redirect("exchange:board", dispatch_id)
    answer = render(request, "exchange/parts/urged.html", context)
    answer["HX-Trigger-After-Settle"] = "yichuan:urged"
    return answer


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    try:
        chosen = [uuid.UUID(value) for value in request.POST.getlist("delivery")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise NotFound("no_delivery", "选择的单位不在这次发送里。请刷新页面，重新选择。") from error
    return list(dict.fromkeys(chosen))
