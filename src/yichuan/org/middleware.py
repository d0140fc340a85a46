"""Where a person works on this page: `request.desk`, and its `request.unit` and `request.office`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from yichuan.org.selectors import desks_of
from yichuan.people.models import Account

SESSION_KEY = "unit"


def current_desk(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Set `request.desk`: the one chosen in this session, else the first of the person's; None without a post."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        desks = desks_of(request.user) if isinstance(request.user, Account) else []
        chosen = request.session.get(SESSION_KEY)
        desk = next((each for each in desks if each.key == chosen), desks[0] if desks else None)
        request.desk = desk  # type: ignore[attr-defined]
        request.unit = desk.unit if desk else None  # type: ignore[attr-defined]
        request.office = desk.office if desk else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
