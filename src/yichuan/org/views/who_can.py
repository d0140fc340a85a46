"""谁能办什么, and what one person can do (P3)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.audit.permissions import AuditPermission
from yichuan.common.errors import NotFound
from yichuan.common.permissions import requires
from yichuan.org.models import Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.access import described, facts_of
from yichuan.org.selectors.contacts import units_like
from yichuan.org.selectors.permission_words import every_permission, grouped
from yichuan.org.selectors.staff import for_the_centre
from yichuan.org.selectors.who_can import (
    MOST_HOLDERS,
    changes_about,
    ended_posts,
    holders,
    posts_with_permissions,
    visible_staff,
)
from yichuan.org.services.access_rules import may_ask_about
from yichuan.org.services.looked_after import GONE
from yichuan.web.requests import actor_of, searched, unit_of

PER_PAGE = 14
UNITS_OFFERED = 10


@requires(OrgPermission.SEE_ACCESS)
@require_GET
def who_can(request: HttpRequest) -> HttpResponse:
    """Choose a permission; the page says who holds it, through which post, since when."""
    everywhere = for_the_centre(actor_of(request), OrgPermission.SEE_ACCESS)
    context: dict[str, Any] = {"everywhere": everywhere}
    unit = _chosen_unit(request, context) if everywhere else unit_of(request)
    permission = every_permission().get(searched(request, "permission"))
    if permission is not None:
        page = Paginator(holders(permission, unit), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "most": MOST_HOLDERS if page.paginator.count == MOST_HOLDERS else 0}
    context |= {"groups": grouped(every_permission()), "permission": permission, "unit": unit}
    return render(request, "org/who_can.html", context)


@requires(OrgPermission.SEE_ACCESS)
@require_GET
def person_can(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The person's posts with each permission, what waits for review, and what was before."""
    actor = actor_of(request)
    everywhere = for_the_centre(actor, OrgPermission.SEE_ACCESS)
    own = None if everywhere else unit_of(request)
    staff = visible_staff(actor, account_id, own)
    if staff is None:
        raise NotFound("no_person", GONE)
    # Of somebody of another unit who also holds a post here, the administrator sees that post only.
    here = own if own is not None and staff.unit_id != own.pk else None
    posts = posts_with_permissions(staff, here)
    for each in posts:
        each.may_ask = may_ask_about(actor, each.post)
    changes = described(changes_about(staff, here))
    context = {
        "person": staff,
        "facts": facts_of(staff),
        "posts": posts,
        "ended": ended_posts(staff, here),
        "waiting": [each for each in changes if each.waits],
        "changes": [each for each in changes if not each.waits],
        "sees_log": actor.has_perm(AuditPermission.SEE_LOG),
    }
    return render(request, "org/person_can.html", context)


def _chosen_unit(request: HttpRequest, context: dict[str, Any]) -> Unit | None:
    """The unit whose name was typed, if it is one; else the units that it could be."""
    text = searched(request, "unit_name")
    context["unit_name"] = text
    if not text:
        return None
    found = list(units_like(text)[: UNITS_OFFERED + 1])
    exact = [unit for unit in found if text in (unit.short_name, unit.name)]
    if exact or len(found) == 1:
        return (exact or found)[0]
    context["units"], context["no_unit"] = found[:UNITS_OFFERED], not found
    return None
