"""The states of a change of access (P4, G-7)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.org.permissions import OrgPermission as May


class ChangeState(Labelled):
    WAITING = "waiting", "待审核"
    CONFIRMED = "confirmed", "审核通过"
    REFUSED = "refused", "审核不通过"
    WITHDRAWN = "withdrawn", "已撤回"


S = ChangeState

CHANGE = TransitionTable(
    "access change",
    {state.value: state.label for state in ChangeState},
    [
        Transition("confirm", S.WAITING, S.CONFIRMED, May.REVIEW_ACCESS, "org.confirm_change"),
        Transition("refuse", S.WAITING, S.REFUSED, May.REVIEW_ACCESS, "org.refuse_change"),
        Transition("withdraw", S.WAITING, S.WITHDRAWN, May.REQUEST_ACCESS, "org.withdraw_change"),
        Transition("agree", S.WAITING, S.WAITING, May.REPLACE_AUDITOR, "org.agree_to_auditor"),
        Transition("replace", S.WAITING, S.CONFIRMED, May.REPLACE_AUDITOR, "org.replace_auditor"),
        Transition("decline", S.WAITING, S.REFUSED, May.REPLACE_AUDITOR, "org.decline_auditor"),
    ],
    noun="这份权限变更单",
)
