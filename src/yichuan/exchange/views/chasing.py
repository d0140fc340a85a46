"""催签 of a unit, and 逾期签收 of the whole centre."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from yichuan.common import clock, profile
from yichuan.common.permissions import requires
from yichuan.exchange.half_days import HALVES, HalfDay, halves_of, last_ended
from yichuan.exchange.overdue import Late, kept, late_now, late_then, sheet, with_contacts
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_chasing import reminders_of, to_telephone_offices
from yichuan.org.selectors import Desk
from yichuan.web.requests import actor_of, desk_of, file, searched

PER_PAGE = 14
MOST_TO_CALL = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """催签: who was reminded of what at this desk; at the registry and for the leader, in the whole unit."""
    desk = desk_of(request)
    page = Paginator(reminders_of(desk.unit_id, desk.office_id), PER_PAGE).get_page(request.GET.get("page"))
    registry = desk.office_id is None and actor_of(request).has_perm(ExchangePermission.RECORD_CALL, Desk(desk.unit))
    to_call = list(to_telephone_offices(desk.unit_id, clock.now())[:MOST_TO_CALL]) if registry else []
    context = {"page": page, "to_call": to_call, "hours": profile.current().hours, "whole_unit": not desk.office_id}
    return render(request, "exchange/reminders.html", context)


@requires(ExchangePermission.SEE_OVERDUE)
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """逾期签收: the desks that do not sign, now or at the end of a half day; how many, never what."""
    rows, context = _late(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_contacts(page.object_list)
    return render(request, "exchange/overdue.html", context | {"page": page})


@requires(ExchangePermission.SEE_OVERDUE)
@require_GET
def overdue_sheet(request: HttpRequest) -> HttpResponse:
    """The same list as xlsx."""
    rows, _ = _late(request)
    return file(sheet(rows), name=f"逾期签收 {localtime(clock.now()):%Y-%m-%d %H%M}.xlsx", media_type=XLSX)


def _late(request: HttpRequest) -> tuple[list[Late], dict[str, Any]]:
    """What was asked for: the rows, and the page's context."""
    now = clock.now()
    wanted = {name: searched(request, name) for name in ("day", "half", "unit")}
    half, fault = _half(wanted, now)
    figures_of = half or last_ended(now)
    rows = late_then(half, wanted["unit"]) if half else [] if fault else late_now(now, wanted["unit"])
    context = {
        "wanted": wanted,
        "fault": fault,
        "half": half,
        "halves": HALVES.items(),
        "kept": kept(figures_of) if figures_of else None,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
    }
    return rows, context


def _half(wanted: dict[str, str], now: datetime) -> tuple[HalfDay | None, str]:
    """The half day that was asked for; none for the present standing. And what cannot be used of it."""
    if not wanted["day"]:
        return None, ""
    try:
        day = parse_date(wanted["day"])
    except ValueError:
        day = None
    if day is None:
        return None, "日期写成 2008-12-04 的样子。"
    if wanted["half"] not in HALVES:
        return None, "请选择上午或者下午。"
    half = next(each for each in halves_of(day) if each.half == wanted["half"])
    return (half, "") if half.end <= now else (None, f"{half.label}还没有结束，结束以后才有逾期。")
