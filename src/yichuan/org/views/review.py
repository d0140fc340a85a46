"""待审核: the auditor's list, and the review of one or several changes (P4, G-7)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.org.models import AccessChange
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.access import changes_reviewed, changes_to_review, described, headline
from yichuan.org.services.review_access import confirm, refuse, review_several
from yichuan.org.views.access import GONE
from yichuan.web.requests import actor_of, posted, searched

PER_PAGE = 10
REVIEWS: dict[str, tuple[str, Callable[..., AccessChange]]] = {
    "confirm": ("审核通过", confirm),
    "refuse": ("审核不通过", refuse),
}


@requires(OrgPermission.REVIEW_ACCESS)
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first: what would take effect, what has acted at once, what is done with."""
    return render(request, "org/reviews.html", _context(request))


@requires(OrgPermission.REVIEW_ACCESS)
@posted("org:reviews", keep=0)
def review(request: HttpRequest) -> HttpResponse:
    """审核通过 or 不通过, each on its own; what failed is named and stays in the list."""
    verb, act = REVIEWS.get(request.POST.get("verb", ""), REVIEWS["refuse"])
    note = request.POST.get("note", "")
    context: dict[str, Any] = {"note": note}
    status = 200
    try:
        results = review_several(actor=actor_of(request), change_ids=_ticked(request), review=act, note=note)
    except Invalid as refusal:
        context |= {"refusal": refusal}
        status = 422
    else:
        failed = {result.change_id: result.fault for result in results if result.fault}
        named = AccessChange.objects.filter(pk__in=failed).select_related("account", "unit", "office")
        entries = [{"label": headline(each), "why": failed[each.pk], "value": each.pk} for each in named]
        context["batch"] = {
            "verb": verb, "done": len(results) - len(failed), "failed": entries, "at": clock.now(),
        }  # fmt: skip
    return render(request, "org/reviews.html", _context(request) | context, status=status)


def _context(request: HttpRequest) -> dict[str, Any]:
    lists = {
        "": ("待审核", changes_to_review(at_once=False)),
        "at_once": ("已执行，事后审核", changes_to_review(at_once=True)),
        "done": ("已审核", changes_reviewed()),
    }
    state = searched(request, "state")
    state = state if state in lists else ""
    page: Any = Paginator(lists[state][1], PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = described(page.object_list)
    tabs = [
        {"state": name, "label": label, "count": found.count() if name != "done" else ""}
        for name, (label, found) in lists.items()
    ]
    return {"page": page, "state": state, "tabs": tabs, "waiting": state != "done"}


def _ticked(request: HttpRequest) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(value) for value in request.POST.getlist("change")]
    except ValueError as error:
        raise NotFound("no_change", GONE) from error
