"""我的登录, and the logins and alarms that an administrator looks into."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import Invalid
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.people.models import LoginAttempt
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import may_suspend, unit_names
from yichuan.people.scope import scope_of
from yichuan.people.selectors import alarms, alarms_of, logins, logins_of, open_sessions
from yichuan.people.services.alarms import acknowledge
from yichuan.people.services.end_other_sessions import end_other_sessions
from yichuan.web.requests import actor_of, posted, searched

PER_PAGE = 14
ALARMS_PER_PAGE = 8


@requires(SIGNED_IN)
@require_GET
def my_logins(request: HttpRequest) -> HttpResponse:
    """Where the person is logged in now, what was tried with the account, and what looks wrong about it."""
    account = actor_of(request)
    context = {
        "sessions": open_sessions(account),
        "this": request.open_session,  # type: ignore[attr-defined]
        "alarms": alarms_of(account)[:ALARMS_PER_PAGE],
        "page": Paginator(logins_of(account), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "people/my_logins.html", context)


@requires(SIGNED_IN)
@posted("people:my_logins")
def end_others(request: HttpRequest) -> HttpResponse:
    end_other_sessions(request.open_session)  # type: ignore[attr-defined]
    return redirect("people:my_logins")


@requires(PeoplePermission.SEE_LOGINS)
@require_GET
def login_list(request: HttpRequest) -> HttpResponse:
    """What was tried with the accounts of the unit, or of the whole centre."""
    unit_id = scope_of(request, PeoplePermission.SEE_LOGINS)
    username, outcome = searched(request, "username"), request.GET.get("state", "")
    tried = logins(unit_id)
    if username:
        tried = tried.filter(account__username=username)
    if outcome in LoginAttempt.Outcome.values:
        tried = tried.filter(outcome=outcome)
    page = Paginator(tried, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "username": username,
        "outcome": outcome,
        "outcomes": LoginAttempt.Outcome.choices,
        "units": unit_names(each.unit_id for each in page) if unit_id is None else {},
        "centre": unit_id is None,
        "waiting": alarms(unit_id, waiting=True).count(),
    }
    return render(request, "people/logins.html", context)


@requires(PeoplePermission.SEE_LOGINS)
@require_GET
def alarm_list(request: HttpRequest) -> HttpResponse:
    """Alarms: those that wait first."""
    return _alarms(request)


def _alarms(request: HttpRequest, refused: tuple[uuid.UUID, Invalid] | None = None) -> HttpResponse:
    unit_id = scope_of(request, PeoplePermission.SEE_LOGINS)
    waiting = request.GET.get("state") != "all"
    page = Paginator(alarms(unit_id, waiting=waiting), ALARMS_PER_PAGE).get_page(request.GET.get("page"))
    actor = actor_of(request)
    rows = [
        {
            "alarm": alarm,
            "own": alarm.account_id == actor.pk,
            "may_suspend": alarm.account.is_active and may_suspend(actor, alarm.account),
            "fault": refused[1].message if refused and refused[0] == alarm.pk else "",
        }
        for alarm in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "waiting": waiting,
        "units": unit_names(alarm.unit_id for alarm in page) if unit_id is None else {},
        "centre": unit_id is None,
    }
    return render(request, "people/alarms.html", context, status=422 if refused else 200)


@requires(PeoplePermission.SEE_LOGINS)
@posted("people:alarms", keep=0)
def acknowledge_alarm(request: HttpRequest, alarm_id: uuid.UUID) -> HttpResponse:
    """已核实, or 停用账号 with the same finding as its reason."""
    try:
        acknowledge(
            actor=actor_of(request),
            alarm_id=alarm_id,
            finding=request.POST.get("finding", ""),
            suspend=request.POST.get("verb") == "suspend",
        )
    except Invalid as refusal:
        return _alarms(request, (alarm_id, refusal))
    return redirect("people:alarms")
