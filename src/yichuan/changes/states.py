"""The states of an application: each step belongs to the party that the founding document names (J-6(1), J-8, J-10)."""

from yichuan.changes.permissions import ChangesPermission as May
from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable


class ApplicationState(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待受理"
    ACCEPTED = "accepted", "待审批"
    APPROVED = "approved", "待办理"
    CARRYING_OUT = "carrying_out", "正在办理"
    DONE = "done", "已办结"
    RETURNED = "returned", "待补正"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


S = ApplicationState

APPLICATION = TransitionTable(
    "application",
    {state.value: state.label for state in ApplicationState},
    [
        Transition("submit", S.DRAFT, S.SUBMITTED, May.APPLY, "changes.submit"),
        Transition("submit", S.RETURNED, S.SUBMITTED, May.APPLY, "changes.submit"),
        Transition("accept", S.SUBMITTED, S.ACCEPTED, May.ACCEPT, "changes.accept"),
        Transition("approve", S.ACCEPTED, S.APPROVED, May.APPROVE, "changes.approve"),
        Transition("carry_out", S.APPROVED, S.CARRYING_OUT, May.CARRY_OUT, "changes.carry_out"),
        Transition("finish", S.CARRYING_OUT, S.DONE, May.CARRY_OUT, "changes.finish"),
        Transition("send_back", S.SUBMITTED, S.RETURNED, May.ACCEPT, "changes.send_back"),
        Transition("send_back", S.ACCEPTED, S.RETURNED, May.APPROVE, "changes.send_back"),
        Transition("send_back", S.APPROVED, S.RETURNED, May.CARRY_OUT, "changes.send_back"),
        Transition("send_back", S.CARRYING_OUT, S.RETURNED, May.CARRY_OUT, "changes.send_back"),
        Transition("refuse", S.SUBMITTED, S.REFUSED, May.ACCEPT, "changes.refuse"),
        Transition("refuse", S.ACCEPTED, S.REFUSED, May.APPROVE, "changes.refuse"),
        Transition("withdraw", S.DRAFT, S.WITHDRAWN, May.APPLY, "changes.withdraw"),
        Transition("withdraw", S.SUBMITTED, S.WITHDRAWN, May.APPLY, "changes.withdraw"),
        Transition("withdraw", S.ACCEPTED, S.WITHDRAWN, May.APPLY, "changes.withdraw"),
        Transition("withdraw", S.RETURNED, S.WITHDRAWN, May.APPLY, "changes.withdraw"),
    ],
    noun="这份申请",
)

OPEN = (S.DRAFT, S.RETURNED)  # in the applicant's hands
ENDED = (S.DONE, S.REFUSED, S.WITHDRAWN)
VERBS = {
    "submit": "提交",
    "accept": "受理",
    "approve": "批准",
    "carry_out": "开始办理",
    "finish": "办结",
    "send_back": "退回补正",
    "refuse": "不予批准",
    "withdraw": "撤回",
    "hand_over": "交付初始密码",
    "seals_back": "收回旧印章",
}
