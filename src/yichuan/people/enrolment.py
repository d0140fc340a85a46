"""Somebody whose duties demand a factor they have not got yet is let on the way to it, and nowhere else (P6)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from yichuan.people.services.second_factor import ENROL_ONLY

GetResponse = Callable[[HttpRequest], HttpResponseBase]
OPEN = frozenset(
    f"people:{name}"
    for name in (
        "apply_certificate", "certificate_application", "certificate_form", "certificates", "challenge",
        "change_password", "codes", "collect_answer", "collect_certificate", "confirm_codes", "enrol", "log_in",
        "log_out", "report_loss", "session", "withdraw_application",
    )
)  # fmt: skip


class Enrolment:
    """Sets `request.enrol_only`; leads every other page to the enrolment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        limited = request.user.is_authenticated and request.session.get(ENROL_ONLY, False)
        request.enrol_only = limited  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        if request.enrol_only and route not in OPEN:  # type: ignore[attr-defined]
            return redirect("people:enrol")
        return None


def enrolment(get_response: GetResponse) -> Enrolment:
    return Enrolment(get_response)
