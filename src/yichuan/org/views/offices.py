"""处室: the unit's offices, their order, boxes, heads and receivers (U7, G-11)."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.posts import offices_with_posts
from yichuan.org.services.addressable import set_addressable
from yichuan.org.services.offices import add_office, close_office, move_office, open_office_box, rename_office
from yichuan.web.requests import actor_of, posted, unit_of


@requires(OrgPermission.MANAGE_OFFICES)
@require_http_methods(["GET", "POST"])
def offices(request: HttpRequest) -> HttpResponse:
    """The list; a POST sets up one more."""
    name = request.POST.get("name", "")[:200]
    if request.method == "POST":
        return _answer(request, lambda: add_office(actor=actor_of(request), unit=unit_of(request), name=name))
    return _page(request)


@requires(OrgPermission.MANAGE_OFFICES)
@posted("org:offices", keep=0)
def rename(request: HttpRequest, office_id: uuid.UUID) -> HttpResponse:
    """更名."""
    name = request.POST.get("name", "")[:200]
    return _answer(request, lambda: rename_office(actor=actor_of(request), office_id=office_id, name=name), office_id)


@requires(OrgPermission.MANAGE_OFFICES)
@posted("org:offices", keep=0)
def move(request: HttpRequest, office_id: uuid.UUID) -> HttpResponse:
    """上移、下移."""
    up = request.POST.get("to") == "up"
    return _answer(request, lambda: move_office(actor=actor_of(request), office_id=office_id, up=up), office_id)


@requires(OrgPermission.MANAGE_OFFICES)
@posted("org:offices", keep=0)
def open_box(request: HttpRequest, office_id: uuid.UUID) -> HttpResponse:
    """开设交换箱."""
    return _answer(request, lambda: open_office_box(actor=actor_of(request), office_id=office_id), office_id)


@requires(OrgPermission.MANAGE_OFFICES)
@posted("org:offices", keep=0)
def address(request: HttpRequest, office_id: uuid.UUID) -> HttpResponse:
    """外单位可以直接发到、只发到机要室."""
    allowed = request.POST.get("allowed") == "yes"
    actor = actor_of(request)
    return _answer(request, lambda: set_addressable(actor=actor, office_id=office_id, allowed=allowed), office_id)


@requires(OrgPermission.MANAGE_OFFICES)
@posted("org:offices", keep=0)
def close(request: HttpRequest, office_id: uuid.UUID) -> HttpResponse:
    """撤销."""
    return _answer(request, lambda: close_office(actor=actor_of(request), office_id=office_id), office_id)


def _answer(request: HttpRequest, act: Callable[[], object], office_id: uuid.UUID | None = None) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, refusal, office_id)
    return redirect("org:offices")


def _page(request: HttpRequest, refusal: Refused | None = None, at: uuid.UUID | None = None) -> HttpResponse:
    context = {
        "entries": offices_with_posts(unit_of(request).pk),
        "refusal": refusal,
        "at": at,
        "typed": request.POST.get("name", "")[:200],
    }
    return render(request, "org/offices.html", context, status=refusal.status if refusal else 200)
