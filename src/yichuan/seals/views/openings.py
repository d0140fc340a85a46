"""待我同意 (J-24): openings that wait for my word, one opening, and the words to it."""

import uuid
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.people.models import Account
from yichuan.people.views.signing import Said, answers_json
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Custodian, Opening
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.places import read_places
from yichuan.seals.ports import ToSeal, documents_to_seal
from yichuan.seals.selectors_custody import openings_seen, present_custodians, waiting_for
from yichuan.seals.services.approve_opening import Signed, approve_opening, refuse_opening
from yichuan.seals.services.change_custodians import carry_out_change, confirm_change
from yichuan.seals.services.close_opening import STANDING, close_opening, under_way
from yichuan.web.requests import actor_of, posted, unit_of

PER_PAGE = 14


@requires(SealsPermission.SEE)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """待我同意, and all openings of what I keep."""
    account = actor_of(request)
    everything = request.GET.get("show") == "all"
    waiting = waiting_for(account)
    page = Paginator(openings_seen(account) if everything else waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "everything": everything, "waiting": waiting.count()}
    context["keeps"] = account.has_perm(SealsPermission.USE, unit_of(request))
    return render(request, "seals/openings.html", context)


@requires(SealsPermission.SEE)
@require_GET
def show(request: HttpRequest, opening_id: uuid.UUID) -> HttpResponse:
    """One opening: what is to be sealed, who has said what, and what I may say."""
    return page_of(request, _seen(actor_of(request), opening_id))


def page_of(request: HttpRequest, opening: Opening, refusal: Refused | None = None) -> HttpResponse:
    """The page of an opening, also after a word that was refused."""
    account = actor_of(request)
    listed = documents_of(opening)
    chosen = next((each for each in listed if each["id"] == request.GET.get("document")), listed[0] if listed else None)
    drawn = _drawn(chosen)
    context = state_of(account, opening) | {
        "documents": listed,
        "chosen": chosen,
        "sizes": drawn.sizes if drawn else (),
        "side": drawn is not None,
        "usb_key": settings.YICHUAN_USBKEY_URL,
        "refusal": refusal,
    }
    template = "seals/opening_document.html" if drawn else "seals/opening.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


@requires(SealsPermission.SEE)
@require_GET
def state(request: HttpRequest, opening_id: uuid.UUID) -> HttpResponse:
    """How it stands, asked by the page every few seconds; another state lets the page load anew."""
    opening = _seen(actor_of(request), opening_id)
    context = state_of(actor_of(request), opening) | {"side": "side" in request.GET}
    answer = render(request, "seals/parts/opening_state.html", context)
    if request.GET.get("seen") != opening.state:
        answer["HX-Refresh"] = "true"
    return answer


@requires(SealsPermission.USE)
@posted("seals:opening")
@answers_json
def approve(request: HttpRequest, said: Said, opening_id: uuid.UUID) -> dict[str, Any]:
    """同意: a signed challenge, and the password of the share where the seal rests in the device."""
    opening = approve_opening(
        request, actor=actor_of(request), opening_id=opening_id, signed=_signed(said), password=said.text("password")
    )
    carry_out_change(opening.pk)
    return {"to": reverse("seals:opening", args=[opening_id])}


@requires(SealsPermission.SIGN_APPLICATION)
@posted("seals:opening")
@answers_json
def confirm(request: HttpRequest, said: Said, opening_id: uuid.UUID) -> dict[str, Any]:
    """确认更换: the leader's signed challenge."""
    confirm_change(request, actor=actor_of(request), opening_id=opening_id, signed=_signed(said))
    return {"to": reverse("seals:opening", args=[opening_id])}


@requires(SealsPermission.USE)
@posted("seals:opening")
def refuse(request: HttpRequest, opening_id: uuid.UUID) -> HttpResponse:
    """不同意."""
    opening = _seen(actor_of(request), opening_id)
    try:
        refuse_opening(actor=actor_of(request), opening_id=opening_id, words=request.POST.get("words", ""))
    except Refused as refusal:
        return page_of(request, opening, refusal)
    return redirect("seals:opening", opening_id)


@requires(SealsPermission.USE)
@posted("seals:opening")
def close(request: HttpRequest, opening_id: uuid.UUID) -> HttpResponse:
    """撤回 or 提前结束."""
    opening = _seen(actor_of(request), opening_id)
    try:
        close_opening(actor=actor_of(request), opening_id=opening_id)
    except Refused as refusal:
        return page_of(request, opening, refusal)
    return redirect("seals:opening", opening_id)


def state_of(account: Account, opening: Opening) -> dict[str, Any]:
    """What the page says of an opening to this person, and what it lets them do."""
    said = list(opening.approvals.select_related("custodian__account").order_by("at"))
    people = present_custodians(opening.seal)
    spoken = {each.custodian_id for each in said}
    kept = next((each for each in people if each.account_id == account.pk), None)
    asked = opening.state == OpeningState.ASKED and opening.expires_at > clock.now()
    change = opening.matter == OpeningMatter.CHANGE
    leaders = change and not opening.seal.under_password
    wanted = asked and kept is not None and kept.pk not in spoken and not leaders
    wanted = wanted and account.has_perm(SealsPermission.USE, opening.seal)
    leads = account.has_perm(SealsPermission.SIGN_APPLICATION, opening.seal)
    ends = opening.asked_by_id == account.pk or (kept is not None and opening.state == OpeningState.OPEN)
    return {
        "opening": opening,
        "said": said,
        "silent": [] if leaders or not asked else [each for each in people if each.pk not in spoken],
        "agreed": sum(each.agreed for each in said),
        "kept": kept,
        "change": change,
        "leaders": leaders,
        "may_word": wanted,
        "may_confirm": asked and leaders and leads,
        "may_close": opening.state in STANDING and not under_way(opening) and ends,
        "may_seal": opening.state == OpeningState.OPEN and not change and kept is not None,
    }


def documents_of(opening: Opening) -> list[dict[str, Any]]:
    """The documents of an opening with their titles and places in words, and whether they are still as they were."""
    found = documents_to_seal(uuid.UUID(each["id"]) for each in opening.subject["documents"])
    listed = []
    for each in opening.subject["documents"]:
        now = found.get(uuid.UUID(each["id"]))
        same = now is not None and (now.digest, now.attachments) == (each["digest"], each["attachments"])
        listed.append(each | {"title": now.title if now else "", "same": same, "where": read_places(each["places"])})
    return listed


def _drawn(chosen: dict[str, Any] | None) -> ToSeal | None:
    """The document with its pages, as long as it is the one that was asked for."""
    if chosen is None or not chosen["same"]:
        return None
    document_id = uuid.UUID(chosen["id"])
    return documents_to_seal([document_id], pages=True)[document_id]


def _seen(account: Account, opening_id: uuid.UUID) -> Opening:
    """An opening for whom it concerns: custodians, present and past ones of that day; who asked; the leader."""
    found = Opening.objects.select_related("seal__unit", "asked_by").filter(pk=opening_id).first()
    if found is not None and account.has_perm(SealsPermission.SEE, found.seal):
        keeps = Custodian.objects.filter(seal=found.seal, account=account, until=None).exists()
        spoke = found.approvals.filter(custodian__account=account).exists()
        leads = account.has_perm(SealsPermission.SIGN_APPLICATION, found.seal)
        if keeps or spoke or leads or found.asked_by_id == account.pk:
            return found
    raise NotFound("no_opening", "没有这次用印申请，请回到「待我同意」查看。")


def _signed(said: Said) -> Signed:
    return Signed(said.id("challenge"), said.certificate("certificate"), said.signature("signature"))
