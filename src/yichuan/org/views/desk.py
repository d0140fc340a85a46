"""Working at another of one's desks: somebody may hold posts in several units and offices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yichuan.common.errors import NotFound
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.org.middleware import SESSION_KEY
from yichuan.org.selectors import desks_of
from yichuan.web.requests import actor_of, posted


@requires(SIGNED_IN)
@posted("portal:workbench")
def choose_unit(request: HttpRequest) -> HttpResponse:
    """From now on, in this session, the pages are those of the chosen desk."""
    wanted = request.POST.get("unit", "")
    if wanted not in {desk.key for desk in desks_of(actor_of(request))}:
        raise NotFound("no_unit", "你在那里没有岗位。")
    request.session[SESSION_KEY] = wanted
    return redirect("portal:workbench")
