"""The desk of the security officer and of a unit's administrator: reviewing, holding, releasing, revoking."""

import uuid
from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.people.certificate_forms import ReasonForm
from yichuan.people.models import Account, PersonCertificate
from yichuan.people.permissions import PeoplePermission as May
from yichuan.people.scope import holds_everywhere, scope_of
from yichuan.people.selectors_certificates import applications, register
from yichuan.people.services.certificate_loss import release_certificate, report_loss, revoke_certificate
from yichuan.people.services.certificate_review import approve, refuse
from yichuan.people.services.totp import reset_codes
from yichuan.people.states import ApplicationState
from yichuan.people.views.certificates import application_page
from yichuan.web.requests import actor_of, posted, searched

PER_PAGE = 30


@requires(May.SEE_CERTIFICATES)
@require_GET
def application_list(request: HttpRequest) -> HttpResponse:
    """Applications: of the unit, or of everybody."""
    scope = scope_of(request, May.SEE_CERTIFICATES)
    wanted = request.GET.get("state", "")
    state = wanted if wanted in set(ApplicationState) else ""
    everything = applications(scope)
    tabs = [
        {"state": each.value, "label": each.label, "count": everything.filter(state=each).count()}
        for each in (ApplicationState.APPLIED, ApplicationState.APPROVED)
    ]
    page = Paginator(applications(scope, state), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "tabs": tabs, "total": everything.count(), "chosen": state}
    return render(request, "people/certificate_applications.html", context)


@requires(May.REVIEW_CERTIFICATES)
@posted("people:certificate_application")
def approve_application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Pass it."""
    approve(actor=actor_of(request), application_id=application_id, opinion=request.POST.get("reason", "")[:201])
    return redirect("people:certificate_application", application_id)


@requires(May.REVIEW_CERTIFICATES)
@posted("people:certificate_application")
def refuse_application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Turn it down; without a reason the page comes back with what is missing."""
    form = ReasonForm(request.POST)
    try:
        refuse(actor=actor_of(request), application_id=application_id, opinion=form.data.get("reason", ""))
    except Invalid as refusal:
        return application_page(request, application_id, form, refusal)
    return redirect("people:certificate_application", application_id)


@requires(May.SEE_CERTIFICATES)
@require_GET
def register_page(request: HttpRequest) -> HttpResponse:
    """Whose certificates there are, and what may be done with each."""
    actor, name = actor_of(request), searched(request, "name")
    scope = scope_of(request, May.SEE_CERTIFICATES)
    page = Paginator(register(scope, name), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "name": name,
        "whose": searched(request, "whose"),
        "now": clock.now(),
        "can_revoke": holds_everywhere(actor, May.REVOKE_CERTIFICATES),
        "can_apply": actor.has_perm(May.APPLY_FOR_OTHERS),
    }
    return render(request, "people/certificate_register.html", context)


@requires(May.SEE_CERTIFICATES)
@require_GET
def one(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """One certificate, with what may be done with it."""
    return _one(request, certificate_id, ReasonForm())


def _one(
    request: HttpRequest, certificate_id: uuid.UUID, form: ReasonForm, refusal: Refused | None = None
) -> HttpResponse:
    actor = actor_of(request)
    bound = get_object_or_404(register(scope_of(request, May.SEE_CERTIFICATES)), pk=certificate_id)
    context = {
        "bound": bound,
        "form": form,
        "refusal": refusal,
        "now": clock.now(),
        "can_revoke": holds_everywhere(actor, May.REVOKE_CERTIFICATES),
        "sessions": bound.sessions.filter(session__ended_at=None).count(),
    }
    return render(request, "people/certificate_one.html", context, status=422 if refusal or form.errors else 200)


def _act(request: HttpRequest, certificate_id: uuid.UUID, service: Callable[..., PersonCertificate]) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _one(request, certificate_id, form)
    try:
        service(actor=actor_of(request), certificate_id=certificate_id, reason=form.cleaned_data["reason"])
    except Invalid as refusal:
        return _one(request, certificate_id, form, refusal)
    return redirect("people:person_certificate", certificate_id)


@requires(May.SEE_CERTIFICATES)
@posted("people:person_certificate")
def hold(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """挂失."""
    return _act(request, certificate_id, report_loss)


@requires(May.REVOKE_CERTIFICATES)
@posted("people:person_certificate")
def release(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """解除挂失."""
    return _act(request, certificate_id, release_certificate)


@requires(May.REVOKE_CERTIFICATES)
@posted("people:person_certificate")
def revoke(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """吊销."""
    return _act(request, certificate_id, revoke_certificate)


@requires(May.REVOKE_CERTIFICATES)
@posted("people:certificate_register")
def reset(request: HttpRequest) -> HttpResponse:
    """Let somebody set up one-time codes anew."""
    account = get_object_or_404(Account, username=request.POST.get("username", "").strip()[:40])
    reset_codes(actor=actor_of(request), account=account, reason=request.POST.get("reason", "")[:201])
    return redirect("people:certificate_register")
