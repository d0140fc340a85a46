"""The states of a document before and at its sending (J-29: make, seal, send)."""

from yichuan.common.labels import Labelled
from yichuan.common.states import Transition, TransitionTable
from yichuan.compose.permissions import ComposePermission


class DocumentState(Labelled):
    DRAFT = "draft", "草稿"
    READY = "ready", "待盖章"
    SEALED = "sealed", "待发送"
    SENT = "sent", "已发送"


DOCUMENT = TransitionTable(
    "document",
    {state.value: state.label for state in DocumentState},
    [
        Transition("save", DocumentState.DRAFT, DocumentState.DRAFT, ComposePermission.WRITE, "compose.save"),
        Transition("finish", DocumentState.DRAFT, DocumentState.READY, ComposePermission.WRITE, "compose.finish"),
        Transition("reopen", DocumentState.READY, DocumentState.DRAFT, ComposePermission.WRITE, "compose.reopen"),
        Transition("seal", DocumentState.READY, DocumentState.SEALED, ComposePermission.SEAL, "compose.seal"),
        Transition("reopen", DocumentState.SEALED, DocumentState.DRAFT, ComposePermission.WRITE, "compose.reopen"),
        Transition("send", DocumentState.SEALED, DocumentState.SENT, ComposePermission.SEND, "compose.send"),
    ],
)
