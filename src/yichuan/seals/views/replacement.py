"""A seal's own page, and what befalls it (J-25): damage, loss, found again, handed in."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.labels import course
from yichuan.audit.selectors import history
from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.seals.forms_applications import ReportForm
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, VerificationSeal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.picture import picture_svg
from yichuan.seals.selectors_rules import newest_rules
from yichuan.seals.services.application_facts import UNDER_WAY
from yichuan.seals.services.loss_reports import standing_reports, taker_of, used_since
from yichuan.seals.services.move import certificates
from yichuan.seals.services.parties import operates, supervises
from yichuan.seals.services.report_loss import may_report, report_loss
from yichuan.seals.services.resume import resume as resume_seal
from yichuan.seals.services.seal_access import visible_seal
from yichuan.seals.services.take_in import hand_in as hand_in_seal
from yichuan.seals.services.take_in import take_in_damaged
from yichuan.seals.states import SEAL
from yichuan.web.requests import actor_of, posted, svg

SEALED = (SealState.IN_USE, SealState.SUSPENDED)


@requires(SealsPermission.SEE)
@require_GET
def seal(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """The seal: its parts, who keeps it, what became of it, what may be done now."""
    return page(request, seal_id)


def page(request: HttpRequest, seal_id: uuid.UUID, refusal: Refused | None = None) -> HttpResponse:
    """The same, also after a refusal."""
    found = visible_seal(actor_of(request), seal_id)
    context = {
        "seal": found,
        "verification": VerificationSeal.objects.select_related("holder").filter(pk=found.pk).first(),
        "certificates": certificates(found),
        "custodians": found.custodians.filter(until=None).select_related("account"),
        "reports": found.reports.select_related("reported_by", "taken_in_by").order_by("-reported_at"),
        "applications": found.applications.order_by("-created_at")[:20],
        "replaced_by": found.replaced_by.first(),
        "rules": newest_rules(found.unit_id),
        "entries": course(history([found.pk])),
        "may": _may(request, found),
        "taker": taker_of(found).label,
        "refusal": refusal,
    }
    return render(request, "seals/seal.html", context, status=refusal.status if refusal else 200)


def _may(request: HttpRequest, found: Seal) -> dict[str, bool]:
    """What the viewer may do with the seal as it stands now."""
    actor, reports = actor_of(request), standing_reports(found)
    over, makes = supervises(actor), operates(actor)
    lost_only = reports.exists() and not reports.exclude(cause=Cause.LOSS).exists()
    damaged = reports.filter(cause=Cause.DAMAGE, taken_in_at=None).exists()
    applied_for = found.applications.filter(state__in=UNDER_WAY).exists()
    takes = over if taker_of(found) == "supervising" else makes
    return {
        "report": found.state in SEALED and may_report(actor, found.unit),
        "resume": over and SEAL.allows("resume", found.state) and lost_only and not (applied_for or used_since(found)),
        "take_in": makes and damaged and found.state in (*SEALED, SealState.WITHDRAWN),
        "hand_in": takes and SEAL.allows("hand_in", found.state) and not damaged,
        "change": found.state not in (SealState.MAKING, SealState.DESTROYED)
        and actor.has_perm(SealsPermission.APPLY, found.unit),
    }


@requires(SealsPermission.SEE)
@require_GET
def imprint(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """What the seal leaves on paper."""
    return svg(picture_svg(visible_seal(actor_of(request), seal_id)))


@requires(SealsPermission.REPORT_LOSS)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """报告损坏、遗失: one form, asked once more before it is sent."""
    actor, found = actor_of(request), visible_seal(actor_of(request), seal_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            report_loss(actor=actor, seal_id=seal_id, **form.cleaned_data)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            form.show(refusal)
        else:
            return redirect("seals:seal", seal_id)
    context = {"seal": found, "form": form}
    return render(request, "seals/report.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, seal_id: uuid.UUID, verb: Callable[..., Any]) -> HttpResponse:
    try:
        verb(actor=actor_of(request), seal_id=seal_id, words=request.POST.get("words", ""))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return page(request, seal_id, refusal)
    return redirect("seals:seal", seal_id)


@requires(SealsPermission.APPROVE)
@posted("seals:seal")
def resume(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """恢复使用."""
    return _act(request, seal_id, resume_seal)


@requires(SealsPermission.TAKE_IN)
@posted("seals:seal")
def take_in(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """收缴损坏的印章."""
    return _act(request, seal_id, take_in_damaged)


@requires(SealsPermission.TAKE_IN)
@posted("seals:seal")
def hand_in(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """登记交回旧印章."""
    return _act(request, seal_id, hand_in_seal)
