"""登记电话: the record of a telephone reminder."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.exchange.chasing_forms import CallForm
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.call_receiver import call_receiver, calls_shown, to_be_called
from yichuan.org.selectors.contacts import contact_of
from yichuan.web.requests import actor_of


@requires(ExchangePermission.RECORD_CALL)
@require_http_methods(["GET", "POST"])
def call_page(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Whom to call at the desk, and the form of the call."""
    user = actor_of(request)
    delivery, by_sender = to_be_called(user, delivery_id)
    person = contact_of(delivery.unit_id).first
    begun = CallForm.begun(
        user.name, person.account.name if person else "", (person.phone or person.mobile) if person else ""
    )
    form = CallForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            call_receiver(actor=user, delivery_id=delivery.pk, call=form.call())
        except Invalid as refusal:
            form.take(refusal.errors)
        else:
            return (
                redirect("exchange:recipient", delivery.dispatch_id, delivery.pk)
                if by_sender
                else redirect("exchange:reminders")
            )
    calls = calls_shown(delivery, to_sender=by_sender)
    context = {"delivery": delivery, "form": form, "by_sender": by_sender, "calls": calls}
    return render(request, "exchange/call.html", context, status=422 if form.errors else 200)
