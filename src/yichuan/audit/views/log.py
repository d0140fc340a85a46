"""查阅日志: the auditor reads the log of every act (G-7). It tells who did what to which thing, never what it says."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from yichuan.audit.asked import asked
from yichuan.audit.forms import LogForm, acts
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors_search import A_PAGE, Place
from yichuan.audit.services.export_log import export_log
from yichuan.audit.services.search_log import note_search
from yichuan.audit.telling import lines
from yichuan.common import clock
from yichuan.common.permissions import requires
from yichuan.web.requests import actor_of, file, posted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(AuditPermission.SEE_LOG)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """A page of entries, the newest first; the next one begins where this one ends."""
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/log.html", {"form": form, "acts": acts()}, status=422)
    wanted = asked(form.cleaned_data, localdate(clock.now()))
    older = _place(request.GET.get("older", ""))
    note_search(actor=actor_of(request), fields=form.cleaned_data)
    found = wanted.found(older, A_PAGE)
    context = {
        "form": form,
        "acts": acts(),
        "first": wanted.first,
        "last": wanted.last,
        "asked": wanted,
        "lines": lines(found.entries),
        "older": f"{found.older.at.isoformat()}~{found.older.number}" if found.older else None,
        "looked_to": found.looked_to,
        "later": older is not None,
    }
    return render(request, "audit/log.html", context)


@requires(AuditPermission.SEE_LOG)
@posted("audit:log", keep=0)
def export(request: HttpRequest) -> HttpResponse:
    """导出 what was found, as xlsx."""
    form = LogForm(request.GET)
    if not form.is_valid():
        return redirect("audit:log")
    data = export_log(actor=actor_of(request), fields=form.cleaned_data)
    return file(data, name=f"日志 {localdate(clock.now()):%Y%m%d}.xlsx", media_type=XLSX)


def _place(text: str) -> Place | None:
    at, _, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    right = moment.tzinfo and 1970 <= moment.year < 2200 and number.isdecimal() and len(number) < 19
    return Place(moment, int(number)) if right else None
