"""Working for another of one's units: somebody may hold posts in several."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yichuan.common.errors import NotFound
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.org.middleware import SESSION_KEY
from yichuan.org.selectors import units_of
from yichuan.web.requests import actor_of, posted


@requires(SIGNED_IN)
@posted("portal:workbench")
def choose_unit(request: HttpRequest) -> HttpResponse:
    """From now on, in this session, the pages are those of the chosen unit."""
    wanted = request.POST.get("unit", "")
    if wanted not in {str(unit.pk) for unit in units_of(actor_of(request))}:
        raise NotFound("no_unit", "你在这个单位没有岗位。")
    request.session[SESSION_KEY] = wanted
    return redirect("portal:workbench")
