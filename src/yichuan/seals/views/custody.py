"""我的保管 (J-24): what I keep, the password of my share, a seal's custody and the change of its custodians."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.people.models import Account
from yichuan.seals.forms_custody import AskForm, ChangeForm, ShareForm
from yichuan.seals.kinds import OpeningKind
from yichuan.seals.models import Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_custody import (
    can_keep,
    kept_by,
    past_custodians,
    present_custodians,
    to_replace,
    waiting_for,
)
from yichuan.seals.selectors_rules import newest_rules
from yichuan.seals.services.ask_opening import ask_opening
from yichuan.seals.services.change_custodians import ask_change
from yichuan.seals.services.close_opening import STANDING
from yichuan.seals.services.opened import needs_opening, require_custodian
from yichuan.seals.services.set_share import own_custody, set_share
from yichuan.web.requests import actor_of, unit_of


@requires(SealsPermission.USE)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """我的保管."""
    account = actor_of(request)
    context = {
        "kept": list(kept_by(account)),
        "waiting": waiting_for(account).count(),
        "gone": to_replace(unit_of(request)),
        "rules": newest_rules(unit_of(request).pk),
        "now": clock.now(),
    }
    return render(request, "seals/custody.html", context)


@requires(SealsPermission.USE)
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, custodian_id: int) -> HttpResponse:
    """设置保管密码."""
    kept = own_custody(actor_of(request), custodian_id)
    form = ShareForm(request.POST or None, first=kept.share_set_at is None)
    if request.method == "POST" and form.is_valid():
        try:
            set_share(actor=actor_of(request), custodian_id=custodian_id, **form.cleaned_data)
            return redirect("seals:custody")
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
    context = {"kept": kept, "form": form}
    return render(request, "seals/share.html", context, status=422 if form.errors else 200)


@requires(SealsPermission.SEE)
@require_GET
def seal(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """A seal's custody: who keeps it, who kept it, what is open."""
    account = actor_of(request)
    found = seen_seal(account, seal_id)
    present = present_custodians(found)
    keeps = any(each.account_id == account.pk for each in present)
    context = {
        "seal": found,
        "present": present,
        "past": past_custodians(found),
        "gone": {each.pk for each in to_replace(found.unit) if each.seal_id == found.pk},
        "standing": found.openings.filter(state__in=STANDING).select_related("asked_by").order_by("-asked_at")[:50],
        "keeps": keeps,
        "needs_opening": needs_opening(found),
        "may_ask": keeps and needs_opening(found) and found.opening_kind != OpeningKind.DOCUMENT,
        "may_change": account.has_perm(SealsPermission.APPLY, found) and found.withdrawn_at is None,
    }
    return render(request, "seals/seal_custody.html", context)


@requires(SealsPermission.USE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """申请用印 for a number of documents or for a time."""
    account = actor_of(request)
    found = seen_seal(account, seal_id)
    require_custodian(account, found)
    if found.opening_kind == OpeningKind.DOCUMENT:
        return redirect("seals:seal_custody", seal_id)
    form = AskForm(request.POST or None, seal=found)
    if request.method == "POST" and form.is_valid():
        try:
            opening = ask_opening(actor=account, seal_id=seal_id, **form.cleaned_data)
            return redirect("seals:opening", opening.pk)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
    context = {"seal": found, "form": form, "counted": found.opening_kind == OpeningKind.COUNT}
    return render(request, "seals/ask_opening.html", context, status=422 if form.errors else 200)


@requires(SealsPermission.APPLY)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """更换保管人: put it before the custodians, or before the leader."""
    account = actor_of(request)
    found = seen_seal(account, seal_id)
    present = present_custodians(found)
    form = ChangeForm(request.POST or None, people=can_keep(found.unit), present=present)
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data["words"]
            opening = ask_change(actor=account, seal_id=seal_id, chosen=form.chosen(), words=words)
            return redirect("seals:opening", opening.pk)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
    context = {"seal": found, "form": form, "present": present}
    return render(request, "seals/change_custodians.html", context, status=422 if form.errors else 200)


def seen_seal(account: Account, seal_id: uuid.UUID) -> Seal:
    """A seal of the person's unit. NotFound where it is not."""
    found = Seal.objects.select_related("unit").filter(pk=seal_id).first()
    if found is None or not account.has_perm(SealsPermission.SEE, found):
        raise NotFound("no_seal", "没有这枚印章，请回到列表查看。")
    return found
