"""查阅日志: the auditor reads the log of every act (G-7). It tells who did what to which thing, never what it says."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, make_aware
from django.views.decorators.http import require_GET

from yichuan.audit.forms import LogForm, acts, span
from yichuan.audit.labels import said
from yichuan.audit.models import Entry
from yichuan.audit.particulars import particulars
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors import A_PAGE, log_entries
from yichuan.common import clock
from yichuan.common.permissions import requires


@requires(AuditPermission.SEE_LOG)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """A page of entries, the newest first; the next one begins where this one ends."""
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/log.html", {"form": form, "acts": acts()}, status=422)
    wanted = form.cleaned_data
    first, last = span(wanted["since"], wanted["until"], localdate(clock.now()))
    found = log_entries(
        _midnight(first), _midnight(last + timedelta(days=1)), act=wanted["act"], person=wanted["person"],
        older_than=_place(request.GET.get("older", "")),
    )  # fmt: skip
    shown = found[:A_PAGE]
    context = {
        "form": form,
        "acts": acts(),
        "first": first,
        "last": last,
        "lines": [_line(entry) for entry in shown],
        "older": _place_of(shown[-1]) if len(found) > A_PAGE else None,
    }
    return render(request, "audit/log.html", context)


def _line(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "text": said(entry.verb, entry.detail), "detail": particulars(entry.detail)}


def _midnight(day: Any) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _place_of(entry: Entry) -> str:
    """Where the page ends, as the next one is asked for."""
    return f"{entry.at.isoformat()}~{entry.pk}"


def _place(text: str) -> tuple[datetime, int] | None:
    at, _, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(number)) if moment.tzinfo and number.isdecimal() and len(number) < 19 else None
