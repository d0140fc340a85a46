"""Opening a custodian's share with their own password: every try is counted before it is looked at.

Five failures in a row lock this share for half an hour. Neither password nor share is ever logged.
"""

from datetime import timedelta

from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.shares import ShareError, fits
from yichuan.seals.models import Custodian
from yichuan.seals.services.entrust import context_of
from yichuan.seals.services.shares import WrongPassword, from_password

FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)
LONGEST = 200


def open_share(kept: Custodian, password: str) -> bytes:
    """The 16 bytes of the share. A command; takes about 0.2 s.

    Refused `share_not_set`, `share_locked`, `share_wrong` (another password) or `share_altered` (the share is not the
    one that was given out).
    """
    with command():
        kept = _begin(kept)
    try:
        share = from_password(bytes(kept.sealed_share), password[:LONGEST], context_of(kept))
    except WrongPassword:
        with command():
            left = _failed(kept)
        raise _wrong(left) from None
    try:
        whole = fits(kept.index, share, bytes(kept.share_check))
    except ShareError:
        whole = False
    if not whole:
        raise Refused("share_altered", "你保管的那一份密码已被改动，不能用。请报告系统保密员，并申请变更印章。")
    with command():
        Custodian.objects.filter(pk=kept.pk).update(share_failures=0, share_locked_until=None)
    return share


def _begin(kept: Custodian) -> Custodian:
    """Count the try on the locked row; refuses where it is one too many."""
    kept = Custodian.objects.select_for_update(of=("self",)).select_related("seal", "account").get(pk=kept.pk)
    now = clock.now()
    if kept.share_set_at is None:
        raise Refused("share_not_set", "你还没有设置保管密码。请先到「我的保管」设置，再来办理。")
    if kept.share_locked_until is not None and kept.share_locked_until > now:
        raise _locked(kept)
    if kept.share_locked_until is not None:
        kept.share_failures, kept.share_locked_until = 0, None
    kept.share_failures += 1
    if kept.share_failures >= FAILURES:
        kept.share_locked_until = now + LOCKED_FOR  # taken back where this last try is right
    kept.save(update_fields=["share_failures", "share_locked_until"])
    return kept


def _failed(kept: Custodian) -> int:
    """Log the failure. How many tries are left."""
    detail = {"seal": str(kept.seal_id), "failures": kept.share_failures, "locked": kept.share_failures >= FAILURES}
    record(verb="seals.wrong_share", actor=kept.account, unit_id=kept.seal.unit_id, subject=kept.seal, detail=detail)
    return FAILURES - kept.share_failures


def _locked(kept: Custodian) -> Refused:
    assert kept.share_locked_until is not None  # noqa: S101 - the caller has looked; this tells the type
    until = f"{timezone.localtime(kept.share_locked_until):%H:%M}"
    return Refused(
        "share_locked", f"保管密码连续 {FAILURES} 次不对，已锁定到 {until}。到时再试，急用的请其他保管人办理。"
    )


def _wrong(left: int) -> Refused:
    if not left:
        minutes = LOCKED_FOR.seconds // 60
        return Refused("share_locked", f"保管密码不对，已经 {FAILURES} 次，锁定 {minutes} 分钟。请到时再试。")
    return Refused("share_wrong", f"保管密码不对，还可以试 {left} 次。这不是登录密码，是你在「我的保管」里设置的。")
