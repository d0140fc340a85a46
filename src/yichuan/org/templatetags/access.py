"""How pages show changes of access. `{% load access %}`."""

from django import template
from django.utils.safestring import SafeString

from yichuan.org.models import AccessChange
from yichuan.org.states import ChangeState
from yichuan.web.templatetags.yc import badge

register = template.Library()

_STATES = {
    ChangeState.WAITING: ("amber", "hourglass-split"),
    ChangeState.CONFIRMED: ("green", "check-lg"),
    ChangeState.REFUSED: ("danger", "x-circle-fill"),
    ChangeState.WITHDRAWN: ("", "arrow-return-left"),
}

_REPLACED = {ChangeState.WAITING: "等两方确认", ChangeState.CONFIRMED: "已更换", ChangeState.REFUSED: "没有同意"}


@register.simple_tag
def change_badge(change: AccessChange) -> SafeString:
    """The state of a change: word, sign and colour."""
    state = ChangeState(change.state)
    words = state.label
    if change.kind == AccessChange.Kind.REPLACE_AUDITOR:
        words = _REPLACED.get(state, words)
    elif state == ChangeState.WAITING and change.at_once:
        words = "已执行，待审核"
    return badge(words, *_STATES[state])
