"""The auditor's review of changes of access (P4, G-7): nothing asked for is in force before it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.transactions import command, require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, HandOver, Post
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import in_force
from yichuan.org.services.access import said
from yichuan.org.services.access_rules import check_asker
from yichuan.org.services.carry_out import carry_out, end_hand_over, undo
from yichuan.org.states import CHANGE
from yichuan.people.models import Account

MOST_AT_ONCE = 100


def confirm(*, actor: Account, change_id: uuid.UUID, note: str = "") -> AccessChange:
    """审核通过: the change takes effect in this transaction, if it still fits. A command."""
    with command():
        change = _reviewable(actor, change_id, "confirm")
        change.review_note = _remark(note)
        _check_asker_still(change)
        change.outcome = carry_out(actor, change)
        _close(actor, change, "confirm")
    return change


def refuse(*, actor: Account, change_id: uuid.UUID, note: str) -> AccessChange:
    """审核不通过, with the reason: nothing happens; what acted at once is undone as far as it can be. A command."""
    with command():
        change = _reviewable(actor, change_id, "refuse")
        change.review_note = said(note, field="note")
        change.outcome = undo(actor, change)
        _close(actor, change, "refuse")
    return change


def withdraw(*, actor: Account, change_id: uuid.UUID) -> AccessChange:
    """The one who asked takes the request back. What acted at once is in force, so it is not withdrawn. A command."""
    with command():
        change = locked_change(change_id)
        CHANGE.find("withdraw", change.state)
        if change.requested_by_id != actor.pk:
            raise NotAllowed("not_yours", "只有申请人本人能撤回。")
        if change.at_once:
            raise Refused("in_force", "这项变更已经执行，不能撤回。")
        change.outcome = "没有执行，一切照旧"
        if change.kind == AccessChange.Kind.HAND_OVER:
            change.outcome = end_hand_over(change, HandOver.State.WITHDRAWN)
        _close(actor, change, "withdraw")
    return change


@dataclass(frozen=True)
class Reviewed:
    """What became of one of several: `fault` is empty where it went through."""

    change_id: uuid.UUID
    fault: str = ""


def review_several(
    *, actor: Account, change_ids: list[uuid.UUID], review: Callable[..., AccessChange], note: str
) -> list[Reviewed]:
    """Each in a transaction of its own, so that one that does not fit holds up no other."""
    if not change_ids:
        raise Invalid({"change": "请先勾选要审核的变更单。"})
    if len(change_ids) > MOST_AT_ONCE:
        raise Invalid({"change": f"一次最多审核 {MOST_AT_ONCE} 份。"})
    results = []
    for change_id in dict.fromkeys(change_ids):
        try:
            review(actor=actor, change_id=change_id, note=note)
            results.append(Reviewed(change_id))
        except Refused as refusal:
            results.append(Reviewed(change_id, refusal.message))
    return results


def locked_change(change_id: uuid.UUID) -> AccessChange:
    """The change and then the person it concerns, locked, both as they are now. A step."""
    require_transaction()
    change = AccessChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound("no_change", "没有这份权限变更单。")
    change.account = Account.objects.select_for_update().get(pk=change.account_id)
    return change


def _reviewable(actor: Account, change_id: uuid.UUID, verb: str) -> AccessChange:
    change = locked_change(change_id)
    CHANGE.find(verb, change.state)
    _check_reviewer(actor, change)
    return change


def _check_reviewer(actor: Account, change: AccessChange) -> None:
    """The auditor of this very moment, who neither asked for it nor is concerned by it."""
    posts = in_force(Post.objects.select_for_update().filter(account=actor, duty=Duty.AUDITOR))
    if not actor.is_active or not posts.exists():
        raise NotAllowed("no_permission", f"你的岗位没有「{OrgPermission.REVIEW_ACCESS.label}」的权限。")
    if change.kind == AccessChange.Kind.REPLACE_AUDITOR:
        raise NotAllowed("not_the_auditors", "更换审计员由另外两员和主管单位共同确认，审计员不审核。")
    concerned = {change.requested_by_id, change.account_id}
    if change.hand_over is not None:
        concerned |= {change.hand_over.giver_id, change.hand_over.taker_id}
    if actor.pk in concerned:
        raise NotAllowed("own_change", "自己申请的、涉及自己的变更，不能由自己审核。")


def _check_asker_still(change: AccessChange) -> None:
    """Who asked may ask it today as well: a request does not outlive the post that it was made from."""
    if change.at_once or change.requested_by_id is None:
        return
    asker = Account.objects.get(pk=change.requested_by_id)
    try:
        check_asker(asker, change)
    except NotAllowed as lost:
        said_why = f"{asker.name}提出后岗位有变，现在不能提这样的变更，没有执行。请审核不通过。"
        raise Refused("asker_lost", said_why) from lost


def _close(actor: Account, change: AccessChange, verb: str) -> None:
    row = CHANGE.find(verb, change.state)
    change.state = row.target
    if verb != "withdraw":
        change.reviewed_by = actor
    change.reviewed_at = clock.now()
    change.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_note", "outcome", "post"])
    detail = {
        "kind": change.kind,
        "account": change.account.username,
        "duty": change.duty,
        "permissions": change.permissions,
        "outcome": change.outcome,
    }
    record(verb=row.audit, actor=actor, unit_id=change.unit_id, subject=change, detail=detail)


def _remark(note: str) -> str:
    text = note.strip()
    if len(text) > 200 or hides_something(text):
        raise Invalid({"note": "审核意见最多 200 个字，不能有看不见的字符。"})
    return text
