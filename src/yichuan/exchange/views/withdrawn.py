"""What is left of a document that its sender took back, on the page of who had received it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yichuan.audit.selectors import history
from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery


def withdrawn_page(request: HttpRequest, delivery: Delivery, refusal: Refused | None = None) -> HttpResponse:
    """Who took it back, when and why, and never the body; a page that shows the body still is loaded anew."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    context = {
        "delivery": delivery,
        "document": delivery.dispatch.document,
        "history": history([delivery.pk, delivery.dispatch_id]),
        "refusal": refusal,
    }
    return render(request, "exchange/withdrawn.html", context, status=refusal.status if refusal else 200)
