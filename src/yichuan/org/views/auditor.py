"""更换审计员: proposed by one administrator, agreed to by the other and by the supervising office (P4, G-5)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.org.duties import Duty
from yichuan.org.models import AccessConfirmation, Post
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import in_force
from yichuan.org.selectors.access import described, replacements
from yichuan.org.selectors.candidates import candidates
from yichuan.org.services import review_access
from yichuan.org.services.replace_auditor import OTHERS, agree, decline, party_of, propose
from yichuan.org.views.asking import chosen_person
from yichuan.web.requests import actor_of, posted, searched

PER_PAGE = 5


@requires(OrgPermission.REPLACE_AUDITOR)
@require_GET
def auditor(request: HttpRequest) -> HttpResponse:
    """The present auditor, the proposals with who has agreed, and a form for a new proposal."""
    return render(request, "org/auditor.html", _context(request))


@requires(OrgPermission.REPLACE_AUDITOR)
@posted("org:auditor", keep=0)
def propose_auditor(request: HttpRequest) -> HttpResponse:
    """提出更换."""
    person = chosen_person(request.POST.get("account", ""))
    try:
        if person is None:
            raise Invalid({"account": "请先查找并选定接任的人。"})
        propose(actor=actor_of(request), account_id=person.pk, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if refusal.status == 403:
            raise
        context = _context(request) | {"refusal": refusal, "chosen": person, "reason": request.POST.get("reason", "")}
        return render(request, "org/auditor.html", context, status=422)
    return redirect("org:auditor")


@requires(OrgPermission.REPLACE_AUDITOR)
@posted("org:auditor", keep=0)
def agree_auditor(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """同意."""
    agree(actor=actor_of(request), change_id=change_id)
    return redirect("org:auditor")


@requires(OrgPermission.REPLACE_AUDITOR)
@posted("org:auditor", keep=0)
def decline_auditor(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """不同意."""
    decline(actor=actor_of(request), change_id=change_id, note=request.POST.get("note", ""))
    return redirect("org:auditor")


@requires(OrgPermission.REPLACE_AUDITOR)
@posted("org:auditor", keep=0)
def withdraw_auditor(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """撤回 one's own proposal."""
    review_access.withdraw(actor=actor_of(request), change_id=change_id)
    return redirect("org:auditor")


def _context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    page: Any = Paginator(replacements(), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = described(page.object_list)
    for shown in page.object_list:
        given = {each.party: each for each in shown.change.confirmations.all()}
        shown.parties = [(party.label, given.get(party)) for party in AccessConfirmation.Party]
        mine = party_of(actor, shown.change) if shown.waits else None
        shown.may_speak = mine is not None
        shown.may_agree = mine is not None and mine not in given
        shown.may_withdraw = shown.waits and shown.change.requested_by_id == actor.pk
    posts = in_force(Post.objects.filter(duty=Duty.AUDITOR)).select_related("account")
    text = searched(request, "q")
    may_propose = in_force(Post.objects.filter(account=actor, duty__in=OTHERS)).exists()
    return {
        "page": page,
        "present": list(posts),
        "q": text,
        "found": candidates(text) if may_propose else [],
        "chosen": chosen_person(request.GET.get("account", "")),
        "may_propose": may_propose,
    }
