"""Setting up one-time codes, and doing without them again."""

from typing import Any

import pyotp
import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import Refused
from yichuan.common.models import Centre
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.people.certificate_forms import CodeForm
from yichuan.people.factors import Factor, enough
from yichuan.people.models import Account
from yichuan.people.services.second_factor import ENROL_ONLY, demands_of, has_codes
from yichuan.people.services.totp import begin_set_up, confirm_set_up, drop_codes, left
from yichuan.web.requests import actor_of, no_store, posted


@requires(SIGNED_IN)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The QR code of a new secret, or what is set up."""
    return _page(request, CodeForm())


def _page(request: HttpRequest, form: CodeForm, refusal: Refused | None = None) -> HttpResponse:
    account = actor_of(request)
    context: dict[str, object] = {"form": form, "refusal": refusal}
    if has_codes(account):
        context["left"] = left(account)
        context["set_up"] = True
    else:
        try:
            context |= _offered(account, begin_set_up(account, **_session(request)))
        except Refused as closed:
            context["closed"] = closed
    status = 422 if refusal or form.errors else 200
    return no_store(render(request, "people/codes.html", context, status=status))


def _offered(account: Account, secret: str) -> dict[str, object]:
    centre = Centre.objects.first()
    issuer = f"{centre.name if centre else ''}电子公文交换"
    address = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)
    drawn = segno.make(address, error="m").svg_data_uri(scale=5, border=3)
    return {"drawn": drawn, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


def _limited(request: HttpRequest) -> bool:
    return bool(request.session.get(ENROL_ONLY))


def _session(request: HttpRequest) -> dict[str, Any]:
    return {"limited": _limited(request), "session_id": request.open_session.pk}  # type: ignore[attr-defined]


@requires(SIGNED_IN)
@posted("people:codes")
def confirm(request: HttpRequest) -> HttpResponse:
    """The codes count; the recovery codes are shown, this once."""
    form, account = CodeForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _page(request, form)
    try:
        shown = confirm_set_up(account, code=form.cleaned_data["code"], **_session(request))
    except Refused as refusal:
        return _page(request, form, refusal)
    if _limited(request) and enough(demands_of(account), frozenset({Factor.PASSWORD, Factor.CODE})):
        request.session[ENROL_ONLY] = False
    return no_store(render(request, "people/recovery_codes.html", {"shown": shown}))


@requires(SIGNED_IN)
@posted("people:codes")
def drop(request: HttpRequest) -> HttpResponse:
    """Do without them."""
    form, account = CodeForm(request.POST), actor_of(request)
    if not form.is_valid():
        return _page(request, form)
    try:
        drop_codes(account, code=form.cleaned_data["code"])
    except Refused as refusal:
        return _page(request, form, refusal)
    return redirect("people:codes")
