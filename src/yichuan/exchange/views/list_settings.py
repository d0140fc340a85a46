"""列与常用条件: how a person likes one list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.lists import LISTS, List
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_views import preferences
from yichuan.exchange.services.list_views import arrange, forget_view, save_view
from yichuan.web.list_page import chosen
from yichuan.web.lists import SIZES, Narrowing
from yichuan.web.requests import actor_of


@requires(ExchangePermission.SEE_INBOX)
@require_http_methods(["GET", "POST"])
def inbox_settings(request: HttpRequest) -> HttpResponse:
    """How one likes 收文."""
    return _settings(request, LISTS["inbox"])


@requires(ExchangePermission.TRACK)
@require_http_methods(["GET", "POST"])
def sent_settings(request: HttpRequest) -> HttpResponse:
    """How one likes 发送跟踪."""
    return _settings(request, LISTS["sent"])


@requires(ComposePermission.SEE)
@require_http_methods(["GET", "POST"])
def outgoing_settings(request: HttpRequest) -> HttpResponse:
    """How one likes 发文."""
    return _settings(request, LISTS["outgoing"])


def _settings(request: HttpRequest, shown: List) -> HttpResponse:
    """A POST keeps a filter under a name, deletes one, or sets columns, rows and the opening view; as `do` says."""
    narrowing = Narrowing(shown.parts(), request.GET)
    if request.method != "POST":
        return render(request, "exchange/list_settings.html", _context(request, shown, narrowing))
    try:
        if request.POST.get("do") == "save":
            start = request.POST.get("start") == "on"
            name, query = request.POST.get("name", ""), narrowing.query()
            save_view(actor=actor_of(request), listed=shown.name, name=name, query=query, start=start)
            return redirect(f"{reverse(shown.route)}?{query}")
        if request.POST.get("do") == "forget":
            forget_view(actor=actor_of(request), listed=shown.name, name=request.POST.get("name", ""))
            return redirect(request.path)
        _arrange(request, shown)
        return redirect(shown.route)
    except NotFound:
        raise
    except Refused as refusal:
        context = _context(request, shown, narrowing) | {
            "errors": refusal.errors if isinstance(refusal, Invalid) else {"name": refusal.message},
            "typed": request.POST.get("name", "")[:60],
        }
        return render(request, "exchange/list_settings.html", context, status=refusal.status)


def _arrange(request: HttpRequest, shown: List) -> None:
    """The ticked columns in the order of their numbers; those without a number behind the others."""
    wanted = [column for column in shown.columns if column.fixed or column.key in request.POST.getlist("column")]
    wanted.sort(key=lambda column: _place(request.POST.get(f"place-{column.key}", "")))
    size = request.POST.get("size", "")
    arrange(
        actor=actor_of(request),
        listed=shown.name,
        columns=[column.key for column in wanted],
        size=int(size) if size in map(str, SIZES) else 0,
        start=request.POST.get("opening", ""),
    )


def _place(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 4 else 999


def _context(request: HttpRequest, shown: List, narrowing: Narrowing) -> dict[str, Any]:
    own = preferences(actor_of(request), shown.name)
    now = chosen(shown.columns, own.columns)
    rest = [column for column in shown.columns if column not in now]
    return {
        "list": shown,
        "back": reverse(shown.route),
        "query": narrowing.query(),
        "marks": narrowing.marks(request.path),
        "own": own,
        "columns": [
            {"column": column, "place": place, "on": column in now}
            for place, column in enumerate([*now, *rest], start=1)
        ],
        "sizes": SIZES,
    }
