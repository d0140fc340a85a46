"""用印登记: every use of the unit's seals, searched, and taken along."""

import uuid
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.permissions import requires
from yichuan.seals.models import SealUse
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_ledger import Wanted, seals_ever, uses
from yichuan.seals.services.export_ledger import export_ledger
from yichuan.web.requests import actor_of, file, searched, unit_of

PER_PAGE = 16
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(SealsPermission.SEE_LEDGER)
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The uses that match, page by page."""
    unit = unit_of(request)
    wanted, said, fault = _wanted(request)
    page: Any = Paginator(uses(unit.pk, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "said": said,
        "fault": fault,
        "seals": seals_ever(unit.pk),
        "states": SealUse.State.choices,
        "query": urlencode({name: value for name, value in said.items() if value}),
        "narrowed": any(said.values()),
    }
    return render(request, "seals/ledger.html", context)


@requires(SealsPermission.SEE_LEDGER)
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The same as xlsx."""
    data = export_ledger(actor=actor_of(request), unit=unit_of(request), wanted=_wanted(request)[0])
    return file(data, name=f"用印登记 {timezone.localdate(clock.now()).isoformat()}.xlsx", media_type=XLSX)


def _wanted(request: HttpRequest) -> tuple[Wanted, dict[str, str], str]:
    """What is looked for, as it was typed, and what of it cannot be used."""
    said = {name: searched(request, name) for name in ("seal", "number", "person", "state", "since", "until")}
    fault = ""
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = parse_date(said[name])
        except ValueError:
            days[name] = None
        if said[name] and days[name] is None:
            fault = "日期请写成 2026-06-25 的样子。"
    try:
        seal_id = uuid.UUID(said["seal"]) if said["seal"] else None
    except ValueError:
        seal_id, fault = None, "没有这枚印章，列出的是全部印章的记录。"
    wanted = Wanted(seal_id, said["number"], said["person"], said["state"], days["since"], days["until"])
    return wanted, said, fault
