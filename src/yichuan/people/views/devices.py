"""设备: the unit's administrator registers devices and binds them."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import PUBLIC, requires
from yichuan.people.client import address_of, device_of, set_cookie
from yichuan.people.forms import BindDeviceForm, DeviceForm
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import people_of
from yichuan.people.selectors_devices import device_in_reach, devices
from yichuan.people.services import bind_device as binding
from yichuan.people.services import devices as services
from yichuan.people.services.devices import DeviceCard
from yichuan.web.requests import actor_of, no_store, posted, searched, unit_of

PER_PAGE = 14


@requires(PeoplePermission.REGISTER_DEVICES)
@require_GET
def device_list(request: HttpRequest) -> HttpResponse:
    """The unit's devices."""
    text = searched(request, "text")
    page = Paginator(devices(unit_of(request).pk, text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/devices.html", {"page": page, "text": text})


@requires(PeoplePermission.REGISTER_DEVICES)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    unit = unit_of(request)
    form = DeviceForm(request.POST or None, people=people_of(unit.pk))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        card = DeviceCard(given["name"], given["kind"], given["asset_number"], given["place"])
        try:
            device = services.register_device(
                actor=actor_of(request), unit_id=unit.pk, card=card, user_id=given["user"].pk
            )
        except Invalid as refusal:
            for field, message in refusal.errors.items():
                form.add_error(field, message)
        else:
            return redirect("people:device", device.pk)
    return render(request, "people/register_device.html", {"form": form}, status=422 if form.errors else 200)


@requires(PeoplePermission.REGISTER_DEVICES)
@require_GET
def device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    return _page(request, device_id)


def _page(request: HttpRequest, device_id: uuid.UUID, *, refusal: Refused | None = None, **more: Any) -> HttpResponse:
    found = device_in_reach(actor_of(request), device_id, PeoplePermission.REGISTER_DEVICES)
    context = {"device": found, "refusal": refusal, "here": device_of(request) == found, **more}
    return render(request, "people/device.html", context, status=refusal.status if refusal else 200)


@requires(PeoplePermission.REGISTER_DEVICES)
@posted("people:device")
def give_code(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """The code is on this answer and nowhere else."""
    try:
        code = binding.new_code(actor=actor_of(request), device_id=device_id)
    except Refused as refusal:
        return _refused(request, device_id, refusal)
    return no_store(_page(request, device_id, code=code, minutes=binding.CODE_LASTS.seconds // 60))


@requires(PeoplePermission.REGISTER_DEVICES)
@posted("people:device")
def unbind(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    binding.unbind_device(actor=actor_of(request), device_id=device_id)
    return redirect("people:device", device_id)


@requires(PeoplePermission.REGISTER_DEVICES)
@posted("people:device")
def retire(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    services.retire_device(actor=actor_of(request), device_id=device_id)
    return redirect("people:devices")


@requires(PeoplePermission.REGISTER_DEVICES)
@posted("people:device")
def require_devices(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    required = request.POST.get("required") == "yes"
    try:
        services.require_devices(actor=actor_of(request), device_id=device_id, required=required)
    except Refused as refusal:
        return _refused(request, device_id, refusal)
    return redirect("people:device", device_id)


def _refused(request: HttpRequest, device_id: uuid.UUID, refusal: Refused) -> HttpResponse:
    if refusal.status in (403, 404):
        raise refusal
    return _page(request, device_id, refusal=refusal)


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """绑定这台设备: the code typed here makes this browser the device's. Nobody need be logged in for it."""
    form = BindDeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found, secret = binding.bind_device(code=form.cleaned_data["code"], address=address_of(request))
        except Refused as refusal:
            form.add_error("code", refusal.message)
        else:
            response = render(request, "people/bound.html", {"device": found})
            set_cookie(response, secret)
            return no_store(response)
    context = {"form": form, "device": device_of(request)}
    return render(request, "people/bind_device.html", context, status=422 if form.errors else 200)
