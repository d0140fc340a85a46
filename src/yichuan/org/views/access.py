"""权限变更: what was asked for, one change, taking a request back (P4)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.audit.selectors import history
from yichuan.common.errors import NotFound
from yichuan.common.permissions import requires
from yichuan.org.models import AccessChange
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.access import changes_of, changes_of_the_centre, described, visible_change
from yichuan.org.services import review_access
from yichuan.org.states import ChangeState
from yichuan.people.models import Account
from yichuan.web.requests import actor_of, posted, searched, unit_of

PER_PAGE = 14
GONE = "没有这份权限变更单，或者不归你看。请回到列表查看。"


@requires(OrgPermission.REQUEST_ACCESS)
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """The changes of the unit."""
    unit = unit_of(request)
    return _list(request, changes_of(unit.pk), "org:access", "org:ask")


@requires(OrgPermission.REQUEST_CENTRE_ACCESS)
@require_GET
def centre_access(request: HttpRequest) -> HttpResponse:
    """The changes of the centre's own posts and of the unit administrators'."""
    return _list(request, changes_of_the_centre(), "org:centre_access", "org:ask_centre")


@requires(OrgPermission.SEE_ACCESS)
@require_GET
def change(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """One change with its course; who asked may take it back, the auditor may review it."""
    actor = actor_of(request)
    found = visible_change(actor, change_id)
    if found is None:
        raise NotFound("no_change", GONE)
    [shown] = described([found])
    reviewable = shown.waits and found.kind != AccessChange.Kind.REPLACE_AUDITOR
    context = {
        "shown": shown,
        "back": _list_of(actor, found),
        "history": history([found.pk]),
        "may_withdraw": shown.waits and not found.at_once and found.requested_by_id == actor.pk,
        "may_review": reviewable and actor.has_perm(OrgPermission.REVIEW_ACCESS, found),
    }
    return render(request, "org/change.html", context)


def _list_of(actor: Account, change: AccessChange) -> dict[str, str] | None:
    """The list that this reader comes from: the auditor's, the centre's, the unit's; none for somebody else."""
    if actor.has_perm(OrgPermission.REVIEW_ACCESS):
        return {"route": "org:reviews", "label": "权限变更审核"}
    if actor.has_perm(OrgPermission.REQUEST_CENTRE_ACCESS):
        return {"route": "org:centre_access", "label": "岗位和权限"}
    if change.unit is not None and actor.has_perm(OrgPermission.REQUEST_ACCESS, Desk(change.unit)):
        return {"route": "org:access", "label": "权限变更"}
    return None


@requires(OrgPermission.SEE_ACCESS)
@posted("org:change")
def withdraw(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """撤回."""
    review_access.withdraw(actor=actor_of(request), change_id=change_id)
    return redirect("org:change", change_id)


def _list(request: HttpRequest, found: QuerySet[AccessChange], here: str, ask: str) -> HttpResponse:
    state = searched(request, "state")
    state = state if state in set(ChangeState) else ""
    counted = dict(found.order_by().values_list("state").annotate(Count("pk")))
    wanted = found.filter(state=state) if state else found
    page: Any = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = described(page.object_list)
    context = {
        "page": page,
        "state": state,
        "tabs": [{"state": each.value, "label": each.label, "count": counted.get(each, 0)} for each in ChangeState],
        "total": sum(counted.values()),
        "here": reverse(here),
        "ask": reverse(ask),
    }
    return render(request, "org/access.html", context)
