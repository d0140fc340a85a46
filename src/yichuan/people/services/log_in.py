"""Logging in: five failures in a row lock the account for half an hour."""

from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.db.models import F
from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)


def log_in(request: HttpRequest, *, username: str, password: str) -> Account:
    """Check the password and begin a session. Refuses with `locked` or `wrong_password`, saying nothing else."""
    known = Account.objects.filter(username=username).first()
    if known is not None and known.locked_until is not None and known.locked_until > clock.now():
        raise Refused(
            "locked", "这个账号已锁定：连续 5 次密码不对。请 30 分钟后再试，或请本单位系统管理员恢复初始密码。"
        )
    account = authenticate(request, username=username, password=password)
    if not isinstance(account, Account):
        with command():
            _count_failure(known)
        raise Refused("wrong_password", "账号或密码不对。连续 5 次不对，账号会锁定 30 分钟。")
    with command():
        Account.objects.filter(pk=account.pk).update(failed_logins=0, locked_until=None)
        record(verb="people.log_in", actor=account, subject=account)
    login(request, account)
    return account


def _count_failure(known: Account | None) -> None:
    if known is None:
        record(verb="people.log_in_failed", actor=None, detail={"reason": "unknown account"})
        return
    Account.objects.filter(pk=known.pk).update(failed_logins=F("failed_logins") + 1)
    known.refresh_from_db(fields=["failed_logins"])
    if known.failed_logins >= FAILURES_ALLOWED:
        Account.objects.filter(pk=known.pk).update(failed_logins=0, locked_until=clock.now() + LOCKED_FOR)
    record(verb="people.log_in_failed", actor=None, subject=known, detail={"failures": known.failed_logins})
