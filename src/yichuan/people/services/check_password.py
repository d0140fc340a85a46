"""Whether a password is right, asked wherever one is typed: failures in a row lock the account.

An attempt is counted before the password is looked at, so that many at once are no more than one after the other.
"""

from django.contrib.auth.hashers import get_hashers
from django.db.models import F, Q

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.tries import Try, begin_try, forgive_try


def check_password(*, account: Account | None, password: str, verb: str, address: str = "") -> bool:
    """Whether it is the account's password. A command; `verb` is how a failure is logged.

    Refuses with `locked`, `slowed` or `still_slowed` without looking at the password. `account` is None for a name
    that nobody has: that takes as long, so that accounts cannot be found out by trying.
    """
    with command():
        refusal = _begin(account, address, verb)
    if refusal is not None:
        raise refusal
    right = _matches(account, password)
    with command():
        _settle(account, address, verb, right=right)
    return right


def _begin(account: Account | None, address: str, verb: str) -> Refused | None:
    """Count the attempt on locked rows: the address first, then the account. What speaks against it, if anything."""
    rules, now = profile.current().passwords, clock.now()
    if (found := begin_try(address)) is not Try.OPEN:
        if found is Try.SLOWED:
            record(verb=verb, actor=None, subject=account, detail={"reason": "slowed", "address": address})
        return Refused(found, "这台电脑所在的地址登录失败次数太多。请一刻钟后再试，或请本单位管理员查看登录情况。")
    if account is None:
        return None
    open_to_tries = Q(locked_until=None) | Q(locked_until__lte=now)
    counted = Account.objects.filter(open_to_tries, pk=account.pk, failed_logins__lt=rules.failures)
    if not counted.update(failed_logins=F("failed_logins") + 1):
        record(verb=verb, actor=None, subject=account, detail={"reason": "locked"})
        minutes = rules.locked.seconds // 60
        return Refused(
            "locked",
            f"这个账号已锁定：连续 {rules.failures} 次密码不对。"
            f"请 {minutes} 分钟后再试，或请本单位系统管理员恢复初始密码。",
        )
    return None


def _matches(account: Account | None, password: str) -> bool:
    if account is None:
        Account().set_password(password)
        return False
    right = account.check_password(password)
    if not right and not account.password.startswith(f"{get_hashers()[0].algorithm}$"):
        Account().set_password(password)  # the quick hash of a first password must not be told from another's
    return right


def _settle(account: Account | None, address: str, verb: str, *, right: bool) -> None:
    if right:
        forgive_try(address)
        assert account is not None  # noqa: S101 - only an account's password is right; this tells the type
        Account.objects.filter(pk=account.pk).update(failed_logins=0, locked_until=None)
        return
    if account is None:
        record(verb=verb, actor=None, detail={"reason": "unknown account"})
        return
    rules = profile.current().passwords
    known = Account.objects.select_for_update().get(pk=account.pk)
    record(verb=verb, actor=None, subject=known, detail={"failures": known.failed_logins})
    if known.failed_logins >= rules.failures:
        known.failed_logins, known.locked_until = 0, clock.now() + rules.locked
        known.save(update_fields=["failed_logins", "locked_until"])
