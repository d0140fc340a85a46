"""`{% load documents %}`: where a document stands on its way out, and what can be done with it."""

from typing import Any

from django import template

from yichuan.compose.models import Document
from yichuan.compose.states import DocumentState

register = template.Library()

# the step that is to be done in each state; nothing is left once it is sent
STEPS = {DocumentState.DRAFT: "制作", DocumentState.READY: "盖章", DocumentState.SEALED: "发送"}
ORDER = [*STEPS, DocumentState.SENT, DocumentState.WITHDRAWN]


@register.inclusion_tag("compose/parts/steps.html")
def steps(state: str) -> dict[str, Any]:
    """制作, 盖章, 发送: what is done and what is next for a document in `state`."""
    at = ORDER.index(DocumentState(state))
    return {
        "steps": [
            {"number": place + 1, "word": word, "done": place < at, "now": place == at}
            for place, word in enumerate(STEPS.values())
        ]
    }


@register.simple_tag
def document_hint(document: Document, can_seal: bool, can_send: bool) -> str:
    """What the buttons do next, or whose turn it is."""
    if document.state == DocumentState.READY:
        said = "核对版面以后盖章，盖章后内容不能再改。" if can_seal else "等待印章管理员盖章。"
    elif document.state == DocumentState.SEALED:
        said = "已经盖章，可以发送。" if can_send else "已经盖章，等待文件管理员发送。"
    elif document.state == DocumentState.WITHDRAWN:
        return "已经撤回，原件留存。要改正再发，请按「更正重发」。"
    else:
        return "已经发送，不能修改。"
    if document.source == Document.Source.SCAN:
        return "可以发送。扫描件有错时，退回修改后重新上传。" if can_send else "等待文件管理员发送。"
    if document.source == Document.Source.UPLOAD:
        said += "上传的成品有错时，退回修改后重新上传。"
    return said
