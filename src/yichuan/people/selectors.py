"""Reading passwords' ages, sessions, logins and alarms."""

import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet

from yichuan.common import clock, profile
from yichuan.people.models import Account, LoginAlarm, LoginAttempt, Method, OpenSession

TRIES_WINDOW = timedelta(minutes=15)


def password_expired(account: Account, method: str = Method.PASSWORD) -> bool:
    """Whether the person's own password is too old to go on with (等保三级). Who uses a certificate is not asked."""
    lasts = profile.current().passwords.lasts
    return method != Method.CERTIFICATE and clock.now() - account.password_set_at > lasts


def password_days_left(account: Account) -> int | None:
    """How many days the password still lasts, from a week before on; None earlier. For the frame."""
    rules = profile.current().passwords
    left = account.password_set_at + rules.lasts - clock.now()
    return max(left.days, 0) if left <= rules.warn else None


def first_password_expired(account: Account) -> bool:
    """Whether a first password was not used in time."""
    lasts = profile.current().passwords.first_lasts
    return account.must_change_password and clock.now() - account.password_set_at > lasts


def end_due(session: OpenSession) -> OpenSession.End | None:
    """Why this session should be over by now, if it should."""
    rules, now = profile.current().sessions, clock.now()
    if now - session.began_at > rules.longest:
        return OpenSession.End.TOO_LONG
    return OpenSession.End.IDLE if now - session.seen_at > rules.idle else None


def open_since() -> tuple[datetime, datetime]:
    """Sessions that began and were seen after these instants may still be open."""
    rules, now = profile.current().sessions, clock.now()
    return now - rules.longest, now - rules.idle


def open_sessions(account: Account) -> QuerySet[OpenSession]:
    """The sessions that stand open, newest first."""
    began, seen = open_since()
    standing = OpenSession.objects.filter(account=account, ended_at=None, began_at__gte=began, seen_at__gte=seen)
    return standing.select_related("device").order_by("-began_at", "-id")


def logins_of(account: Account) -> QuerySet[LoginAttempt]:
    """What was tried with this account, newest first."""
    return LoginAttempt.objects.filter(account=account).select_related("device").order_by("-at", "-id")


def logins(unit_id: uuid.UUID | None) -> QuerySet[LoginAttempt]:
    """What was tried with the accounts of one unit; of the whole centre for None."""
    tried = LoginAttempt.objects.select_related("account", "device").order_by("-at", "-id")
    return tried if unit_id is None else tried.filter(unit_id=unit_id)


def alarms(unit_id: uuid.UUID | None, *, waiting: bool = False) -> QuerySet[LoginAlarm]:
    """Alarms over the accounts of one unit, or of the whole centre; with `waiting`, those nobody has looked into."""
    raised = LoginAlarm.objects.select_related("account", "attempt__device", "acknowledged_by").order_by("-at", "-id")
    raised = raised if unit_id is None else raised.filter(unit_id=unit_id)
    return raised.filter(acknowledged_at=None) if waiting else raised


def alarms_of(account: Account) -> QuerySet[LoginAlarm]:
    """Alarms over this account that nobody has looked into, newest first."""
    raised = LoginAlarm.objects.filter(account=account, acknowledged_at=None)
    return raised.select_related("attempt__device").order_by("-at", "-id")
