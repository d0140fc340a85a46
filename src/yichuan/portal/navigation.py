"""The frame around every page: who and where, the navigation by duty with its counts, where arrivals are asked for."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_waiting import newest_and_longest, unsigned_number
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.selectors import Desk, desks_of, present_posts
from yichuan.people.models import Account
from yichuan.portal.entries import ENTRIES
from yichuan.portal.entry import Child, opened_for
from yichuan.seals.permissions import SealsPermission
from yichuan.web.feed import feed_url
from yichuan.web.numbers import Number, Numbers

OWN_PAGES = (
    ("我的登录", "clock-history", "people:my_logins"),
    ("我的数字证书", "shield-lock", "people:certificates"),
    ("动态口令", "keyboard", "people:codes"),
)
# Whose open pages listen: those who receive, who follow what was sent, who are reminded, who are called to a seal.
HEARD_BY = (
    ExchangePermission.SEE_INBOX,
    ExchangePermission.TRACK,
    ExchangePermission.SEE_OVERDUE,
    SealsPermission.USE,
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `yc/base.html`: `frame`, `nav` and `arrive`. Empty for somebody who is not logged in."""
    user = getattr(request, "user", None)
    desk: Desk | None = getattr(request, "desk", None)
    if not isinstance(user, Account) or user.must_change_password:
        return {}
    posts = [post for post in present_posts(user) if desk is None or _is_at(post, desk)]
    if not posts:
        return {}
    duties = "、".join(Duty(post.duty).label for post in posts)
    around: dict[str, Any] = {
        **_everybodys(),
        "unit": desk.label if desk else "交换中心",
        "other_desks": [other for other in desks_of(user) if other != desk],
        "person": f"{user.name}（{duties}）",
    }
    numbers = Numbers()
    nav = SimpleLazyObject(lambda: navigation(request, user, desk, numbers))
    context: dict[str, Any] = {"frame": around, "nav": nav}
    opened = opened_for(user, desk)
    if desk is not None and not opened.isdisjoint(HEARD_BY):
        around["feed_url"] = feed_url(request)
    if desk is not None and ExchangePermission.SIGN_FOR in opened:
        around["arrive_url"] = reverse("portal:arrive")
        context["arrive"] = SimpleLazyObject(lambda: arrivals(desk, numbers))
    return context


@cache
def _everybodys() -> dict[str, Any]:
    """Where the frame leads whoever is logged in."""
    return {
        "home_url": reverse("portal:workbench"),
        "choose_unit_url": reverse("org:choose_unit"),
        "password_url": reverse("people:change_password"),
        "own_pages": [{"label": label, "icon": icon, "url": reverse(route)} for label, icon, route in OWN_PAGES],
        "logout_url": reverse("people:log_out"),
        "nav_url": reverse("portal:nav"),
    }


def _is_at(post: Post, desk: Desk) -> bool:
    return (post.unit_id, post.office_id) == (desk.unit_id, desk.office_id)


def navigation(request: HttpRequest, user: Account, desk: Desk | None, numbers: Numbers) -> list[dict[str, Any]]:
    """The entries that the person's posts open, each with the number of things to do."""
    where = request.resolver_match.view_name if request.resolver_match else ""
    opened = opened_for(user, desk)
    items: list[dict[str, Any]] = []
    for entry in ENTRIES:
        if entry.permissions and opened.isdisjoint(entry.permissions):
            continue
        children = [child for child in entry.children if child.opens(opened)]
        count = entry.count(user, desk) if entry.count else []
        active = any(child.stands_for(where) for child in children)  # only then its lines are shown, and counted
        lines = [_child(child, user, desk, where) for child in children] if active and len(children) > 1 else []
        if lines and not any(child.count for child in children):  # an open entry's number stands at its first line
            lines[0] |= {"count": count, "hot": entry.hot}
        items.append(
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": children[0].url,
                "count": count,
                "hot": entry.hot,
                "active": active,
                "children": lines,
            }
        )
    _count([*items, *(line for item in items for line in item["children"])], numbers)
    return items


def _count(lines: list[dict[str, Any]], numbers: Numbers) -> None:
    """Each line's `count` becomes its number: what nobody has asked for yet is asked for in one statement."""
    known = numbers.asked(part for line in lines for part in line["count"] if isinstance(part, Number))
    for line in lines:
        line["count"] = sum(known[part] if isinstance(part, Number) else part for part in line["count"])


def _child(child: Child, user: Account, desk: Desk | None, where: str) -> dict[str, Any]:
    return {
        "label": child.label,
        "url": child.url,
        "active": child.stands_for(where),
        "current": "page" if where == child.route else "true",
        "count": child.count(user, desk) if child.count else [],
    }


def arrivals(desk: Desk, numbers: Numbers) -> dict[str, Any]:
    """The arrival strip: how many nobody signed for, the newest of them, and the way to the one that waits longest."""
    ends = newest_and_longest(desk.unit_id, desk.office_id)
    if ends is None:
        return {"count": 0}
    newest, longest = ends
    return {
        "count": numbers.one(unsigned_number(desk.unit_id, desk.office_id)),
        "newest": {
            "unit": newest.dispatch.sender_name,
            "number": newest.dispatch.document.number,
            "at": newest.arrived_at,
        },
        "sign_url": reverse("exchange:delivery", args=[longest]),
    }
