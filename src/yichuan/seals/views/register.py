"""印章台账: the seals that concern the viewer, a unit's own or everybody's for the centre's two parties."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common.permissions import requires
from yichuan.seals.kinds import SealState
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.seal_access import visible_seals
from yichuan.web.requests import actor_of, searched

PER_PAGE = 16


@requires(SealsPermission.SEE)
@require_GET
def seals(request: HttpRequest) -> HttpResponse:
    """The register, narrowed by name or unit and by how the seal stands."""
    search, state = searched(request, "search"), searched(request, "state")
    found = visible_seals(actor_of(request)).select_related("unit", "verification__holder")
    if search:
        named = Q(unit__name__contains=search) | Q(unit__short_name__contains=search)
        found = found.filter(Q(name__contains=search) | named)
    if state in {each.value for each in SealState}:
        found = found.filter(state=state)
    page: Any = Paginator(found.order_by("unit__order", "-issued_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "search": search,
        "state": state,
        "states": [(each.value, each.label) for each in SealState],
        "narrowed": bool(search or state),
    }
    return render(request, "seals/seals.html", context)
