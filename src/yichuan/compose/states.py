"""The states of a document before and at its sending (J-29: make, seal, send)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.compose.permissions import ComposePermission


class DocumentState(Labelled):
    DRAFT = "draft", "草稿"
    READY = "ready", "待盖章"
    SEALED = "sealed", "待发送"
    SENT = "sent", "已发送"
    WITHDRAWN = "withdrawn", "已撤回"


DOCUMENT = TransitionTable(
    "document",
    {state.value: state.label for state in DocumentState},
    [
        Transition("save", DocumentState.DRAFT, DocumentState.DRAFT, ComposePermission.WRITE, "compose.save"),
        Transition("finish", DocumentState.DRAFT, DocumentState.READY, ComposePermission.WRITE, "compose.finish"),
        Transition("reopen", DocumentState.READY, DocumentState.DRAFT, ComposePermission.WRITE, "compose.reopen"),
        Transition("seal", DocumentState.READY, DocumentState.SEALED, ComposePermission.SEAL, "compose.seal"),
        # A body with the unit's own seal on it already, and one of a unit that has none: nothing is left to seal here.
        Transition(
            "take_sealed", DocumentState.DRAFT, DocumentState.SEALED, ComposePermission.WRITE, "compose.take_sealed"
        ),
        Transition(
            "take_scan", DocumentState.DRAFT, DocumentState.SEALED, ComposePermission.WRITE, "compose.take_scan"
        ),
        Transition("reopen", DocumentState.SEALED, DocumentState.DRAFT, ComposePermission.WRITE, "compose.reopen"),
        Transition("send", DocumentState.SEALED, DocumentState.SENT, ComposePermission.SEND, "compose.send"),
        Transition("hand_back", DocumentState.READY, DocumentState.DRAFT, ComposePermission.SEAL, "compose.hand_back"),
        Transition("hand_back", DocumentState.SEALED, DocumentState.READY, ComposePermission.SEND, "compose.hand_back"),
        Transition("withdraw", DocumentState.SENT, DocumentState.WITHDRAWN, ComposePermission.SEND, "compose.withdraw"),
    ],
)
