"""人员变更备案: what the supervising office is told, marks as read, and takes along (J-14)."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.org.filing_exports import MOST_ON_PAPER, MOST_ROWS, paper, sheet
from yichuan.org.models import Filing
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.contacts import units_like
from yichuan.org.selectors.filings import filings as find
from yichuan.org.selectors.filings import may_see
from yichuan.org.services.note_filings import note_filings
from yichuan.web.requests import actor_of, file, posted, searched

PER_PAGE = 14
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(OrgPermission.SEE_FILINGS)
@require_GET
def filings(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by unit, days, and what is not yet read."""
    may_see(actor_of(request))
    return render(request, "org/filings.html", _context(request))


@requires(OrgPermission.SEE_FILINGS)
@posted("org:filings", keep=0)
def note(request: HttpRequest) -> HttpResponse:
    """已阅, for the ticked ones."""
    try:
        ticked = [uuid.UUID(value) for value in request.POST.getlist("filing")]
    except ValueError as error:
        raise NotFound("no_filing", "没有这条备案。请刷新页面。") from error
    try:
        note_filings(actor=actor_of(request), filing_ids=ticked)
    except Invalid as refusal:
        return render(request, "org/filings.html", _context(request) | {"refusal": refusal}, status=422)
    return redirect(f"{reverse('org:filings')}?{request.GET.urlencode()}")


@requires(OrgPermission.SEE_FILINGS)
@require_GET
def filings_sheet(request: HttpRequest) -> HttpResponse:
    """The narrowed list as xlsx."""
    rows = list(_narrowed(request)[0][:MOST_ROWS])
    return file(sheet(rows), name=f"人员变更备案 {_today()}.xlsx", media_type=XLSX)


@requires(OrgPermission.SEE_FILINGS)
@require_GET
def filings_paper(request: HttpRequest) -> HttpResponse:
    """The narrowed list on paper."""
    rows = list(_narrowed(request)[0][:MOST_ON_PAPER])
    return file(paper(rows), name=f"人员变更备案 {_today()}.pdf", media_type="application/pdf", inline=True)


def _today() -> str:
    return timezone.localdate(clock.now()).isoformat()


def _narrowed(request: HttpRequest) -> tuple[QuerySet[Filing], dict[str, str], str]:
    """The filings, what was asked for, and what of it cannot be used."""
    may_see(actor_of(request))
    wanted = {name: searched(request, name) for name in ("unit", "since", "until", "new")}
    unit = next(iter(units_like(wanted["unit"])[:1]), None) if wanted["unit"] else None
    days, fault = {}, ""
    for name in ("since", "until"):
        try:
            days[name] = parse_date(wanted[name]) if wanted[name] else None
        except ValueError:
            days[name] = None
        if wanted[name] and days[name] is None:
            fault = "日期请写成 2008-06-25 的样子。"
    found = find(unit=unit, since=days["since"], until=days["until"], new_only=wanted["new"] == "1")
    if wanted["unit"] and unit is None:
        found, fault = found.none(), f"没有名称含「{wanted['unit']}」的单位。"
    return found, wanted, fault


def _context(request: HttpRequest) -> dict[str, Any]:
    found, wanted, fault = _narrowed(request)
    query = urlencode({name: value for name, value in wanted.items() if value})
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "wanted": wanted, "fault": fault, "query": query, "narrowed": any(wanted.values())}
