"""打印所选: the documents that were ticked in 收文, how many copies of each, and one password for all of them."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import with_names
from yichuan.exchange.selectors_search import desk_rows
from yichuan.exchange.services.locking import GONE
from yichuan.exchange.services.print_several import (
    MOST_DOCUMENTS,
    NothingPrinted,
    print_several,
    printed_under,
    require_some_printable,
    why_not,
)
from yichuan.web.requests import actor_of, desk_of, file, for_this_page, posted

LONGEST_NUMBER = 4


@requires(ExchangePermission.PRINT)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The form; under the key of a press that was made, also what came of it."""
    return _answer(request, _ids(request.GET.getlist("delivery")), _key(request.GET.get("key", "")) or uuid.uuid4())


@requires(ExchangePermission.PRINT)
@posted("exchange:inbox")
def several(request: HttpRequest) -> HttpResponse:
    """The print file, or the form with the reasons why not; with X-Ask-First whether there would be one, and the ticket
    that makes it."""
    chosen, key = _ids(request.POST.getlist("delivery")), _key(request.POST.get("key", ""))
    wanted = {each: _number(request.POST[f"copies-{each}"]) for each in chosen if f"copies-{each}" in request.POST}
    try:
        if key is None:
            raise Refused("stale_form", "这张打印单失效了，请回到收文重新勾选。")
        asked: dict[str, Any] = {"actor": actor_of(request), "wanted": wanted, "request": key}
        asked["password"] = request.POST.get("password", "")
        if request.headers.get("X-Ask-First"):
            return for_this_page(require_some_printable(**asked))
        made = print_several(**asked, ticket=request.POST.get("ticket", ""))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _answer(request, chosen, key or uuid.uuid4(), refusal)
    copies = sum(len(each.numbers) for each in made.files)
    return file(made.pdf, name=f"原件 {len(made.files)}件 {copies}份.pdf", media_type="application/pdf", inline=True)


def _answer(
    request: HttpRequest, chosen: list[uuid.UUID], key: uuid.UUID, refusal: Refused | None = None
) -> HttpResponse:
    """The page, or over htmx its changing part."""
    desk, shown = desk_of(request), chosen[:MOST_DOCUMENTS]
    own = with_names(desk_rows(desk.unit_id, desk.office_id).filter(pk__in=shown)).select_related("box")
    deliveries = sorted(own, key=lambda each: shown.index(each.pk))
    numbers, under_way = printed_under(key, deliveries)
    why = refusal.why if isinstance(refusal, NothingPrinted) else {}
    rows = [
        {
            "delivery": each,
            "document": each.dispatch.document,
            "left": each.allowance - each.printed,
            "copies": request.POST.get(f"copies-{each.pk}", "1"),
            "numbers": numbers.get(each.pk, []),
            "under_way": each.pk in under_way,
            "why": "" if each.pk in numbers or each.pk in under_way else why_not(each, checked=bool(numbers)),
            "fault": why[each.pk].message if each.pk in why else "",
        }
        for each in deliveries
    ]
    asked_again = urlencode([*(("delivery", each.pk) for each in deliveries), ("key", key)])
    context = {
        "rows": rows,
        "open": [row["delivery"] for row in rows if not (row["numbers"] or row["under_way"] or row["why"])],
        "printed": {"documents": len(numbers), "copies": sum(map(len, numbers.values()))},
        "under_way": bool(under_way),
        "beyond": len(chosen) - len(shown),
        "most": MOST_DOCUMENTS,
        "key": key,
        "here": f"{reverse('exchange:choose_prints')}?{asked_again}",
        "refusal": refusal,
    }
    if request.headers.get("HX-Request"):
        return render(request, "exchange/parts/print_several.html", context, status=422 if refusal else 200)
    return render(request, "exchange/print_several.html", context, status=refusal.status if refusal else 200)


def _ids(values: list[str]) -> list[uuid.UUID]:
    try:
        return list(dict.fromkeys(uuid.UUID(value) for value in values))
    except ValueError as error:
        raise NotFound("no_delivery", GONE) from error


def _key(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _number(text: str) -> int:
    """What was typed; 0, which is refused, where it is no number of copies."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER else 0
