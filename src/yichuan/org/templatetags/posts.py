"""How pages name posts and accounts. `{% load posts %}`."""

from django import template
from django.utils.safestring import SafeString

from yichuan.org.models import HandOver, Post
from yichuan.org.selectors.staff import AccountState
from yichuan.org.services.appoint import name_of
from yichuan.web.templatetags.yc import badge

register = template.Library()
register.filter("post_name", name_of)

_STATES = {
    AccountState.NORMAL: ("green", "check-lg"),
    AccountState.NEW: ("blue", "hourglass-split"),
    AccountState.LOCKED: ("amber", "exclamation-triangle"),
    AccountState.SUSPENDED: ("danger", "x-circle-fill"),
}
_FORMS = {
    HandOver.State.PROPOSED: ("blue", "hourglass-split"),
    HandOver.State.CONFIRMED: ("amber", "hourglass-split"),
    HandOver.State.DONE: ("green", "check-lg"),
    HandOver.State.REFUSED: ("danger", "x-circle-fill"),
    HandOver.State.WITHDRAWN: ("", "circle"),
}


@register.filter
def holder(post: Post) -> str:
    """Who acts: 张三, or 张三（代李四）."""
    stood_for = post.stands_in_for
    return f"{post.account.name}（代{stood_for.account.name}）" if stood_for else post.account.name


@register.filter
def post_names(posts: list[Post]) -> str:
    """Several posts in a line."""
    return "、".join(name_of(post) for post in posts)


@register.simple_tag
def account_badge(state: AccountState) -> SafeString:
    """The state of an account: word, sign and colour."""
    kind, symbol = _STATES[state]
    return badge(state.label, kind, symbol)


@register.simple_tag
def hand_over_badge(form: HandOver) -> SafeString:
    """How far the form of a hand-over is."""
    kind, symbol = _FORMS[HandOver.State(form.state)]
    return badge(form.get_state_display(), kind, symbol)
