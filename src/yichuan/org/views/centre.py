"""主管单位和承办单位: which units run the centre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.org.models import CentreRole
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.set_part import DUTIES, Part, set_part
from yichuan.web.requests import actor_of


@requires(OrgPermission.SET_CENTRE)
@require_http_methods(["GET", "POST"])
def centre(request: HttpRequest) -> HttpResponse:
    """Both parts; a POST gives one of them to another unit."""
    refusal, typed = None, {"part": "", "name": ""}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").replace("\0", "")[:120] for name in typed}
        try:
            set_part(actor=actor_of(request), **typed)
            return redirect("org:centre")
        except Refused as refused:
            refusal = refused
    held = {row.role: row.unit for row in CentreRole.objects.select_related("unit")}
    parts = [
        {
            "part": part.value,
            "label": part.label,
            "unit": held.get(part.value),
            "duties": "、".join(duty.label for duty in DUTIES[part]),
            "typed": typed["name"] if typed["part"] == part else "",
            "refusal": refusal if typed["part"] == part else None,
        }
        for part in Part
    ]
    return render(request, "org/centre.html", {"parts": parts}, status=refusal.status if refusal else 200)
