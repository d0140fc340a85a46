"""Around the interface: no cookie counts there, and every error is a problem of the list, whoever made it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from yichuan.interface.problems import GENERAL, MEDIA_TYPE, code_of, problem

SPACE = "/api/v1/"
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Tus-Resumable")


def interface_only(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Stands outside of everything that reads the session or the body.

    Without its cookies a request is nobody's: a browser's session opens nothing here, so a page of another site can
    make the browser do nothing here, and whatever leads people to their password or their certificate leaves
    programs alone.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(SPACE):
            return get_response(request)
        request.COOKIES = {}
        response = get_response(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
            return response
        return _as_problem(response)

    return middleware


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    status = response.status_code if response.status_code in GENERAL else (400 if response.status_code < 500 else 500)
    answer = problem(code_of("", status))
    for name in KEPT_HEADERS:
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer
