"""Changing who keeps a seal (更换保管人, J-24): the device's password changes with them, old shares are worth nothing.

Where the key rests in the device, k present custodians agree and thereby open the password. Where it rests on a
carrier, or one person keeps it, the leader confirms, and the carrier's own password is for the new people to change.
Where k cannot come together any more, only a new seal helps (a session of three parties).
"""

import uuid
from collections.abc import Sequence

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action
from yichuan.seals.kinds import CustodyRole, OpeningKind, OpeningMatter, OpeningState
from yichuan.seals.models import Custodian, Opening, Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.approve_opening import Signed, proof_of
from yichuan.seals.services.ask_opening import begin, locked_seal
from yichuan.seals.services.close_opening import STANDING, close_openings, end, locked
from yichuan.seals.services.entrust import Keepers, entrust, misfit
from yichuan.seals.services.open_seal import next_context_of
from yichuan.seals.services.opened import context_of
from yichuan.seals.services.said import said
from yichuan.seals.services.shares import from_device
from yichuan.seals.services.usable import require_usable

Chosen = Sequence[tuple[uuid.UUID, CustodyRole]]


def ask_change(*, actor: Account, seal_id: uuid.UUID, chosen: Chosen, words: str) -> Opening:
    """Put a change of custodians before those who decide on it. A command; Invalid on `custodians` and `words`."""
    reason = said(words, needed="请写明为什么更换，例如岗位交接。")
    with command():
        seal = locked_seal(seal_id)
        check(actor, SealsPermission.APPLY, seal)
        require_usable(seal, clock.now())
        keepers = _keepers(seal, chosen)
        _require_fit(seal, keepers)
        _make_way(actor, seal)
        subject = {
            "documents": [],
            "custodians": [
                {"account": str(account.pk), "name": account.name, "role": role.value} for account, role in keepers
            ],
        }
        return begin(
            actor=actor, seal=seal, kind=OpeningKind.DOCUMENT, matter=OpeningMatter.CHANGE, subject=subject, uses=0,
            words=reason, quorum=seal.quorum if seal.under_password else 1,
        )  # fmt: skip


def confirm_change(request: HttpRequest, *, actor: Account, opening_id: uuid.UUID, signed: Signed) -> Opening:
    """The leader's word, by certificate, where no password of the device is to be changed. A command.

    Nobody confirms what they asked for themselves.
    """
    opening = Opening.objects.select_related("seal__unit").get(pk=opening_id)
    check(actor, SealsPermission.SIGN_APPLICATION, opening.seal)
    _require_leaders(opening)
    if opening.asked_by_id == actor.pk:
        raise NotAllowed("own_request", "这次更换由你本人提出，不能由你确认。请由另一位印章管理员提出，再由你确认。")
    proof = proof_of(request, Action.CHANGE_CUSTODIANS, actor, opening, signed)
    with command():
        seal = locked_seal(opening.seal_id)
        opening = locked(opening_id)
        check(actor, SealsPermission.SIGN_APPLICATION, seal)
        _require_leaders(opening)
        _require_fit(seal, _keepers(seal, _chosen(opening)))
        detail = {"serial": proof.certificate.serial, "digest": opening.digest}
        return _hand_over(actor, seal, opening, None, detail)


def carry_out_change(opening_id: uuid.UUID) -> Opening:
    """What k custodians have opened: the device's password changes, then the people. A command in three parts.

    The new password was written down, wrapped, when the seal was opened; so whoever dies on the way leaves nothing
    lost, and the ticker goes on.
    """
    opening = Opening.objects.select_related("seal").get(pk=opening_id)
    if opening.state != OpeningState.OPEN or opening.matter != OpeningMatter.CHANGE:
        return opening
    old = from_device(bytes(opening.sealed_password), context_of(opening))
    new = from_device(bytes(opening.sealed_next), next_context_of(opening))
    _change_password(opening.seal.key_label, old, new)
    with command():
        seal = locked_seal(opening.seal_id)
        opening = locked(opening_id)
        if opening.state != OpeningState.OPEN:  # another process was quicker
            return opening
        return _hand_over(opening.asked_by, seal, opening, new, {"digest": opening.digest})


def _change_password(label: str, old: bytes, new: bytes) -> None:
    """The device's part; a change that was made before its process died is no fault."""
    try:
        try:
            device().change_password(label, old=old, new=new)
        except DeviceError as error:
            if error.code != "wrong_password":
                raise
            device().change_password(label, old=new, new=new)
    except DeviceError as error:
        raise unavailable(error) from error


def _hand_over(
    actor: Actor | None, seal: Seal, opening: Opening, password: bytes | None, detail: dict[str, str]
) -> Opening:
    """The old people end, the new ones begin, and everything that was open for the seal ends. A step."""
    require_transaction()
    keepers = _keepers(seal, _chosen(opening))
    before = list(seal.custodians.filter(until=None).select_related("account").order_by("pk"))
    Custodian.objects.filter(pk__in=[each.pk for each in before]).update(until=clock.now(), sealed_share=b"")
    opening = end(actor=actor, opening=opening, verb="close", reason="已更换保管人")
    close_openings(actor=actor, seal=seal, reason="保管人已更换")
    entrust(actor=actor, seal=seal, custodians=keepers, password=password)
    who = {"before": [each.account.name for each in before], "after": [account.name for account, _ in keepers]}
    record(verb="seals.change_custodians", actor=actor, unit_id=seal.unit_id, subject=seal, detail=detail | who)
    return opening


def _chosen(opening: Opening) -> Chosen:
    return [(uuid.UUID(each["account"]), CustodyRole(each["role"])) for each in opening.subject["custodians"]]


def _keepers(seal: Seal, chosen: Chosen) -> Keepers:
    """The people by their ids, where they can keep this seal together."""
    found = Account.objects.in_bulk([account_id for account_id, _ in chosen])
    if any(account_id not in found for account_id, _ in chosen):
        raise Invalid({"custodians": "请从本单位的印章管理员中选择保管人。"})
    keepers: Keepers = [(found[account_id], role) for account_id, role in chosen]
    if fault := misfit(keepers, seal.quorum, shared=seal.under_password):
        raise Invalid({"custodians": fault})
    return keepers


def _require_fit(seal: Seal, keepers: Keepers) -> None:
    """Each must hold the post that uses the unit's seals. Not asked again once the device's password has changed."""
    for account, _ in keepers:
        if not account.has_perm(SealsPermission.USE, seal):
            raise Invalid({"custodians": f"{account.name}不是本单位的印章管理员，不能保管印章。请先办好岗位。"})


def _make_way(actor: Account, seal: Seal) -> None:
    """An earlier change that waits ends; one that was agreed to is on its way."""
    standing = Opening.objects.select_for_update().filter(seal=seal, matter=OpeningMatter.CHANGE, state__in=STANDING)
    for opening in standing.order_by("pk"):
        if opening.state == OpeningState.OPEN:
            raise Refused("change_under_way", "已经同意的更换正在办理，请过一分钟再试。")
        end(actor=actor, opening=opening, verb="close", reason="已改为新的申请")


def _require_leaders(opening: Opening) -> None:
    if opening.matter != OpeningMatter.CHANGE or opening.seal.under_password:
        raise Refused("custodians_decide", "这件事由保管人同意，不用领导确认。")
    if opening.state != OpeningState.ASKED or opening.expires_at <= clock.now():
        raise Refused("opening_over", "这次更换申请已经办完或者结束。请刷新页面看最新情况。")
