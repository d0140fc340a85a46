"""单位加密证书: the units that have none in force, for the security officer, who issues it (G-25)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import Refused, Unavailable
from yichuan.common.permissions import requires
from yichuan.keys.permissions import KeysPermission
from yichuan.org.selectors.unit_certificates import last_certificates, units_without_certificate
from yichuan.org.services.unit_certificate import issue_unit_certificate
from yichuan.web.requests import actor_of, posted

PER_PAGE = 14


@requires(KeysPermission.MANAGE_CERTIFICATES)
@require_GET
def unit_certificates(request: HttpRequest) -> HttpResponse:
    """The units without a certificate in force, each with the last it had."""
    return render(request, "org/unit_certificates.html", _context(request))


@requires(KeysPermission.MANAGE_CERTIFICATES)
@posted("org:unit_certificates", keep=0)
def issue(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """签发: on to the new certificate."""
    try:
        row = issue_unit_certificate(actor=actor_of(request), unit_id=unit_id)
    except Unavailable:
        raise
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return render(request, "org/unit_certificates.html", _context(request) | {"refusal": refusal}, status=422)
    return redirect("keys:certificate", row.pk)


def _context(request: HttpRequest) -> dict[str, Any]:
    page = Paginator(units_without_certificate(), PER_PAGE).get_page(request.GET.get("page"))
    last = last_certificates(unit.pk for unit in page)
    return {"page": page, "rows": [{"unit": unit, "last": last.get(unit.pk)} for unit in page]}
