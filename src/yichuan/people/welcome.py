"""What the first page after a login tells: the login before it, what looks wrong, how long the password lasts."""

from typing import Any

from django.http import HttpRequest

from yichuan.people.models import LoginAttempt
from yichuan.people.selectors import alarms_of, logins_of, password_days_left
from yichuan.people.services.log_in import WELCOME

SHOWN = 3


def welcome(request: HttpRequest) -> dict[str, Any]:
    """Context of `yc/base.html`: `welcome`, once a session. What a page asks by itself does not use it up."""
    session = getattr(request, "open_session", None)
    part = any(request.headers.get(name) for name in ("HX-Request", "X-Background", "X-Requested-With"))
    if session is None or part or request.must_change or not request.session.pop(WELCOME, False):  # type: ignore[attr-defined]
        return {}
    account = session.account
    earlier = logins_of(account).filter(at__lt=session.began_at)
    last = earlier.filter(outcome=LoginAttempt.Outcome.DONE).first()
    failed = earlier.exclude(outcome=LoginAttempt.Outcome.DONE)
    told = {
        "last": last,
        "failures": (failed.filter(at__gt=last.at) if last else failed).count(),
        "alarms": alarms_of(account)[:SHOWN],
        "days_left": password_days_left(account),
    }
    return {"welcome": told}
