"""Who asks, and for which unit: what a view knows once `requires` has let the request through."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from yichuan.common.errors import NotAllowed


def actor_of(request: HttpRequest) -> Any:
    """The account that is logged in."""
    return request.user


def unit_of(request: HttpRequest) -> Any:
    """The unit the person works for on this page."""
    unit = getattr(request, "unit", None)
    if unit is None:
        raise NotAllowed("no_post", "你还没有岗位，不能办理公文。请联系本单位的系统管理员。")
    return unit


def svg(drawing: str) -> HttpResponse:
    """One page as SVG, kept by nobody on the way: it is part of a document."""
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    return no_store(response)


def file(data: bytes, *, name: str, media_type: str, inline: bool = False) -> HttpResponse:
    """A file to keep or to print, under its own name."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    return no_store(response)


def no_store(response: HttpResponse) -> HttpResponse:
    """Forbid every cache."""
    response["Cache-Control"] = "no-store, private"
    return response
