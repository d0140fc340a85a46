"""抽查和封存: the security officer looks at devices, seals them off, reports to the leader (G-39)."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.people.forms import SealOffForm, SpotCheckForm
from yichuan.people.models import Device
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import may_suspend, unit_names
from yichuan.people.scope import scope_of
from yichuan.people.selectors_devices import device_in_reach, devices
from yichuan.people.services.device_report import check_report, sealing_report
from yichuan.people.services.seal_off import open_device, seal_off
from yichuan.people.services.spot_check import ITEMS, spot_check
from yichuan.web.requests import actor_of, file, posted, searched

PER_PAGE = 14
HISTORY = 20
PDF = "application/pdf"


@requires(PeoplePermission.SPOT_CHECK)
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """Every device, with the day it was last looked at."""
    unit_id, text = scope_of(request, PeoplePermission.SPOT_CHECK), searched(request, "text")
    page = Paginator(devices(unit_id, text), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "units": unit_names(each.unit_id for each in page)}
    return render(request, "people/checks.html", context)


@requires(PeoplePermission.SPOT_CHECK)
@require_GET
def checked_device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    return _page(request, device_id)


def _page(
    request: HttpRequest,
    device_id: uuid.UUID,
    *,
    check_form: SpotCheckForm | None = None,
    seal_form: SealOffForm | None = None,
    open_fault: str = "",
) -> HttpResponse:
    found = _found(request, device_id)
    context = {
        "device": found,
        "unit_name": unit_names([found.unit_id]).get(found.unit_id, ""),
        "check_form": check_form or SpotCheckForm(initial={"well": list(ITEMS)}),
        "seal_form": seal_form or SealOffForm(),
        "open_fault": open_fault,
        "checks": found.checks.select_related("by").order_by("-at")[:HISTORY],
        "sealings": found.sealings.select_related("by", "ended_by").order_by("-at")[:HISTORY],
        "may_suspend": found.user.is_active and may_suspend(actor_of(request), found.user),
    }
    wrong = check_form or seal_form or open_fault
    return render(request, "people/checked_device.html", context, status=422 if wrong else 200)


def _found(request: HttpRequest, device_id: uuid.UUID) -> Device:
    return device_in_reach(actor_of(request), device_id, PeoplePermission.SPOT_CHECK)


@requires(PeoplePermission.SPOT_CHECK)
@posted("people:checked_device")
def check(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    form = SpotCheckForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            spot_check(
                actor=actor_of(request), device_id=device_id, well=set(given["well"]), findings=given["findings"]
            )
        except Invalid as refusal:
            form.add_error("findings", refusal.message)
        else:
            return redirect("people:checked_device", device_id)
    return _page(request, device_id, check_form=form)


@requires(PeoplePermission.SPOT_CHECK)
@posted("people:checked_device")
def seal(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    form = SealOffForm(request.POST)
    if form.is_valid():
        try:
            seal_off(actor=actor_of(request), device_id=device_id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error("reason", refusal.message)
        else:
            return redirect("people:checked_device", device_id)
    return _page(request, device_id, seal_form=form)


@requires(PeoplePermission.SPOT_CHECK)
@posted("people:checked_device")
def unseal(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    try:
        open_device(actor=actor_of(request), device_id=device_id, reason=request.POST.get("reason", ""))
    except Invalid as refusal:
        return _page(request, device_id, open_fault=refusal.message)
    return redirect("people:checked_device", device_id)


@requires(PeoplePermission.SPOT_CHECK)
@require_GET
def report_of_check(request: HttpRequest, device_id: uuid.UUID, check_id: uuid.UUID) -> HttpResponse:
    found = _found(request, device_id)
    kept = found.checks.filter(pk=check_id).select_related("by", "device__user").first()
    if kept is None:
        raise NotFound("no_check", "没有这次抽查。")
    data = check_report(kept, unit_names([found.unit_id]).get(found.unit_id, ""))
    return file(data, name=f"设备抽查情况报告-{found.asset_number}.pdf", media_type=PDF, inline=True)


@requires(PeoplePermission.SPOT_CHECK)
@require_GET
def report_of_sealing(request: HttpRequest, device_id: uuid.UUID, sealing_id: uuid.UUID) -> HttpResponse:
    found = _found(request, device_id)
    kept = found.sealings.filter(pk=sealing_id).select_related("by", "ended_by", "device__user").first()
    if kept is None:
        raise NotFound("no_sealing", "没有这次封存。")
    data = sealing_report(kept, unit_names([found.unit_id]).get(found.unit_id, ""))
    return file(data, name=f"设备封存情况报告-{found.asset_number}.pdf", media_type=PDF, inline=True)
