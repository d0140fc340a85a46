"""A forgotten password is replaced by a new first one, and a lock is lifted (P2, J-16). Callers know who may."""

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account, OpenSession
from yichuan.people.services.end_sessions import end_sessions
from yichuan.people.services.keep_password import keep_first_password, remember
from yichuan.people.services.open_account import first_password


def reset_password(*, actor: Actor | None, account: Account) -> str:
    """Give a new first password, end the sessions, lift the lock; the password, to be shown once. A step."""
    require_transaction()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.has_usable_password():
        raise Refused("nobodys_login", f"「{account.name}」是办公系统的接口账号，没有密码，不能登录。")
    password = first_password()
    remember(account)
    keep_first_password(account, password)
    account.failed_logins, account.locked_until = 0, None
    account.save()
    ended = end_sessions(account, end=OpenSession.End.PASSWORD)
    record(verb="people.reset_password", actor=actor, subject=account, detail={"sessions_ended": ended})
    return password


def unlock(*, actor: Actor | None, account: Account) -> None:
    """Lift the lock of an account whose owner remembers the password again. A step."""
    require_transaction()
    Account.objects.select_for_update().filter(pk=account.pk).update(failed_logins=0, locked_until=None)
    record(verb="people.unlock", actor=actor, subject=account)
