"""Enough custodians have agreed: their shares give the device's password, which rests in this opening alone."""

import secrets
import uuid
from datetime import datetime, timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.shares import SECRET_BYTES, ShareError, combine
from yichuan.seals.kinds import OpeningKind, OpeningMatter, OpeningState
from yichuan.seals.models import Approval, Opening
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.close_opening import locked, tell
from yichuan.seals.services.opened import context_of
from yichuan.seals.services.shares import from_device, under_device
from yichuan.seals.states import OPENING

LASTS = {OpeningKind.DOCUMENT: timedelta(hours=2), OpeningKind.COUNT: timedelta(hours=8)}


def open_if_agreed(opening_id: uuid.UUID) -> Opening:
    """Open what as many present custodians agreed to as the seal demands; otherwise it stays as it is.

    A command; the device works before its transaction. Whoever comes second finds it open.
    """
    opening = Opening.objects.select_related("seal").get(pk=opening_id)
    agreed = _agreed(opening)
    if opening.state != OpeningState.ASKED or len(agreed) < opening.quorum:
        return opening
    if opening.seal.under_password and not all(each.wrapped_share for each in agreed):
        return Opening.objects.select_related("seal").get(pk=opening_id)  # another's word opened it, and no share rests
    password, after = b"", b""
    if opening.seal.under_password:
        password = under_device(_combined(opening, agreed), context_of(opening))
        if opening.matter == OpeningMatter.CHANGE:
            after = under_device(secrets.token_bytes(SECRET_BYTES), next_context_of(opening))
    with command():
        opening = locked(opening_id)
        if opening.state == OpeningState.ASKED and opening.expires_at > clock.now():
            _open(opening, password, after)
    return opening


def share_context_of(opening: Opening, index: int) -> str:
    """What a share that was given to an opening is bound to."""
    return f"opening:{opening.pk}:share:{index}"


def next_context_of(opening: Opening) -> str:
    """What the password that is to follow is bound to."""
    return f"opening:{opening.pk}:next"


def _agreed(opening: Opening) -> list[Approval]:
    """Who is no custodian any more does not count, nor who has left the post."""
    said = opening.approvals.filter(agreed=True, custodian__until=None).select_related("custodian__account")
    return [each for each in said.order_by("at") if each.custodian.account.has_perm(SealsPermission.USE, opening.seal)]


def _combined(opening: Opening, agreed: list[Approval]) -> bytes:
    shares = {
        each.custodian.index: from_device(bytes(each.wrapped_share), share_context_of(opening, each.custodian.index))
        for each in agreed
    }
    try:
        return combine(shares, bytes(agreed[0].custodian.share_check))
    except ShareError as error:
        raise Refused("share_altered", "保管人的份额合不成密码，印章没有开启。请报告系统保密员。") from error


def _open(opening: Opening, password: bytes, after: bytes) -> None:
    require_transaction()
    transition = OPENING.find("open", opening.state)
    opening.state, opening.opened_at = transition.target, clock.now()
    opening.expires_at = _until(opening, opening.opened_at)
    opening.sealed_password, opening.sealed_next = password, after
    opening.save(update_fields=["state", "opened_at", "expires_at", "sealed_password", "sealed_next"])
    opening.approvals.update(wrapped_share=b"")
    detail = {"seal": str(opening.seal_id), "digest": opening.digest, "until": opening.expires_at.isoformat()}
    record(verb=transition.audit, actor=None, unit_id=opening.seal.unit_id, subject=opening, detail=detail)
    tell(opening)


def _until(opening: Opening, now: datetime) -> datetime:
    if opening.kind == OpeningKind.PERIOD:
        return now + timedelta(minutes=opening.subject["minutes"])
    return now + LASTS[OpeningKind(opening.kind)]
