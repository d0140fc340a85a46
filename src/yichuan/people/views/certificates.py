"""A person's certificates: the list, applying, collecting, renewing (G-25 to G-28)."""

import base64
import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.people.certificate_forms import ApplyForm, ReasonForm
from yichuan.people.certificate_paper import application_form
from yichuan.people.models import Account, CertificateApplication
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import card_of
from yichuan.people.selectors_certificates import certificates_of, open_application
from yichuan.people.services.certificate_apply import (
    apply_for_certificate,
    may_act_for,
    own_application,
    visible_application,
    withdraw_application,
)
from yichuan.people.services.certificate_collect import RENEWED_FROM, NewKey, collect, renew
from yichuan.people.services.second_factor import demands_of, has_codes, within_reach
from yichuan.people.states import ApplicationState, Carrier
from yichuan.people.views.signing import Said, answers_json
from yichuan.web.requests import actor_of, file, posted, searched


@requires(SIGNED_IN)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """My certificates, the application that is under way, and one-time codes."""
    account = actor_of(request)
    context = {
        "certificates": certificates_of(account),
        "application": open_application(account),
        "past": account.certificate_applications.exclude(state__in=("applied", "approved")).order_by("-applied_at")[
            :20
        ],
        "codes": has_codes(account),
        "now": clock.now(),
        "renewable_from": clock.now() + RENEWED_FROM,
    }
    return render(request, "people/certificates.html", context)


@requires(SIGNED_IN)
@require_GET
def enrol(request: HttpRequest) -> HttpResponse:
    """What is missing before the person gets on: a certificate, or one-time codes."""
    account = actor_of(request)
    context = {
        "demands": sorted(demands_of(account)),
        "application": open_application(account),
        "reached": within_reach(account),
    }
    return render(request, "people/enrol.html", context)


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The application; with `?username=` that of somebody of the unit one administers."""
    actor, account = actor_of(request), _whose(request)
    if account is None:
        wanted = urlencode({"whose": searched(request, "username")})
        return redirect(f"{reverse('people:certificate_register')}?{wanted}")
    form = ApplyForm(request.POST or None, request.FILES or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            application = apply_for_certificate(actor=actor, account=account, **_applied(form))
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        else:
            return redirect("people:certificate_application", application.pk)
    context = {"form": form, "account": account, "card": card_of(account), "other": account.pk != actor.pk}
    return render(request, "people/apply_certificate.html", context, status=422 if form.errors else 200)


def _whose(request: HttpRequest) -> Account | None:
    """Oneself, or who is named; None for an account that there is not."""
    username = searched(request, "username")
    if not username or _own_only(request):
        own_account: Account = actor_of(request)
        return own_account
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is not None:
        may_act_for(actor_of(request), account)
    return account


def _own_only(request: HttpRequest) -> bool:
    """Who is still on the way to a second proof acts for nobody else, whatever their posts open."""
    return bool(getattr(request, "enrol_only", False))


def _found(request: HttpRequest, application_id: uuid.UUID) -> CertificateApplication:
    seen = own_application if _own_only(request) else visible_application
    return seen(actor_of(request), application_id)


def _applied(form: ApplyForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "carrier": said["carrier"],
        "purpose": said["purpose"],
        "undertaken": said["undertaken"],
        "device_ids": [uuid.UUID(each) for each in said.get("devices", [])],
        "offered": said["offered"].read(64 * 1024) if said["offered"] else None,
    }


@requires(SIGNED_IN)
@require_GET
def application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """One application, for whom it concerns."""
    return application_page(request, application_id, ReasonForm())


def application_page(
    request: HttpRequest, application_id: uuid.UUID, form: ReasonForm, refusal: Refused | None = None
) -> HttpResponse:
    """The page of an application, also after a review that was refused."""
    actor = actor_of(request)
    shown = _found(request, application_id)
    own_case = actor.pk == shown.account_id
    context = {
        "application": shown,
        "card": card_of(shown.account),
        "certificate": shown.external,
        "own": own_case,
        "form": form,
        "refusal": refusal,
        "can_review": actor.has_perm(PeoplePermission.REVIEW_CERTIFICATES)
        and actor.pk not in (shown.account_id, shown.applied_by_id)
        and shown.state == ApplicationState.APPLIED,
        "can_collect": own_case and shown.state == ApplicationState.APPROVED,
        "can_withdraw": (own_case or actor.has_perm(PeoplePermission.APPLY_FOR_OTHERS))
        and shown.state in (ApplicationState.APPLIED, ApplicationState.APPROVED),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "people/certificate_application.html", context, status=status)


@requires(SIGNED_IN)
@require_GET
def printed(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The application as a form to be signed and filed."""
    shown = _found(request, application_id)
    name = f"个人用户数字证书申请表-{shown.account.name}.pdf"
    return file(application_form(shown), name=name, media_type="application/pdf", inline=True)


@requires(SIGNED_IN)
@posted("people:certificate_application")
def withdraw(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Take it back."""
    withdraw_application(actor=actor_of(request), application_id=_found(request, application_id).pk)
    return redirect("people:certificate_application", application_id)


@requires(SIGNED_IN)
@require_GET
def collect_page(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Where the browser or the USB key makes the pair."""
    found: CertificateApplication = own_application(actor_of(request), application_id)
    if found.state != ApplicationState.APPROVED:
        return redirect("people:certificate_application", application_id)
    usb_key = settings.YICHUAN_USBKEY_URL if found.carrier == Carrier.USB_KEY else ""
    context = {
        "action": "collect",
        "application": found,
        "usb_key": usb_key,
        "no_service": found.carrier == Carrier.USB_KEY and not usb_key,
        "address": reverse("people:collect_answer", args=[application_id]),
    }
    return render(request, "people/collect_certificate.html", context)


@requires(SIGNED_IN)
@posted("people:collect_certificate")
@answers_json
def collect_answer(request: HttpRequest, said: Said, application_id: uuid.UUID) -> dict[str, Any]:
    """The certificate for the new key."""
    bound = collect(
        request,
        actor=actor_of(request),
        application_id=application_id,
        challenge_id=said.id("challenge"),
        key=NewKey(said.text("public_key"), said.signature("signature")),
    )
    return {"certificate": base64.b64encode(bound.der).decode()}


@requires(SIGNED_IN)
@require_GET
def renew_page(request: HttpRequest) -> HttpResponse:
    """The old key asks for the new one's certificate."""
    context = {"action": "renew", "address": reverse("people:renew_answer")}
    return render(request, "people/collect_certificate.html", context)


@requires(SIGNED_IN)
@posted("people:renew_certificate")
@answers_json
def renew_answer(request: HttpRequest, said: Said) -> dict[str, Any]:
    """The successor."""
    bound = renew(
        request,
        actor=actor_of(request),
        challenge_id=said.id("challenge"),
        old=said.certificate("certificate"),
        old_signature=said.signature("old_signature"),
        key=NewKey(said.text("public_key"), said.signature("signature")),
    )
    return {"certificate": base64.b64encode(bound.der).decode()}
