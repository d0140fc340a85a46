"""One-time codes (TOTP, RFC 6238): the second factor where there is no certificate. Failures lock like passwords."""

import hmac
import secrets
import uuid
from datetime import timedelta

import pyotp

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.people.client import digest
from yichuan.people.models import Account, OneTimeCodes, PersonCertificate, RecoveryCode
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import unit_of
from yichuan.people.reasons import reason_at_fault
from yichuan.people.scope import within

STEP_SECONDS = 30
WINDOW = 1
RECOVERY_CODES = 10
OPEN_FOR = timedelta(days=3)
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
WRONG = "动态口令不对。请看手机上现在显示的六位数字；手机时间不准也会不对，请先校准。"


def begin_set_up(account: Account, *, limited: bool, session_id: uuid.UUID | None = None) -> str:
    """A new secret that counts once a code of it is typed; the same again until then. A command.

    Another session gets another secret: what somebody saw who had the password before its owner came must never count.
    With `limited` somebody knows the password and nothing else: then only a person who never had a second factor, or
    whose factor the security officer has reset, may set one up.
    """
    with command():
        codes = _locked(account)
        if codes is not None and codes.set_up_at is not None:
            raise Refused("codes_already", "动态口令已经设好。要换手机的，请先停用再重新设置。")
        if limited and not _may_begin(account, codes):
            raise NotAllowed(
                "codes_closed", "你原来有过第二种登录凭据，不能只凭密码另设。请系统保密员核实本人后重置，再来设置。"
            )
        if codes is None:
            codes = OneTimeCodes.objects.create(account=account, secret=pyotp.random_base32(), begun_in=session_id)
        elif not codes.secret or codes.begun_in != session_id:
            codes.secret, codes.begun_in = pyotp.random_base32(), session_id
            codes.save(update_fields=["secret", "begun_in"])
        return str(codes.secret)


def confirm_set_up(account: Account, *, code: str, limited: bool, session_id: uuid.UUID | None = None) -> list[str]:
    """The codes count from now on; the recovery codes come back, to be shown once. A command."""
    begin_set_up(account, limited=limited, session_id=session_id)
    with command():
        codes = _locked(account)
        assert codes is not None  # noqa: S101 - it was made a line above; this tells the type
        if codes.set_up_at is not None or codes.begun_in != session_id:
            raise Refused("codes_meanwhile", "动态口令刚刚在另一处设置过，这一页的二维码已作废。请刷新页面重新扫描。")
        step = _step_of(codes, code)
        if step is None:
            raise Invalid({"code": WRONG})
        codes.set_up_at, codes.last_step, codes.open_until = clock.now(), step, None
        codes.failures, codes.locked_until = 0, None
        codes.save()
        RecoveryCode.objects.filter(account=account).delete()
        shown = ["-".join(_drawn(4) for _ in range(4)) for _ in range(RECOVERY_CODES)]
        RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(each)) for each in shown)
        record(verb="people.set_up_codes", actor=account, unit_id=unit_of(account), subject=account)
        return shown


def check_code(account: Account, code: str) -> None:
    """Take a code, or a recovery code. A command. Refused `codes_locked` or `wrong_code`; a code counts once."""
    with command():
        codes = _locked(account)
        if codes is None or codes.set_up_at is None:
            raise Refused("no_codes", "这个账号没有设动态口令。")
        refusal = _taken(account, codes, code)
    if refusal is not None:
        raise refusal


def _taken(account: Account, codes: OneTimeCodes, code: str) -> Refused | None:
    rules, now = profile.current().passwords, clock.now()
    minutes = rules.locked.seconds // 60
    if codes.locked_until is not None and codes.locked_until > now:
        return Refused("codes_locked", f"动态口令连续 {rules.failures} 次不对，已锁定。请 {minutes} 分钟后再试。")
    step = _step_of(codes, code)
    if step is not None or _recovery_taken(account, code):
        codes.last_step, codes.failures, codes.locked_until = step or codes.last_step, 0, None
        codes.save(update_fields=["last_step", "failures", "locked_until"])
        return None
    codes.failures += 1
    if codes.failures >= rules.failures:
        codes.failures, codes.locked_until = 0, now + rules.locked
    codes.save(update_fields=["failures", "locked_until"])
    record(verb="people.wrong_code", actor=None, unit_id=unit_of(account), subject=account)
    return Refused("wrong_code", WRONG, field="code")


def drop_codes(account: Account, *, code: str) -> None:
    """The person needs them no more: a code proves that it is they. A command.

    The row stays, closed: whoever has the password alone must not set up others in their place.
    """
    check_code(account, code)
    with command():
        codes = _locked(account)
        assert codes is not None  # noqa: S101 - a code of it was taken a line above; this tells the type
        codes.secret, codes.set_up_at, codes.open_until = "", None, clock.now()
        codes.save(update_fields=["secret", "set_up_at", "open_until"])
        RecoveryCode.objects.filter(account=account).delete()
        record(verb="people.drop_codes", actor=account, unit_id=unit_of(account), subject=account)


def reset_codes(*, actor: Actor, account: Account, reason: str) -> None:
    """The security officer lets somebody set up a second factor anew, within `OPEN_FOR`; never themself. A command."""
    with command():
        codes = _locked(account) or OneTimeCodes(account=account)
        if actor.pk == account.pk:
            raise NotAllowed("own_codes", "自己的动态口令要由另一位系统保密员重置。")
        within(actor, PeoplePermission.REVOKE_CERTIFICATES, unit_of(account))
        if fault := reason_at_fault(reason):
            raise Invalid({"reason": fault})
        codes.secret, codes.set_up_at, codes.open_until = "", None, clock.now() + OPEN_FOR
        codes.failures, codes.locked_until = 0, None
        codes.save()
        RecoveryCode.objects.filter(account=account).delete()
        detail = {"name": account.name, "reason": reason.strip()}
        record(verb="people.reset_codes", actor=actor, unit_id=unit_of(account), subject=account, detail=detail)


def left(account: Account) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def _may_begin(account: Account, codes: OneTimeCodes | None) -> bool:
    if codes is not None and codes.open_until is not None:
        return codes.open_until > clock.now()
    return not PersonCertificate.objects.filter(account=account).exists()


def _locked(account: Account) -> OneTimeCodes | None:
    return OneTimeCodes.objects.select_for_update().filter(account=account).first()


def _step_of(codes: OneTimeCodes, code: str) -> int | None:
    """The step that this code belongs to, around now and newer than the last one taken."""
    generator = pyotp.TOTP(str(codes.secret))
    now = int(clock.now().timestamp()) // STEP_SECONDS
    typed = code.strip().replace(" ", "").encode()
    for step in range(now - WINDOW, now + WINDOW + 1):
        if step > codes.last_step and hmac.compare_digest(generator.generate_otp(step).encode(), typed):
            return step
    return None


def _recovery_taken(account: Account, code: str) -> bool:
    found = RecoveryCode.objects.filter(account=account, digest=_digest(code), used_at=None)
    if not found.update(used_at=clock.now()):
        return False
    record(verb="people.use_recovery_code", actor=account, unit_id=unit_of(account), subject=account)
    return True


def _digest(code: str) -> str:
    """Random and long, so one round is enough; typed with or without its dashes."""
    return digest("".join(character for character in code.upper() if character in _ALPHABET))


def _drawn(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
