"""The first password must be changed before anything else is done (P2, J-16)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from yichuan.people.models import Account


def first_password(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Send a person with a first password to the page that changes it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        open_paths = (
            reverse("people:change_password"),
            reverse("people:log_out"),
            reverse("people:log_in"),
            reverse("people:session"),
        )
        if isinstance(user, Account) and user.must_change_password and request.path not in open_paths:
            return redirect("people:change_password")
        return get_response(request)

    return middleware
