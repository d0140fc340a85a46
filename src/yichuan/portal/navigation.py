"""The frame around every page: who and where, the navigation by duty with its counts, where arrivals are asked for."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.states import DocumentState
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import inbox_counts, unsigned
from yichuan.exchange.states import DeliveryState
from yichuan.org.duties import LABELS, Duty
from yichuan.org.models import Unit
from yichuan.org.selectors import present_posts
from yichuan.people.models import Account
from yichuan.web.feed import feed_url


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `yc/base.html`: `frame`, `nav` and `arrive`. Empty for somebody who is not logged in."""
    user = getattr(request, "user", None)
    unit = getattr(request, "unit", None)
    if not isinstance(user, Account) or unit is None or user.must_change_password:
        return {}
    duties = "、".join(LABELS[Duty(post.duty)] for post in present_posts(user) if post.unit_id == unit.pk)
    around: dict[str, Any] = {
        "home_url": reverse("portal:workbench"),
        "unit": unit.short_name,
        "person": f"{user.name}（{duties}）",
        "password_url": reverse("people:change_password"),
        "logout_url": reverse("people:log_out"),
        "nav_url": reverse("portal:nav"),
    }
    context: dict[str, Any] = {"frame": around, "nav": navigation(request, user, unit)}
    if user.has_perm(ExchangePermission.SIGN_FOR, unit):
        around |= {"feed_url": feed_url(request), "arrive_url": reverse("portal:arrive")}
        context["arrive"] = arrivals(unit)
    return context


def navigation(request: HttpRequest, user: Account, unit: Unit) -> list[dict[str, Any]]:
    """The entries that the person's posts open, each with the number of things to do."""
    where = request.resolver_match.view_name if request.resolver_match else ""
    items = [
        {
            "label": "工作台",
            "icon": "grid-1x2",
            "url": reverse("portal:workbench"),
            "active": where.startswith("portal:"),
        }
    ]
    if user.has_perm(ExchangePermission.SEE_INBOX, unit):
        waiting = inbox_counts(unit.pk)[DeliveryState.DELIVERED]
        items.append(
            {
                "label": "收文",
                "icon": "inbox",
                "url": reverse("exchange:inbox"),
                "count": waiting,
                "hot": waiting > 0,
                "active": where in ("exchange:inbox", "exchange:delivery", "exchange:sign_for_several"),
            }
        )
    if user.has_perm(ComposePermission.SEE, unit):
        items.append(
            {
                "label": "发文",
                "icon": "send",
                "url": reverse("compose:outgoing"),
                "count": documents_of(unit.pk, DocumentState.SEALED).count(),
                "active": (where.startswith("compose:") and where not in ("compose:to_seal", "compose:seal"))
                or where in ("exchange:send", "exchange:sent", "exchange:board", "exchange:recipient"),
                "children": [
                    {"label": "公文", "url": reverse("compose:outgoing"), "active": where == "compose:outgoing"},
                    {"label": "发送跟踪", "url": reverse("exchange:sent"), "active": where == "exchange:sent"},
                ],
            }
        )
    if user.has_perm(ComposePermission.SEAL, unit):
        items.append(
            {
                "label": "用印",
                "icon": "patch-check",
                "url": reverse("compose:to_seal"),
                "count": documents_of(unit.pk, DocumentState.READY).count(),
                "active": where in ("compose:to_seal", "compose:seal"),
            }
        )
    return items


def arrivals(unit: Unit) -> dict[str, Any]:
    """The arrival strip: how many nobody signed for, and the newest of them."""
    newest = next(iter(unsigned(unit.pk, limit=1)), None)
    if newest is None:
        return {"count": 0}
    return {
        "count": inbox_counts(unit.pk)[DeliveryState.DELIVERED],
        "newest": {
            "unit": newest.dispatch.unit.short_name,
            "number": newest.dispatch.document.number,
            "at": newest.arrived_at,
        },
        "sign_url": reverse("exchange:delivery", args=[newest.pk]),
    }
