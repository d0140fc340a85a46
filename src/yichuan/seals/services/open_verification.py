"""Opening a verification seal with its holder's own password (J-34): every try is counted before it is looked at.

Failures in a row lock it as they lock a login. Several right tries at once are no failures: those beyond what may be
looked at together wait for their turn. Neither password is ever logged.
"""

import time
from datetime import datetime, timedelta

from django.db.models import CharField, UUIDField
from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate, read_certificate
from yichuan.keys.services.registry import ISSUING
from yichuan.keys.states import CertificateState
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import VerificationSeal
from yichuan.seals.services.issue import password_context
from yichuan.seals.services.shares import (
    WrongPassword,
    from_password,
    quick_to_open,
    under_password_asked_often,
)
from yichuan.seals.services.usable import require_begun

LONGEST = 200
FORGOTTEN_AFTER = timedelta(seconds=30)
"""A try whose process died is counted no longer than this."""
TURNS, TURN_SECONDS = 100, 0.2

_states = Prepared(
    lambda serial: IssuedCertificate.objects.filter(issuer=ISSUING, serial=serial).values_list("state", flat=True),
    serial=CharField(),
)
_for_update = Prepared(
    lambda pk: VerificationSeal.objects.select_for_update(of=("self",)).select_related("seal", "holder").filter(pk=pk),
    pk=UUIDField(),
)


def require_verification(
    actor: Account, kept: VerificationSeal | None, at: datetime, instead: str = ""
) -> VerificationSeal:
    """Refuse where the person cannot open this verification seal, with whom to turn to, or what to do `instead`.

    Refused `no_verification_seal`, `not_holder`, `not_taken`, `verification_suspended`, `verification_certificate`,
    `verification_expired`.
    """
    if kept is None:
        raise Refused(
            "no_verification_seal",
            "打印原件要用验证印章，本单位还没有。请印章管理员申请制作印章，验证印章同时发给保管人；急用可以先脱密下载。",
        )
    if kept.holder_id != actor.pk:
        raise Refused("not_holder", f"打印原件要用验证印章。{whose(kept)}{instead}")
    seal = kept.seal
    if seal.state != SealState.IN_USE:
        raise Refused(
            "verification_suspended", f"印章「{seal.name}」已暂停使用，验证印章同时停用，不能打印原件。恢复后再打印。"
        )
    if kept.taken_at is None:
        raise Refused("not_taken", "验证印章还没有接管。请先到「验证印章」接管，设好密码，再来打印。")
    certificate = read_certificate(bytes(kept.certificate))
    if _states(serial=f"{certificate.serial:x}") != [CertificateState.VALID]:
        raise Refused("verification_certificate", "验证印章的证书已挂失或者吊销，不能打印原件。请联系系统保密员。")
    require_begun(certificate, at, "验证印章")
    if at > certificate.not_after:
        until = f"{timezone.localtime(certificate.not_after):%Y年%-m月%-d日}"
        raise Refused("verification_expired", f"验证印章的有效期到 {until} 为止，不能打印原件。请申请换发印章。")
    return kept


def whose(kept: VerificationSeal) -> str:
    """Who holds it and how to reach them, in a sentence."""
    if kept.holder is None:
        return "本单位的验证印章还没有保管人，请印章管理员申请变更印章，指定保管人。"
    staff = getattr(kept.holder, "staff", None)
    phone = (staff.phone or staff.mobile) if staff is not None else ""
    return f"本单位的验证印章由{kept.holder.name}保管{f'（电话 {phone}）' if phone else ''}，请联系保管人打印。"


def open_verification(kept: VerificationSeal, password: str) -> bytes:
    """The 16 bytes that open the key in the device. A command; takes about 50 ms, longer where many try at once.

    What was sealed under scrypt is put under Argon2id when its own password has opened it (about 0.3 s, once).
    Refused `verification_locked` or `verification_wrong`; Unavailable `verification_busy`.
    """
    kept, words, context = _in_turn(kept), password[:LONGEST], password_context(kept.pk)
    sealed = bytes(kept.sealed_password)
    try:
        secret = from_password(sealed, words, context)
    except WrongPassword:
        with command():
            left = _failed(kept)
        raise _wrong(left) from None
    renewed = b"" if quick_to_open(sealed) else under_password_asked_often(secret, words, context)
    with command():
        now = _locked_row(kept)
        now.tries, now.failures, now.locked_until = max(now.tries - 1, 0), 0, None
        fields = ["tries", "failures", "locked_until"]
        if renewed and bytes(now.sealed_password) == sealed:  # else somebody was quicker
            now.sealed_password = renewed
            fields.append("sealed_password")
        now.save(update_fields=fields)
    return secret


def _in_turn(kept: VerificationSeal) -> VerificationSeal:
    """Count the try on the locked row, when there is room for one more that might be wrong."""
    for _ in range(TURNS):
        with command():
            if (counted := _begin(_locked_row(kept))) is not None:
                return counted
        time.sleep(TURN_SECONDS)
    raise Unavailable("verification_busy", "正在核对的验证印章密码较多，没有轮到。请过一会儿再打印。")


def _begin(kept: VerificationSeal) -> VerificationSeal | None:
    limit, now = profile.current().passwords.failures, clock.now()
    if kept.locked_until is not None and kept.locked_until > now:
        until = f"{timezone.localtime(kept.locked_until):%H:%M}"
        raise Refused(
            "verification_locked", f"验证印章密码连续 {limit} 次不对，已锁定到 {until}。请到时再试。", field="password"
        )
    if kept.locked_until is not None:
        kept.failures, kept.locked_until = 0, None
    if kept.tried_at is not None and kept.tried_at < now - FORGOTTEN_AFTER:
        kept.tries = 0
    if kept.failures + kept.tries >= limit:
        return None
    kept.tries, kept.tried_at = kept.tries + 1, now
    kept.save(update_fields=["failures", "locked_until", "tries", "tried_at"])
    return kept


def _failed(kept: VerificationSeal) -> int:
    """Put the failure on record. How many tries are left."""
    rules = profile.current().passwords
    now = _locked_row(kept)
    now.tries, now.failures = max(now.tries - 1, 0), now.failures + 1
    if now.failures >= rules.failures:
        now.locked_until = clock.now() + rules.locked
    now.save(update_fields=["tries", "failures", "locked_until"])
    detail = {"seal": str(now.pk), "failures": now.failures, "locked": now.locked_until is not None}
    record(verb="seals.wrong_verification", actor=now.holder, unit_id=now.seal.unit_id, subject=now.seal, detail=detail)
    return max(rules.failures - now.failures, 0)


def _locked_row(kept: VerificationSeal) -> VerificationSeal:
    [row] = _for_update(pk=kept.pk)
    return row


def _wrong(left: int) -> Refused:
    if not left:
        rules = profile.current().passwords
        said = f"验证印章密码不对，已经 {rules.failures} 次，锁定 {rules.locked.seconds // 60} 分钟。请到时再试。"
        return Refused("verification_locked", said, field="password")
    said = f"验证印章密码不对，还可以试 {left} 次。这不是登录密码，是接管验证印章时设的。"
    return Refused("verification_wrong", said, field="password")
