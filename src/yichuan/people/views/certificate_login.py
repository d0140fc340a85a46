"""Logging in by certificate, the second proof where one is wanted, and reporting a loss without logging in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import PUBLIC, requires
from yichuan.people.certificate_forms import LossForm, SecondFactorForm
from yichuan.people.client import client_of
from yichuan.people.factors import Factor
from yichuan.people.models import LoginAttempt, Method
from yichuan.people.services.certificate_login import signed_login, tls_login
from yichuan.people.services.certificate_loss import report_own_loss
from yichuan.people.services.log_in import check_password_login, note_failure
from yichuan.people.services.second_factor import Pending, owned, pending
from yichuan.people.services.tls_client import switched_on
from yichuan.people.services.totp import check_code
from yichuan.people.views.entering import enter
from yichuan.people.views.signing import Said, answers_json
from yichuan.web.requests import posted


@requires(PUBLIC)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """By key file, by USB key, by the certificate of the connection."""
    return _page(request)


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "usb_key": settings.YICHUAN_USBKEY_URL,
        "tls": switched_on(),
        "refusal": refusal,
        "now": clock.now(),
        "waiting": pending(request),
    }
    return render(request, "people/certificate_login.html", context, status=422 if refusal else 200)


@requires(PUBLIC)
@posted("people:certificate_login")
@answers_json
def answer(request: HttpRequest, said: Said) -> HttpResponse:
    """The signed challenge; where to go now, or what is wrong."""
    certificate = signed_login(
        request,
        challenge_id=said.id("challenge"),
        certificate=said.certificate("certificate"),
        signature=said.signature("signature"),
    )
    led = enter(request, certificate.account, Factor.CERTIFICATE, certificate)
    told = JsonResponse({"to": led.headers["Location"]})
    told.cookies.update(led.cookies)
    return told


@requires(PUBLIC)
@posted("people:certificate_login")
def by_tls(request: HttpRequest) -> HttpResponse:
    """By the certificate that the reverse proxy saw."""
    try:
        certificate = tls_login(request)
        return enter(request, certificate.account, Factor.CERTIFICATE, certificate)
    except Refused as refusal:
        return _page(request, refusal)


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """What else is wanted of somebody who has proved part: a code, the password, or a signature."""
    waiting = pending(request)
    if waiting is None:
        return redirect("people:log_in")
    form = SecondFactorForm(request.POST or None, wanted=_typed(waiting))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            factor = _check(request, waiting, **form.cleaned_data)
            return enter(request, waiting.account, factor)
        except Refused as refused:
            refusal = refused
    context = {
        "form": form,
        "refusal": refusal,
        "by_code": _typed(waiting) is Factor.CODE,
        "typed": _typed(waiting),
        "by_certificate": Factor.CERTIFICATE in owned(waiting.account) - waiting.proved,
    }
    return render(request, "people/second_factor.html", context, status=422 if refusal or form.errors else 200)


def _typed(waiting: Pending) -> Factor | None:
    """What can be typed on the page: the password if it is not proved, else a code where there are codes."""
    open_to = owned(waiting.account) - waiting.proved
    if Factor.PASSWORD in open_to:
        return Factor.PASSWORD
    return Factor.CODE if Factor.CODE in open_to else None


def _check(request: HttpRequest, waiting: Pending, password: str = "", code: str = "") -> Factor:
    if _typed(waiting) is Factor.PASSWORD:
        check_password_login(request, username=waiting.account.username, password=password)
        return Factor.PASSWORD
    try:
        check_code(waiting.account, code)
    except Refused as refusal:
        outcome = LoginAttempt.Outcome.CODE
        note_failure(waiting.account, client_of(request), Method.PASSWORD_AND_CODE, outcome, refusal.code)
        raise
    return Factor.CODE


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def report_loss(request: HttpRequest) -> HttpResponse:
    """Hold all certificates of an account by its password: also when logging in needs the lost certificate."""
    form = LossForm(request.POST or None)
    held, refusal = None, None
    if request.method == "POST" and form.is_valid():
        try:
            held = report_own_loss(request, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
    context = {"form": form, "held": held, "refusal": refusal}
    return render(request, "people/report_loss.html", context, status=422 if refusal or form.errors else 200)
