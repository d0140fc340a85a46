"""Logging in: five failures in a row lock the account for half an hour."""

from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)


def check_password_login(request: HttpRequest, *, username: str, password: str) -> Account:
    """Whose password this is. Refuses with `locked` or `wrong_password`, saying nothing else. Begins no session.

    An attempt is counted before the password is looked at, so that many at once are no more than one after the other.
    """
    with command():
        known, open_to_try = _begin_attempt(username)
    if not open_to_try:
        raise Refused(
            "locked", "这个账号已锁定：连续 5 次密码不对。请 30 分钟后再试，或请本单位系统管理员恢复初始密码。"
        )
    account = authenticate(request, username=username, password=password)
    with command():
        if not isinstance(account, Account):
            _fail(known)
        else:
            Account.objects.filter(pk=account.pk).update(failed_logins=0, locked_until=None)
    if not isinstance(account, Account):
        raise Refused("wrong_password", "账号或密码不对。连续 5 次不对，账号会锁定 30 分钟。")
    return account


def begin_session(request: HttpRequest, account: Account, *, method: str) -> None:
    """Begin the session of a person who has proved who they are, by whatever `method`."""
    with command():
        record(verb="people.log_in", actor=account, subject=account, detail={"method": method})
    login(request, account, backend="yichuan.people.backends.PasswordBackend")


def _begin_attempt(username: str) -> tuple[Account | None, bool]:
    """Count an attempt on a locked row; whether it may be made."""
    known = Account.objects.select_for_update().filter(username=username).first()
    if known is None:
        return None, True
    locked = known.locked_until is not None and known.locked_until > clock.now()
    if locked or known.failed_logins >= FAILURES_ALLOWED:
        record(verb="people.log_in_failed", actor=None, subject=known, detail={"reason": "locked"})
        return known, False
    known.failed_logins += 1
    known.save(update_fields=["failed_logins"])
    return known, True


def _fail(known: Account | None) -> None:
    if known is None:
        record(verb="people.log_in_failed", actor=None, detail={"reason": "unknown account"})
        return
    known = Account.objects.select_for_update().get(pk=known.pk)
    record(verb="people.log_in_failed", actor=None, subject=known, detail={"failures": known.failed_logins})
    if known.failed_logins >= FAILURES_ALLOWED:
        known.failed_logins, known.locked_until = 0, clock.now() + LOCKED_FOR
        known.save(update_fields=["failed_logins", "locked_until"])
