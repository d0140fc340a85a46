"""Logging in: who somebody is, then the session that follows from it."""

from django.contrib.auth import login
from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.client import Client, client_of
from yichuan.people.models import Account, Device, LoginAttempt, Method, OpenSession
from yichuan.people.ports import unit_of
from yichuan.people.selectors import first_password_expired
from yichuan.people.services.alarms import raise_alarms
from yichuan.people.services.check_password import check_password
from yichuan.people.services.end_sessions import end_sessions

KEY = "open_session"
WELCOME = "welcome"  # the next page tells of the last login
FAILED = "people.log_in_failed"
Outcome = LoginAttempt.Outcome


def check_password_login(request: HttpRequest, *, username: str, password: str) -> Account:
    """Whose password this is. Begins no session; a second step may follow.

    Refuses with `locked`, `slowed` or `wrong_password`; what is said about the account itself, only its owner learns.
    """
    client = client_of(request)
    account = Account.objects.filter(username=username).first()
    try:
        right = check_password(account=account, password=password, verb=FAILED, address=client.address)
    except Refused as refusal:
        if refusal.code in Outcome.values:
            note_failure(account, client, Method.PASSWORD, Outcome(refusal.code))
        raise
    if not right or account is None:
        note_failure(account, client, Method.PASSWORD, Outcome.WRONG)
        rules = profile.current().passwords
        minutes = rules.locked.seconds // 60
        raise Refused("wrong_password", f"账号或密码不对。连续 {rules.failures} 次不对，账号会锁定 {minutes} 分钟。")
    if first_password_expired(account):
        note_failure(account, client, Method.PASSWORD, Outcome.EXPIRED)
        days = profile.current().passwords.first_lasts.days
        raise Refused("first_expired", f"初始密码已过期。它只在 {days} 天内有效，请本单位管理员恢复初始密码。")
    return account


def begin_session(request: HttpRequest, account: Account, *, method: Method) -> None:
    """Begin the session of a person who has proved who they are, by whatever `method`.

    Refuses an account that is suspended, a device that is sealed off, and, where the account demands a registered
    device, every other one.
    """
    client = client_of(request)
    if (refusal := _not_from_here(account, client)) is not None:
        note_failure(account, client, method, Outcome(refusal.code))
        raise refusal
    with command():
        if client.device is not None:
            Device.objects.select_for_update().get(pk=client.device.pk)
        account = Account.objects.select_for_update().get(pk=account.pk)
        if (refusal := _not_from_here(account, client)) is not None:  # suspended or sealed off a moment ago
            raise refusal
        attempt = _attempt(account, client, method, Outcome.DONE)
        raise_alarms(attempt)
        if profile.current().sessions.one_per_person:
            end_sessions(account, end=OpenSession.End.ELSEWHERE)
        session = OpenSession.objects.create(
            account=account,
            method=method,
            address=client.address,
            agent=client.agent,
            device=client.device,
            began_at=attempt.at,
            seen_at=attempt.at,
        )
        detail = {"method": method, "address": client.address, "device": client.device.name if client.device else ""}
        record(verb="people.log_in", actor=account, unit_id=attempt.unit_id, subject=account, detail=detail)
    login(request, account, backend="yichuan.people.backends.AccountBackend")
    request.session[KEY] = str(session.pk)
    request.session[WELCOME] = True


def _not_from_here(account: Account, client: Client) -> Refused | None:
    if not account.is_active or not account.has_usable_password():  # without one it is a program's, nobody's login
        return Refused("suspended", "这个账号已停用。请找本单位管理员问明原因。")
    device = client.device
    if device is not None and device.sealings.filter(ended_at=None).exists():
        return Refused("sealed_off", "这台设备已封存，不能登录。请找系统保密员。")
    if account.bound_devices_only and (device is None or device.user_id != account.pk):
        return Refused("unbound", "这个账号只准从本人登记的设备登录。请换到那台设备，或找本单位管理员登记这台。")
    return None


def note_failure(
    account: Account | None, client: Client, method: Method, outcome: LoginAttempt.Outcome, reason: str = ""
) -> None:
    """Put an attempt that did not go through on record. A command."""
    with command():
        _attempt(account, client, method, outcome)
        if outcome not in (Outcome.WRONG, Outcome.LOCKED, Outcome.SLOWED):  # those are on record already
            detail = {"reason": reason or outcome, "address": client.address}
            record(verb=FAILED, actor=None, subject=account, detail=detail)


def _attempt(account: Account | None, client: Client, method: Method, outcome: LoginAttempt.Outcome) -> LoginAttempt:
    return LoginAttempt.objects.create(
        at=clock.now(),
        account=account,
        unit_id=unit_of(account) if account else None,
        method=method,
        outcome=outcome,
        address=client.address,
        agent=client.agent,
        device=client.device,
    )
