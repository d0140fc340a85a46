"""岗位交接: the forms, a new one, and what each party says to it (P5)."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.org.models import HandOver, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.hand_overs import hand_overs_of, possible_takers, posts_to_give
from yichuan.org.services.hand_over import confirm, propose, refuse, visible_hand_over, withdraw
from yichuan.org.services.hand_over_paper import hand_over_paper
from yichuan.web.requests import actor_of, file, posted

PER_PAGE = 14


@requires(SIGNED_IN)
@require_GET
def hand_overs(request: HttpRequest) -> HttpResponse:
    """The forms that concern the person; for a unit's administrator all of the unit."""
    found = hand_overs_of(actor_of(request), _administered(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "org/hand_overs.html", {"page": page})


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """填写交接单: one's own posts, or as the unit's administrator somebody else's of the unit."""
    actor, given = actor_of(request), request.POST or request.GET
    giver = _giver(request, given.get("giver", ""))
    context: dict[str, Any] = {
        "giver": giver,
        "givers": possible_takers(giver.unit) if _administered(request) else [],
        "posts": posts_to_give(giver.pk, giver.unit),
        "takers": possible_takers(giver.unit).exclude(pk=giver.pk),
        "chosen": {"posts": request.POST.getlist("posts"), "taker": request.POST.get("taker", "")},
        "reason": request.POST.get("reason", "")[:200],
        "errors": {},
    }
    if request.method == "GET":
        return render(request, "org/hand_over_new.html", context)
    if missing := _missing(context["chosen"], context["reason"]):
        return render(request, "org/hand_over_new.html", context | {"errors": missing}, status=422)
    try:
        form = propose(
            actor=actor,
            giver_id=giver.pk,
            taker_id=_uuid(request.POST.get("taker", ""), "taker", "请选择接任的人。"),
            post_ids=[_uuid(each, "posts", "请勾选要移交的岗位。") for each in context["chosen"]["posts"][:50]],
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        context["errors"] = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
        return render(request, "org/hand_over_new.html", context, status=refusal.status)
    return redirect("org:hand_over", form.pk)


def _missing(chosen: dict[str, Any], reason: str) -> dict[str, str]:
    """What the form lacks, all of it at once."""
    fields = {"posts": (chosen["posts"], "请勾选要移交的岗位。"), "taker": (chosen["taker"], "请选择接任的人。")}
    fields["reason"] = (reason.strip(), "请写明原因，审计员要看。")
    return {name: message for name, (value, message) in fields.items() if not value}


@requires(SIGNED_IN)
@require_GET
def hand_over(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    """One form."""
    return _page(request, visible_hand_over(actor_of(request), hand_over_id))


@requires(SIGNED_IN)
@require_GET
def paper(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    """交接清单, as PDF."""
    form = visible_hand_over(actor_of(request), hand_over_id)
    name = f"交接清单 {form.giver.name}-{form.taker.name}.pdf"
    return file(hand_over_paper(form), name=name, media_type="application/pdf", inline=True)


@requires(SIGNED_IN)
@posted("org:hand_over")
def say_yes(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    """确认."""
    in_place = request.POST.get("in_place") == "yes"
    return _answer(
        request, hand_over_id, lambda: confirm(actor=actor_of(request), hand_over_id=hand_over_id, in_place=in_place)
    )


@requires(SIGNED_IN)
@posted("org:hand_over")
def say_no(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    """不同意."""
    reason = request.POST.get("reason", "")
    return _answer(
        request, hand_over_id, lambda: refuse(actor=actor_of(request), hand_over_id=hand_over_id, reason=reason)
    )


@requires(SIGNED_IN)
@posted("org:hand_over")
def take_back(request: HttpRequest, hand_over_id: uuid.UUID) -> HttpResponse:
    """撤回."""
    return _answer(request, hand_over_id, lambda: withdraw(actor=actor_of(request), hand_over_id=hand_over_id))


def _answer(request: HttpRequest, hand_over_id: uuid.UUID, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, visible_hand_over(actor_of(request), hand_over_id), refusal)
    return redirect("org:hand_over", hand_over_id)


def _page(request: HttpRequest, form: HandOver, refusal: Refused | None = None) -> HttpResponse:
    actor, open_form = actor_of(request), form.state == HandOver.State.PROPOSED
    giver, taker, proposer = (actor.pk == each for each in (form.giver_id, form.taker_id, form.proposed_by_id))
    context = {
        "form": form,
        "posts": form.posts.select_related("office", "unit").order_by("since"),
        "may": {
            "give": open_form and giver and form.given_at is None,
            "take": open_form and taker and form.taken_at is None,
            "give_in_place": open_form and proposer and not giver and not taker and form.given_at is None,
            "refuse": open_form and (giver or taker) and not proposer,
            "withdraw": open_form and proposer,
        },
        "refusal": refusal,
    }
    return render(request, "org/hand_over.html", context, status=refusal.status if refusal else 200)


def _administered(request: HttpRequest) -> Any:
    """The unit whose hand-overs this person administers at their desk, or None."""
    desk = getattr(request, "desk", None)
    return desk.unit if desk is not None and actor_of(request).has_perm(OrgPermission.HAND_OVER, desk) else None


def _giver(request: HttpRequest, wanted: str) -> Staff:
    """Whose posts: one's own, or for the unit's administrator those of the person named."""
    unit = _administered(request)
    people = Staff.objects.select_related("account", "unit")
    found = people.filter(pk=actor_of(request).pk).first()
    if wanted and unit is not None:
        found = people.filter(pk=_uuid(wanted, "giver", "请选择移交的人。"), unit=unit).first()
    if found is None:
        raise NotFound("no_person", "没有这个人，或者不是你单位的。请回到交接列表查看。")
    return found


def _uuid(text: str, field: str, message: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid({field: message}) from error
