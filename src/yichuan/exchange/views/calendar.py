"""工作日历 (R2): the year's days off and shifted working days; the operator keeps it, everybody reads it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.common.sheets.writing import CSV, XLSX, template_csv, template_xlsx
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.rule_forms import DayForm, LoadForm
from yichuan.exchange.selectors_rules import WEEKDAYS, days_of, months_of, spans_of
from yichuan.exchange.services.calendar_table import FURTHEST, today
from yichuan.exchange.services.fill_calendar import LAST_KNOWN, fill_year
from yichuan.exchange.services.load_calendar import CALENDAR, FaultyRowsError, load_year
from yichuan.exchange.services.set_calendar_day import clear_calendar_day, set_calendar_day
from yichuan.web.requests import actor_of, file, posted, unit_of

FIRST_YEAR = 2004
NOTES = (
    "照国务院办公厅当年的放假通知填：放假的每一天一行，包括落在周末的；调休上班的每一天一行。",
    "不要改动表头，不要合并单元格，不要用公式。灰色的示例行跳过，可以删去。",
)


@requires(SIGNED_IN)
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """The year's table and sheets."""
    return _page(request, _year(request))


@requires(ExchangePermission.SET_CALENDAR)
@posted("exchange:calendar", keep=0)
def set_day(request: HttpRequest) -> HttpResponse:
    """登记一天, or no longer."""
    form = DayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        by, day = {"actor": actor_of(request), "unit": unit_of(request)}, given["day"]
        try:
            if given["works"]:
                set_calendar_day(**by, day=day, working=given["works"] == "on", name=given["name"])
            else:
                clear_calendar_day(**by, day=day)
            return _to(day.year)
        except Invalid as refusal:
            _say(form, refusal)
    return _page(request, _year(request), day_form=form)


@requires(ExchangePermission.SET_CALENDAR)
@posted("exchange:calendar", keep=0)
def fill(request: HttpRequest) -> HttpResponse:
    """用随程序附带的表填入."""
    year = _year(request)
    try:
        fill_year(actor=actor_of(request), unit=unit_of(request), year=year)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, year, refusal=refusal)
    return _to(year)


@requires(ExchangePermission.SET_CALENDAR)
@posted("exchange:calendar", keep=0)
def load(request: HttpRequest) -> HttpResponse:
    """上传一年的放假安排."""
    year, form = _year(request), LoadForm(request.POST, request.FILES)
    faulty: list[tuple[int, str]] = []
    if form.is_valid():
        try:
            load_year(actor=actor_of(request), unit=unit_of(request), year=year, data=form.cleaned_data["file"].read())
            return _to(year)
        except Invalid as refusal:
            faulty = refusal.rows if isinstance(refusal, FaultyRowsError) else []
            _say(form, refusal)
    return _page(request, year, load_form=form, faulty=faulty)


@requires(ExchangePermission.SET_CALENDAR)
@require_GET
def template(request: HttpRequest, suffix: str) -> HttpResponse:
    """The table to be filled in."""
    if suffix == "csv":
        return file(template_csv(CALENDAR), name="放假安排.csv", media_type=CSV)
    if suffix == "xlsx":
        return file(template_xlsx(CALENDAR, NOTES), name="放假安排.xlsx", media_type=XLSX)
    raise NotFound("no_template", "没有这个模板。请从工作日历页下载。")


def _page(request: HttpRequest, year: int, **given: Any) -> HttpResponse:
    now, days = today(), days_of(year)
    context = {
        "year": year,
        "today": now,
        "years": range(max(FIRST_YEAR, min(year, now.year - 1)), now.year + FURTHEST.days // 366 + 1),
        "spans": spans_of(days),
        "count": len(days),
        "off": sum(not row.working for row in days),
        "on": sum(row.working for row in days),
        "months": months_of(year, days),
        "weekdays": WEEKDAYS,
        "may_set": actor_of(request).has_perm(ExchangePermission.SET_CALENDAR),
        "open_year": year >= now.year,
        "known": year <= LAST_KNOWN,
        "day_form": DayForm(),
        "load_form": LoadForm(),
        **given,
    }
    forms_at_fault = any(context[name].errors for name in ("day_form", "load_form"))
    status = 422 if forms_at_fault else given["refusal"].status if given.get("refusal") else 200
    return render(request, "exchange/calendar.html", context, status=status)


def _year(request: HttpRequest) -> int:
    text = (request.POST if request.method == "POST" else request.GET).get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    last = today().year + FURTHEST.days // 366
    return year if FIRST_YEAR <= year <= last else today().year


def _to(year: int) -> HttpResponse:
    return redirect(f"{reverse('exchange:calendar')}?year={year}")


def _say(form: Any, refusal: Invalid) -> None:
    for name, message in refusal.errors.items():
        form.add_error(name if name in form.fields else None, message)
