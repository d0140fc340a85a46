"""The unit a person works for on this page: `request.unit`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from yichuan.org.selectors import units_of
from yichuan.people.models import Account

SESSION_KEY = "unit"


def current_unit(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Set `request.unit`: the one chosen in this session, else the first in which the person holds a post."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        units = units_of(request.user) if isinstance(request.user, Account) else []
        chosen = request.session.get(SESSION_KEY)
        request.unit = next((unit for unit in units if str(unit.pk) == chosen), units[0] if units else None)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
