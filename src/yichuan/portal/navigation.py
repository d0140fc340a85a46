"""The frame around every page: who and where, the navigation by duty with its counts, where arrivals are asked for."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from yichuan.common.permissions import Permission
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.states import DocumentState
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import inbox, unsigned_count
from yichuan.exchange.states import DeliveryState
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.selectors import present_posts, units_of
from yichuan.people.models import Account
from yichuan.web.feed import feed_url


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `yc/base.html`: `frame`, `nav` and `arrive`. Empty for somebody who is not logged in."""
    user = getattr(request, "user", None)
    unit = getattr(request, "unit", None)
    if not isinstance(user, Account) or unit is None or user.must_change_password:
        return {}
    duties = "、".join(Duty(post.duty).label for post in present_posts(user) if post.unit_id == unit.pk)
    around: dict[str, Any] = {
        "home_url": reverse("portal:workbench"),
        "unit": unit.short_name,
        "other_units": [other for other in units_of(user) if other.pk != unit.pk],
        "choose_unit_url": reverse("org:choose_unit"),
        "person": f"{user.name}（{duties}）",
        "password_url": reverse("people:change_password"),
        "logout_url": reverse("people:log_out"),
        "nav_url": reverse("portal:nav"),
    }
    context: dict[str, Any] = {"frame": around, "nav": SimpleLazyObject(lambda: navigation(request, user, unit))}
    if user.has_perm(ExchangePermission.SIGN_FOR, unit):
        around |= {"feed_url": feed_url(request), "arrive_url": reverse("portal:arrive")}
        context["arrive"] = SimpleLazyObject(lambda: arrivals(unit))
    return context


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: what opens it, where it leads, what is counted, and which routes it stands for."""

    label: str
    icon: str
    route: str
    permission: Permission | None
    count: Callable[[uuid.UUID], int] | None
    routes: tuple[str, ...]
    children: tuple[tuple[str, str], ...] = ()


ENTRIES = (
    Entry("工作台", "grid-1x2", "portal:workbench", None, None, ("portal:workbench",)),
    Entry(
        "收文",
        "inbox",
        "exchange:inbox",
        ExchangePermission.SEE_INBOX,
        unsigned_count,
        ("exchange:inbox", "exchange:delivery", "exchange:sign_for_several"),
    ),
    Entry(
        "发文",
        "send",
        "compose:outgoing",
        ComposePermission.SEE,
        lambda unit_id: documents_of(unit_id, DocumentState.SEALED).count(),
        (
            *(f"compose:{name}" for name in ("outgoing", "new", "import", "edit", "finish", "show", "upload")),
            *(f"exchange:{name}" for name in ("send", "sent", "board", "recipient")),
        ),
        (("公文", "compose:outgoing"), ("发送跟踪", "exchange:sent")),
    ),
    Entry(
        "用印",
        "patch-check",
        "compose:to_seal",
        ComposePermission.SEAL,
        lambda unit_id: documents_of(unit_id, DocumentState.READY).count(),
        ("compose:to_seal", "compose:seal"),
    ),
)


def navigation(request: HttpRequest, user: Account, unit: Unit) -> list[dict[str, Any]]:
    """The entries that the person's posts open, each with the number of things to do."""
    where = request.resolver_match.view_name if request.resolver_match else ""
    items = []
    for entry in ENTRIES:
        if entry.permission is not None and not user.has_perm(entry.permission, unit):
            continue
        count = entry.count(unit.pk) if entry.count else 0
        items.append(
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": reverse(entry.route),
                "count": count,
                "hot": entry.route == "exchange:inbox" and count > 0,
                "active": where in entry.routes,
                "children": [
                    {"label": label, "url": reverse(route), "active": where == route} for label, route in entry.children
                ],
            }
        )
    return items


def arrivals(unit: Unit) -> dict[str, Any]:
    """The arrival strip: how many nobody signed for, the newest of them, and the way to the one that waits longest."""
    # Without the title, which rests encrypted: the frame stands also while the key device does not answer.
    waiting = inbox(unit.pk, state=DeliveryState.DELIVERED).defer("dispatch__document__title")
    newest, oldest = waiting.first(), waiting.order_by("arrived_at", "id").first()
    if newest is None or oldest is None:
        return {"count": 0}
    return {
        "count": unsigned_count(unit.pk),
        "newest": {
            "unit": newest.dispatch.unit.short_name,
            "number": newest.dispatch.document.number,
            "at": newest.arrived_at,
        },
        "sign_url": reverse("exchange:delivery", args=[oldest.pk]),
    }
