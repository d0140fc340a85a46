"""工作台: what is to be done now, and how far what was sent is."""

from collections import Counter
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common import clock, profile
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import documents_of
from yichuan.compose.states import DocumentState
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import dispatches_of, returned_to, unsigned, with_progress
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.portal.navigation import arrivals
from yichuan.web import words
from yichuan.web.requests import actor_of, unit_of


@requires(SIGNED_IN)
@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, in the order in which it should be done."""
    user, unit = actor_of(request), unit_of(request)
    rules = profile.current()
    local = clock.now().astimezone(rules.zone)
    tasks = _tasks(user, unit)
    numbers = Counter(task["verb"] for task in tasks)
    context = {
        "tasks": tasks,
        "kinds": [{"verb": verb, "count": count} for verb, count in numbers.items()],
        "day": _day(local, rules.cut_off, numbers["发送"]),
        "dispatches": with_progress(dispatches_of(unit.pk)[:5])
        if user.has_perm(ExchangePermission.TRACK, unit)
        else [],
        "rules": rules,
        "now": local,
        "workday": rules.is_workday(local.date()),
        "counted_day": rules.counted_day(local),
    }
    return render(request, "portal/workbench.html", context)


def _day(local: datetime, cut_off: time, to_send: int) -> dict[str, Any]:
    """The line of the day: where it stands, and the hour until which sending counts as today (J-32)."""
    start, end = (local.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (8, 18))
    cut = local.replace(hour=cut_off.hour, minute=cut_off.minute, second=0, microsecond=0)
    past = local >= cut
    waits = f"，{to_send} 件待发送" if to_send else ""
    point = {
        "at": cut,
        "top": f"发文截止 {cut_off:%H:%M}",
        "low": f"现在发出计为下一个工作日{waits}" if past else f"{words.left(cut, local)}{waits}",
        "kind": "ok" if past else "soon warn" if to_send else "soon",
    }
    ends = [{"at": at, "top": f"{at:%-H:%M}", "low": "", "kind": "ok" if local >= at else ""} for at in (start, end)]
    return {"start": start, "end": end, "points": [ends[0], point, ends[1]]}


def _tasks(user: Account, unit: Unit) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    if user.has_perm(ExchangePermission.SIGN_FOR, unit):
        tasks += [
            {
                "verb": "签收",
                "icon": "inbox",
                "number": delivery.dispatch.document.number,
                "title": delivery.dispatch.document.title,
                "who": delivery.dispatch.unit.short_name,
                "at": delivery.arrived_at,
                "url": reverse("exchange:delivery", args=[delivery.pk]),
                "new": True,
            }
            for delivery in unsigned(unit.pk)
        ]
    if user.has_perm(ComposePermission.SEND, unit):
        tasks += [
            {
                "verb": "处理退回",
                "icon": "arrow-return-left",
                "number": delivery.dispatch.document.number,
                "title": delivery.dispatch.document.title,
                "who": delivery.unit.short_name,
                "at": delivery.returned_at,
                "url": reverse("exchange:recipient", args=[delivery.dispatch_id, delivery.pk]),
                "new": False,
            }
            for delivery in returned_to(unit.pk)
        ]
    wanted = [
        (ComposePermission.SEAL, DocumentState.READY, "盖章", "patch-check", "compose:seal"),
        (ComposePermission.SEND, DocumentState.SEALED, "发送", "send", "exchange:send"),
        (ComposePermission.WRITE, DocumentState.DRAFT, "继续制作", "pencil-square", "compose:edit"),
    ]
    for permission, state, verb, icon, route in wanted:
        if user.has_perm(permission, unit):
            tasks += [
                {
                    "verb": verb,
                    "icon": icon,
                    "number": document.number or "",
                    "title": document.title,
                    "who": document.author.name,
                    "at": document.changed_at,
                    "url": reverse(route, args=[document.pk]),
                    "new": False,
                }
                for document in documents_of(unit.pk, state)[:50]
            ]
    return tasks


@requires(SIGNED_IN)
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """The arrival strip alone, asked for again when the feed says so."""
    user, unit = actor_of(request), unit_of(request)
    strip = arrivals(unit) if user.has_perm(ExchangePermission.SIGN_FOR, unit) else {"count": 0}
    return render(request, "yc/arrive.html", {"arrive": strip})


@requires(SIGNED_IN)
@require_GET
def nav(request: HttpRequest) -> HttpResponse:
    """The navigation alone, with fresh counts."""
    unit_of(request)
    return render(request, "yc/nav.html")
