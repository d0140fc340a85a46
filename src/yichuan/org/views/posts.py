"""岗位: who holds which post of the unit (U8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.common.permissions import requires
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.posts import offices_with_posts, posts_of
from yichuan.web.requests import actor_of, unit_of


@requires(OrgPermission.SEE_CONTACTS)
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """The unit's table of posts, empty ones flagged; its administrator may ask for changes from here."""
    unit = unit_of(request)
    context = {
        "unit": unit,
        "places": posts_of(unit),
        "entries": offices_with_posts(unit.pk),
        "may_request": actor_of(request).has_perm(OrgPermission.REQUEST_ACCESS, unit),
        "may_manage": actor_of(request).has_perm(OrgPermission.MANAGE_STAFF, unit),
    }
    return render(request, "org/posts.html", context)
