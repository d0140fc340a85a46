"""工作台: what is to be done now, and how far what was sent is."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common import clock, profile
from yichuan.common.calendar import counted_day, is_workday
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import dispatches_of, with_progress
from yichuan.exchange.selectors_chasing import mark_dispatches
from yichuan.org.selectors import Desk, present_posts
from yichuan.portal.day_line import day_line
from yichuan.portal.navigation import arrivals
from yichuan.portal.tasks import tasks_of
from yichuan.web.numbers import Numbers
from yichuan.web.requests import actor_of, desk_of


@requires(SIGNED_IN)
@require_GET
def workbench(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, in the order in which it should be done."""
    user, desk = actor_of(request), _desk(request)
    rules = profile.current()
    local = clock.now().astimezone(rules.zone)
    tasks = tasks_of(user, desk)
    numbers = Counter(task.verb for task in tasks)
    signs = desk is not None and user.has_perm(ExchangePermission.SIGN_FOR, desk)
    tracked = desk.unit_id if desk and user.has_perm(ExchangePermission.TRACK, desk) else None
    context = {
        "tasks": tasks,
        "kinds": [{"verb": verb, "count": count} for verb, count in numbers.items()],
        "day": day_line(local, tasks, signs=signs, sends=bool(tracked)) if tracked or signs else None,
        "tracks": bool(tracked),
        "dispatches": mark_dispatches(with_progress(dispatches_of(tracked)[:5]), local) if tracked else [],
        "rules": rules,
        "now": local,
        "workday": is_workday(local.date()),
        "counted_day": counted_day(local),
    }
    return render(request, "portal/workbench.html", context)


def _desk(request: HttpRequest) -> Desk | None:
    """The desk worked at; none for a post of the centre itself."""
    if any(post.unit_id is None for post in present_posts(actor_of(request))):
        return None
    desk: Desk = desk_of(request)
    return desk


@requires(SIGNED_IN)
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """The arrival strip alone, asked for again when the feed says so."""
    user, desk = actor_of(request), _desk(request)
    signs = desk is not None and user.has_perm(ExchangePermission.SIGN_FOR, desk)
    strip = arrivals(desk, Numbers()) if desk is not None and signs else {"count": 0}
    return render(request, "yc/arrive.html", {"arrive": strip})


@requires(SIGNED_IN)
@require_GET
def nav(request: HttpRequest) -> HttpResponse:
    """The navigation alone, with fresh counts."""
    _desk(request)
    return render(request, "yc/nav.html")
