"""Suspending an account and taking it up again (P4, P7, G-39). Who may do so to whom is the callers' to know."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account, OpenSession
from yichuan.people.reasons import reason_at_fault
from yichuan.people.services.end_sessions import end_sessions


def suspend(*, actor: Actor | None, account: Account, reason: str) -> None:
    """The account logs in no more and its sessions end within seconds. A step."""
    require_transaction()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        raise Refused("suspended_already", f"{account.name}的账号已经停用。")
    if fault := reason_at_fault(reason):
        raise Invalid({"reason": fault})
    account.is_active, account.suspended_at, account.suspended_reason = False, clock.now(), reason.strip()
    account.save(update_fields=["is_active", "suspended_at", "suspended_reason"])
    ended = end_sessions(account, end=OpenSession.End.SUSPENDED)
    detail = {"reason": account.suspended_reason, "sessions_ended": ended}
    record(verb="people.suspend", actor=actor, subject=account, detail=detail)


def resume(*, actor: Actor | None, account: Account, reason: str) -> None:
    """The account logs in again with the password it had. A step."""
    require_transaction()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.is_active:
        raise Refused("not_suspended", f"{account.name}的账号没有停用。")
    if fault := reason_at_fault(reason):
        raise Invalid({"reason": fault})
    account.is_active, account.suspended_at, account.suspended_reason = True, None, ""
    account.save(update_fields=["is_active", "suspended_at", "suspended_reason"])
    record(verb="people.resume", actor=actor, subject=account, detail={"reason": reason.strip()})
