"""晚收告知 (J-32): until when this unit takes a day's documents, told to senders in advance."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.rule_forms import LateNoticeForm
from yichuan.exchange.selectors_rules import late_notices_of
from yichuan.exchange.services.calendar_table import today
from yichuan.exchange.services.give_late_notice import give_late_notice, withdraw_late_notice
from yichuan.web.requests import actor_of, posted, unit_of

PER_PAGE = 14


@requires(ExchangePermission.GIVE_LATE_NOTICE)
@require_http_methods(["GET", "POST"])
def late_notices(request: HttpRequest) -> HttpResponse:
    """What was told, and the form for the next."""
    unit = unit_of(request)
    form = LateNoticeForm(request.POST or None, receiver=unit, initial={"day": today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            give_late_notice(
                actor=actor_of(request),
                unit=unit,
                day=given["day"],
                until=given["until"],
                reason=given["reason"],
                sender_id=given["sender"].pk if given["sender"] else None,
            )
            return redirect("exchange:late_notices")
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
    page = Paginator(late_notices_of(unit.pk), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rules": profile.current()}
    return render(request, "exchange/late_notices.html", context, status=422 if form.errors else 200)


@requires(ExchangePermission.GIVE_LATE_NOTICE)
@posted("exchange:late_notices", keep=0)
def withdraw(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """收回告知."""
    withdraw_late_notice(actor=actor_of(request), notice_id=notice_id)
    return redirect("exchange:late_notices")
