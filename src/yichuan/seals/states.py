"""How seals, applications for them, sessions of three parties and openings move from state to state."""

from yichuan.common.states import Transition, TransitionTable
from yichuan.seals.kinds import ApplicationState, CeremonyState, OpeningState, SealState
from yichuan.seals.permissions import SealsPermission as May

S = SealState

SEAL = TransitionTable(
    "seal",
    {state.value: state.label for state in SealState},
    [
        Transition("issue", S.MAKING, S.IN_USE, May.MAKE, "seals.issue"),
        Transition("suspend", S.IN_USE, S.SUSPENDED, May.REPORT_LOSS, "seals.suspend"),
        Transition("resume", S.SUSPENDED, S.IN_USE, May.APPROVE, "seals.resume"),
        Transition("withdraw", S.IN_USE, S.WITHDRAWN, May.APPROVE, "seals.withdraw"),
        Transition("withdraw", S.SUSPENDED, S.WITHDRAWN, May.APPROVE, "seals.withdraw"),
        Transition("hand_in", S.WITHDRAWN, S.HANDED_IN, May.TAKE_IN, "seals.hand_in"),
        Transition("destroy", S.IN_USE, S.DESTROYED, May.MAKE, "seals.destroy"),
        Transition("destroy", S.SUSPENDED, S.DESTROYED, May.MAKE, "seals.destroy"),
        Transition("destroy", S.WITHDRAWN, S.DESTROYED, May.MAKE, "seals.destroy"),
        Transition("destroy", S.HANDED_IN, S.DESTROYED, May.MAKE, "seals.destroy"),
    ],
    noun="这枚印章",
)

A = ApplicationState

APPLICATION = TransitionTable(
    "seal_application",
    {state.value: state.label for state in ApplicationState},
    [
        Transition("propose", A.DRAFT, A.TO_SIGN, May.APPLY, "seals.propose"),
        Transition("propose", A.RETURNED, A.TO_SIGN, May.APPLY, "seals.propose"),
        Transition("sign", A.TO_SIGN, A.SUBMITTED, May.SIGN_APPLICATION, "seals.sign_application"),
        Transition("send_back", A.TO_SIGN, A.RETURNED, May.SIGN_APPLICATION, "seals.send_back"),
        Transition("approve", A.SUBMITTED, A.APPROVED, May.APPROVE, "seals.approve"),
        Transition("send_back", A.SUBMITTED, A.RETURNED, May.APPROVE, "seals.send_back"),
        Transition("refuse", A.SUBMITTED, A.REFUSED, May.APPROVE, "seals.refuse"),
        Transition("send_back", A.APPROVED, A.RETURNED, May.MAKE, "seals.send_back"),
        Transition("finish", A.APPROVED, A.DONE, May.MAKE, "seals.finish"),
        Transition("withdraw", A.DRAFT, A.WITHDRAWN, May.APPLY, "seals.withdraw_application"),
        Transition("withdraw", A.TO_SIGN, A.WITHDRAWN, May.APPLY, "seals.withdraw_application"),
        Transition("withdraw", A.SUBMITTED, A.WITHDRAWN, May.APPLY, "seals.withdraw_application"),
        Transition("withdraw", A.RETURNED, A.WITHDRAWN, May.APPLY, "seals.withdraw_application"),
    ],
    noun="这份印章申请",
)

C = CeremonyState

CEREMONY = TransitionTable(
    "ceremony",
    {state.value: state.label for state in CeremonyState},
    [
        Transition("make", C.GATHERING, C.MAKING, May.ATTEND, "seals.ceremony_make"),
        Transition("made", C.MAKING, C.MINUTES, May.ATTEND, "seals.ceremony_made"),
        Transition("finish", C.MINUTES, C.DONE, May.ATTEND, "seals.ceremony_finish"),
        Transition("abort", C.GATHERING, C.ABORTED, May.MAKE, "seals.ceremony_abort"),
        Transition("abort", C.MAKING, C.ABORTED, May.MAKE, "seals.ceremony_abort"),
        Transition("abort", C.MINUTES, C.ABORTED, May.MAKE, "seals.ceremony_abort"),
    ],
    noun="这次会签",
)

O = OpeningState  # noqa: E741

OPENING = TransitionTable(
    "opening",
    {state.value: state.label for state in OpeningState},
    [
        Transition("open", O.ASKED, O.OPEN, May.USE, "seals.open"),
        Transition("refuse", O.ASKED, O.REFUSED, May.USE, "seals.refuse_opening"),
        Transition("close", O.ASKED, O.CLOSED, May.USE, "seals.close"),
        Transition("close", O.OPEN, O.CLOSED, May.USE, "seals.close"),
    ],
    noun="这次用印申请",
)
