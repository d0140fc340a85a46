"""How pages name posts and accounts. `{% load posts %}`."""

from django import template
from django.utils.safestring import SafeString

from yichuan.org.models import Post
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
