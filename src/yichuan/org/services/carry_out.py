"""What becomes of a change of access when the auditor has spoken (P4): carried out, or undone as far as that goes."""

from collections.abc import Callable

from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, HandOver, Staff
from yichuan.org.selectors import not_ended
from yichuan.org.services import hand_over as hand_overs
from yichuan.org.services.access_rules import check_fit
from yichuan.org.services.appoint import appoint
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.filing import file
from yichuan.org.services.settle import settle
from yichuan.people.services.suspend import resume

Kind = AccessChange.Kind


def carry_out(actor: Actor | None, change: AccessChange) -> str:
    """Put a reviewed change into force, if it still fits; what was done, for the record. A step."""
    require_transaction()
    if change.at_once:
        return "已经执行，审核通过"
    check_fit(change)
    return CARRY_OUT[change.kind](actor, change)


def undo(actor: Actor | None, change: AccessChange) -> str:
    """Take back what the auditor objects to, as far as it can be; what was done and what was not. A step."""
    require_transaction()
    if change.kind == Kind.HAND_OVER:
        return end_hand_over(change, HandOver.State.REFUSED)
    return UNDO.get(change.kind, _not_begun)(actor, change)


def end_hand_over(change: AccessChange, state: HandOver.State) -> str:
    """The form is closed without a hand-over. A step."""
    form = change.hand_over
    if form is not None:
        form.state, form.ended_at, form.note = state, clock.now(), change.review_note
        form.save(update_fields=["state", "ended_at", "note"])
    return "没有交接，岗位不变"


def _appoint(actor: Actor | None, change: AccessChange) -> str:
    settle(Staff.objects.select_for_update().get(account=change.account), duty=change.duty, unit=change.unit)
    change.post = appoint(
        actor=actor,
        account=change.account,
        unit=change.unit,
        office=change.office,
        duty=Duty(change.duty),
        permissions=change.permissions,
    )
    return "岗位从现在起生效"


def _dismiss(actor: Actor | None, change: AccessChange) -> str:
    if change.post is not None:
        dismiss(actor=actor, post=change.post)
    return "岗位从现在起结束"


def _adjust(actor: Actor | None, change: AccessChange) -> str:
    if change.post is not None:
        change.post.permissions = change.permissions
        change.post.save(update_fields=["permissions"])
        not_ended(change.post.stand_ins.all()).update(permissions=change.permissions)  # never more than the post itself
    label = Duty(change.duty).label
    file(actor=actor, account=change.account, unit=change.unit, what=f"{change.account.name}的{label}岗位调整权限")
    return "权限从现在起变更"


def _hand_over(actor: Actor | None, change: AccessChange) -> str:
    if change.hand_over is not None:
        hand_overs.carry_out(change.hand_over, actor=actor)
    return "岗位从现在起由接任人承担"


def _resume(actor: Actor | None, change: AccessChange) -> str:
    resume(actor=actor, account=change.account, reason=change.reason)
    file(actor=actor, account=change.account, unit=change.unit, what=f"恢复账号：{change.account.name}")
    return "账号从现在起恢复"


CARRY_OUT: dict[str, Callable[[Actor | None, AccessChange], str]] = {
    Kind.APPOINT: _appoint,
    Kind.DISMISS: _dismiss,
    Kind.ADJUST: _adjust,
    Kind.HAND_OVER: _hand_over,
    Kind.RESUME: _resume,
}


def _not_begun(actor: Actor | None, change: AccessChange) -> str:
    return "没有执行，一切照旧"


def _end_stand_in(actor: Actor | None, change: AccessChange) -> str:
    if change.post is not None:
        dismiss(actor=actor, post=change.post)
    return "代岗从现在起结束；代岗期间办过的事仍然有效"


UNDO: dict[str, Callable[[Actor | None, AccessChange], str]] = {
    Kind.STAND_IN: _end_stand_in,
    Kind.SUSPEND: lambda actor, change: "停用没有自动解除，恢复账号要另行申请并经审核",
    Kind.UNLOCK: lambda actor, change: "锁定已经解除，不能再恢复；有疑问请停用账号",
    Kind.RESET: lambda actor, change: "密码已经更换，不能换回原来的；有疑问请停用账号",
}
