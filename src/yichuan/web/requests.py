"""Who asks, and for which unit: what a view knows once `requires` has let the request through."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import NotAllowed
from yichuan.common.permissions import Permission, check

View = Callable[..., HttpResponseBase]


def posted(page: str, keep: int = 1) -> Callable[[View], View]:
    """Only a POST acts. A GET of the same address leads to `page`, named by the first `keep` parts of the address.

    Such a GET is a refresh after a refusal, or the way back from the login; neither may do the thing again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def only_posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                return redirect(page, *list(kwargs.values())[:keep])
            return view(request, *args, **kwargs)

        return require_http_methods(["GET", "HEAD", "POST"])(only_posted)

    return decorate


def actor_of(request: HttpRequest) -> Any:
    """The account that is logged in."""
    return request.user


def unit_of(request: HttpRequest) -> Any:
    """The unit the person works for on this page; a post at their desk must open what the route declares."""
    return desk_of(request).unit


def desk_of(request: HttpRequest) -> Any:
    """The desk (registry or office of a unit) the person works at on this page; likewise checked."""
    desk = getattr(request, "desk", None)
    if desk is None:
        raise NotAllowed("no_post", "你还没有岗位，不能办理公文。请联系本单位的系统管理员。")
    needed = getattr(request, "needed", None)
    if isinstance(needed, Permission):
        check(actor_of(request), needed, desk)
    return desk


def searched(request: HttpRequest, name: str) -> str:
    """What was typed into a field of a list's filter, as a selector takes it."""
    return request.GET.get(name, "").replace("\0", "").strip()[:60]


def svg(drawing: str) -> HttpResponse:
    """One page as SVG, kept by nobody on the way: it is part of a document."""
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    return no_store(response)


def file(data: bytes, *, name: str, media_type: str, inline: bool = False) -> HttpResponse:
    """A file to keep or to print, under its own name."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    return no_store(response)


def for_this_page(text: str) -> HttpResponse:
    """What a script of the page asked for, kept by nobody on the way."""
    return no_store(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def streamed(pieces: Iterable[bytes], *, size: int, name: str, media_type: str) -> StreamingHttpResponse:
    """`file` for what is too large to hold in memory. Where a piece fails, the answer ends short of `size`."""
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store, private"
    return response


def no_store(response: HttpResponse) -> HttpResponse:
    """Forbid every cache."""
    response["Cache-Control"] = "no-store, private"
    return response
