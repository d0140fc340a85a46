"""Around the interface: no cookie counts there, and every error is a problem of the list, whoever made it."""

from collections.abc import Callable
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.urls import resolve

from yichuan.interface.problems import GENERAL, MEDIA_TYPE, code_of, problem
from yichuan.web.uploads import bounded_bodies

SPACE = "/api/v1/"
DESCRIBED = ("/api/v1/docs", "/api/v1/openapi.json")
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Tus-Resumable")


def interface_only(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Stands outside of everything that reads the session or the body.

    Without its cookies a request is nobody's: a browser's session opens nothing here, so a page of another site can
    make the browser do nothing here, and whatever leads people to their password or their certificate leaves
    programs alone. So an operation takes a short road past all that is about persons (sessions, forms, desks): what
    stands before this middleware (the headers of every answer), the bound on bodies, the check of the host, itself.
    Only the page that describes the interface goes the pages' road.
    """
    with_host: Callable[[HttpRequest], Any] = CommonMiddleware(_operation)
    operation: Callable[[HttpRequest], Any] = convert_exception_to_response(bounded_bodies(with_host))

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(SPACE):
            return get_response(request)
        request.COOKIES = {}
        response: HttpResponseBase = (get_response if request.path_info in DESCRIBED else operation)(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        return _as_problem(response)

    return middleware


def _operation(request: HttpRequest) -> HttpResponseBase:
    """What Django does at the end of its road, without the hooks of the middleware that was left out."""
    found = request.resolver_match = resolve(request.path_info)
    response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return response


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    status = response.status_code if response.status_code in GENERAL else (400 if response.status_code < 500 else 500)
    answer = problem(code_of("", status))
    for name in KEPT_HEADERS:
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer
