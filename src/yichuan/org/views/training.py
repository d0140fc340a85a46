"""登记在编和培训, from the person's page (P8, J-12)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date

from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.qualification import record_training
from yichuan.web.requests import actor_of, posted


@requires(OrgPermission.SEE_CONTACTS)
@posted("org:person")
def training(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Keep both facts; the administrator of the person's unit and the system administrator may."""
    text = request.POST.get("trained_on", "").strip()
    try:
        day = parse_date(text) if text else None
        if text and day is None:
            raise ValueError
    except ValueError as error:
        raise Invalid({"trained_on": "日期请写成 2008-06-25 的样子。"}) from error
    record_training(
        actor=actor_of(request),
        account_id=account_id,
        established=request.POST.get("established") == "on",
        trained_on=day,
        note=request.POST.get("training_note", ""),
    )
    return redirect("org:person", account_id)
