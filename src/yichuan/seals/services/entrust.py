"""Entrusting a seal to its custodians (J-24): who keeps what, and a share of the device's password for each."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.shares import MOST, check_of, split
from yichuan.people.models import Account
from yichuan.seals.kinds import CustodyRole
from yichuan.seals.models import Custodian, Seal
from yichuan.seals.services.shares import under_device

APART = {CustodyRole.CARRIER, CustodyRole.PASSWORD}

Keepers = list[tuple[Account, CustodyRole]]


def entrust(*, actor: Actor | None, seal: Seal, custodians: Keepers, password: bytes | None) -> None:
    """Write down who keeps the seal; with the device's `password` (16 bytes) its shares. A step.

    A share lies under a key of the centre until its custodian has set a password. Where carrier and password are kept
    by two people, each use needs both. Refused `invalid` where the people do not fit one another.
    """
    require_transaction()
    if fault := misfit(custodians, seal.quorum, shared=password is not None):
        raise Invalid({"custodians": fault})
    if len(custodians) == len(APART) and {role for _, role in custodians} == APART and seal.quorum != len(APART):
        seal.quorum = len(APART)
        seal.save(update_fields=["quorum"])
    shares = split(password, seal.quorum, len(custodians)) if password is not None else []
    check = check_of(password, shares, seal.quorum) if password is not None else b""
    now = clock.now()
    for number, (account, role) in enumerate(custodians, 1):
        kept = Custodian.objects.create(seal=seal, account=account, role=role, since=now)
        if shares:
            kept.index, kept.share_check = number, check
            kept.sealed_share = under_device(shares[number - 1], context_of(kept))
            kept.save(update_fields=["index", "share_check", "sealed_share"])
    people = [f"{account.name}（{role.label}）" for account, role in custodians]
    detail = {"custodians": people, "quorum": seal.quorum, "shares": len(shares)}
    record(verb="seals.entrust", actor=actor, unit_id=seal.unit_id, subject=seal, detail=detail)


def misfit(custodians: Keepers, quorum: int, *, shared: bool) -> str:
    """Why these people cannot keep a seal that `quorum` of them open, in words; empty where they can."""
    roles = [role for _, role in custodians]
    if not custodians:
        return "请指定保管人。"
    if len({account.pk for account, _ in custodians}) != len(custodians):
        return "同一个人不能保管两份，请指定不同的人。"
    if len(custodians) > MOST:
        return f"保管人最多 {MOST} 人。"
    if set(roles) & APART:
        if shared or sorted(roles) != sorted(APART):
            return "载体和密码分开保管的，载体保管人、密码保管人各指定一人。"
        return ""
    if not 1 <= quorum <= len(custodians):
        return f"要 {quorum} 人同意才能用印，保管人至少要有 {quorum} 人。"
    return ""


def context_of(kept: Custodian) -> str:
    """What a custodian's share is bound to."""
    return f"custodian:{kept.pk}:share:{kept.index}"
