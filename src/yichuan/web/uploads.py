"""What is refused before a body is read: too long for any form, or files from somebody who is not logged in.

`YICHUAN_PUBLIC_UPLOADS` names the addresses that take some from anybody, and how much.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader

MULTIPART_MARGIN = 1024 * 1024  # names, boundaries and fields beside the files


def bounded_bodies(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Stands before everything that reads the body, the check of the form's origin included."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("POST", "PUT", "PATCH") and _too_long(request):
            return HttpResponse(loader.get_template("413.html").render(), status=413)
        return get_response(request)

    return middleware


def _too_long(request: HttpRequest) -> bool:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return True
    allowed = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    files = request.META.get("CONTENT_TYPE", "").startswith("multipart/")
    if files:
        allowed = max(allowed, settings.YICHUAN_PUBLIC_UPLOADS.get(request.path, 0))
    if files and settings.SESSION_COOKIE_NAME in request.COOKIES:
        allowed = settings.YICHUAN_UPLOAD_LIMIT + MULTIPART_MARGIN
    return length > allowed
