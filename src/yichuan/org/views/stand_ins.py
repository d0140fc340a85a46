"""代岗: who stands in for whom, and naming somebody (U7, G-11)."""

import uuid
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.org.forms.stand_ins import StandInForm
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.stand_ins import stand_ins_at, to_stand_in_for, who_may_stand_in
from yichuan.org.services.stand_in import appoint_stand_in, end_stand_in, may_name
from yichuan.web.requests import actor_of, desk_of, posted


@requires(SIGNED_IN)
@require_http_methods(["GET"])
def stand_ins(request: HttpRequest) -> HttpResponse:
    """The stand-ins that concern the person."""
    actor = actor_of(request)
    rows = list(stand_ins_at(actor, getattr(request, "desk", None)))
    for row in rows:
        row.may_end = may_name(actor, row) or row.stands_in_for.account_id == actor.pk  # type: ignore[attr-defined, union-attr]
    context = {"rows": rows, "may_name": actor.has_perm(OrgPermission.APPOINT_STAND_IN)}
    return render(request, "org/stand_ins.html", context)


@requires(OrgPermission.APPOINT_STAND_IN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """指定代岗."""
    actor, desk = actor_of(request), desk_of(request)
    form = StandInForm(
        request.POST or None, posts=to_stand_in_for(actor, desk), people=who_may_stand_in(desk).exclude(pk=actor.pk)
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given: dict[str, date | str] = {name: form.cleaned_data[name] for name in ("since", "until", "reason")}
        try:
            appoint_stand_in(
                actor=actor,
                post_id=form.cleaned_data["post"].pk,
                account_id=form.cleaned_data["account"].pk,
                **given,  # type: ignore[arg-type]
            )
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        else:
            return redirect("org:stand_ins")
    return render(request, "org/stand_in_new.html", context, status=422 if form.errors else 200)


@requires(SIGNED_IN)
@posted("org:stand_ins", keep=0)
def end(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """结束代岗, before its day."""
    try:
        end_stand_in(actor=actor_of(request), post_id=post_id)
    except Refused as refusal:
        if refusal.code != "ended":
            raise
    return redirect("org:stand_ins")
