"""核验日志: the auditor has the whole log verified, sees how far it is, what was found and what to do about it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.audit.check_words import told
from yichuan.audit.forms import NoteForm
from yichuan.audit.models import LogCheck
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors_checkpoints import behind
from yichuan.audit.services.check_log import MOST_BYTES, OPEN, Kept, acknowledge_faults, begin_check
from yichuan.audit.unreadable import entries_of
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.web.lists import BoundedPaginator
from yichuan.web.requests import actor_of, posted

PER_PAGE = 10


@requires(AuditPermission.SEE_LOG)
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """Begin one, and those before."""
    return _list(request)


@requires(AuditPermission.SEE_LOG)
@posted("audit:checks", keep=0)
def begin(request: HttpRequest) -> HttpResponse:
    """核验全部日志, compared with what was kept outside."""
    try:
        made = begin_check(actor=actor_of(request), kept=_kept(request))
    except Invalid as refusal:
        return _list(request, error=refusal.message, status=422)
    except Refused as refusal:
        return _list(request, error=refusal.message, status=refusal.status)
    return redirect("audit:check", made.pk)


@requires(AuditPermission.SEE_LOG)
@require_GET
def check(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """How far it is, or what it found."""
    return _page(request, _found(check_id), NoteForm())


@requires(AuditPermission.SEE_LOG)
@require_GET
def progress(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """The same, asked by the page itself; it loads anew when the check has ended."""
    found = _found(check_id)
    answer = _page(request, found, NoteForm())
    if found.state not in OPEN:
        answer.headers["HX-Refresh"] = "true"
    return answer


@requires(AuditPermission.SEE_LOG)
@posted("audit:check")
def acknowledge(request: HttpRequest, check_id: uuid.UUID) -> HttpResponse:
    """阅知 the faults, with a note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, _found(check_id), form, status=422)
    acknowledge_faults(actor=actor_of(request), check_id=check_id, note=form.cleaned_data["note"])
    return redirect("audit:check", check_id)


def _found(check_id: uuid.UUID) -> LogCheck:
    found = LogCheck.objects.filter(pk=check_id).first()
    if found is None:
        raise NotFound("no_check", "没有这次核验。请回到核验日志页重新选。")
    return found


def _kept(request: HttpRequest) -> list[Kept]:
    files = request.FILES.getlist("kept")
    if getattr(request, "upload_too_large", False):
        raise Invalid({"kept": "文件太大，不是检查点文件。请重新选。"})
    return [Kept(_shown(each.name or "文件"), each.read(MOST_BYTES + 1)) for each in files]


def _shown(name: str) -> str:
    return "".join(character for character in name if character.isprintable())[:100]


def _list(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    page = BoundedPaginator(LogCheck.objects.order_by("-asked_at"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "open": LogCheck.objects.filter(state__in=OPEN).first(),
        "error": error,
        "behind": behind(),
    }
    return render(request, "audit/checks.html", context, status=status)


def _page(request: HttpRequest, found: LogCheck, form: NoteForm, status: int = 200) -> HttpResponse:
    faults = [told(each) for each in found.faults]
    entries = entries_of(each.entry for each in faults if each.entry)
    uids = {number: entry.uid for number, entry in entries.items()}
    context: dict[str, Any] = {
        "check": found,
        "running": found.state in OPEN,
        "share": [("sign", found.done), ("wait", max(found.total - found.done, 0))],
        "faults": [{"told": each, "uid": uids.get(each.entry) if each.entry else None} for each in faults],
        "notes": [each["sentence"] for each in found.notes],
        "form": form,
    }
    return render(request, "audit/check.html", context, status=status)
