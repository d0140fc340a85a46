"""盖章 of one document: the placement of the seal, and sealing in the device or on the unit's carrier."""

import base64
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.seal_form import SealForm, listed
from yichuan.compose.services.body_notes import body_notes
from yichuan.compose.services.joint import sealing_unit, turn_of
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import own
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.seal_on_carrier import finish_on_carrier, prepare_on_carrier
from yichuan.compose.services.seal_on_carrier import give_up as give_up_use
from yichuan.compose.services.seal_opening import ask_to_seal, opening_of
from yichuan.compose.services.seal_places import suggested_places
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.people.client import device_of
from yichuan.people.services.log_in import KEY
from yichuan.people.views.signing import Said, answers_json
from yichuan.seals.models import Seal
from yichuan.seals.picture import picture_svg
from yichuan.seals.places import Place
from yichuan.seals.selectors import seals_in_use, size_of
from yichuan.web.requests import actor_of, posted, svg

BESIDE_MM = (140.0, 220.0)
"""The lower right of a page, where no date was found."""
LONGEST_REASON = 200


@requires(ComposePermission.SEAL)
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """盖章: the pages, the places of the seal, and the seal."""
    document = own(actor_of(request), document_id, ComposePermission.SEAL)
    turn = turn_of(document)
    elsewhere = turn is not None and not actor_of(request).has_perm(ComposePermission.SEAL, turn)
    if request.method == "GET" and (document.state != DocumentState.READY or elsewhere):
        return redirect("compose:show", document.pk)
    DOCUMENT.find("seal", document.state)
    sizes, seals = page_sizes(read_body(document)), seals_in_use(sealing_unit(actor_of(request), document).pk)
    chosen = _chosen(seals, request.POST.get("seal") or request.GET.get("seal", ""))
    suggested = suggested_places(document)
    form = SealForm(request.POST or None, initial=_initial(document, chosen, suggested), sizes=sizes)
    given: list[Place] = []
    if request.method == "POST" and form.is_valid():
        given = form.wanted()
        try:
            return _act(request, document, form)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
    context = {
        "document": document,
        "turns": document.joint_seals.all(),
        "turn": turn,
        "seals": seals,
        "chosen": chosen,
        "form": form,
        "sizes": sizes,
        "body_notes": body_notes(document),
        "usb_key": settings.YICHUAN_USBKEY_URL,
        **(_placing(document, chosen, suggested, given) if chosen else {}),
    }
    return render(request, "compose/seal.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, document: Document, form: SealForm) -> HttpResponse:
    """Seal in the device, or ask the custodians to open the seal for these places."""
    actor, seal_id, places = actor_of(request), form.cleaned_data["seal"], form.wanted()
    if "ask" in request.POST:
        ask_to_seal(actor=actor, document_id=document.pk, seal_id=seal_id, places=places)
        return redirect(f"{reverse('compose:seal', args=[document.pk])}?seal={seal_id}")
    seal_document(actor=actor, document_id=document.pk, seal_id=seal_id, places=places, computer=computer_of(request))
    return redirect("compose:show", document.pk)


def _chosen(seals: list[Seal], wanted: str) -> Seal | None:
    """The seal that was asked for, or the first that is not suspended."""
    named = [each for each in seals if str(each.pk) == wanted]
    return next(iter(named + [each for each in seals if each.suspended_at is None] + seals), None)


def _initial(document: Document, chosen: Seal | None, suggested: list[Place]) -> dict[str, Any]:
    """Where the document asks for the seal's centre; the lower right of the last page where nothing tells."""
    place = suggested[0] if suggested else Place(document.pages - 1, *BESIDE_MM)
    seal_id = str(chosen.pk) if chosen else ""
    return {"seal": seal_id, "page": place.page_index + 1, "x": place.x_mm, "y": place.y_mm}


def _placing(document: Document, chosen: Seal, suggested: list[Place], given: list[Place]) -> dict[str, Any]:
    """What the script of the placement page is told, and how far an opening stands."""
    standing = opening_of(document, chosen)
    fixed = [] if standing.stale else standing.places
    width, height = size_of(chosen)
    return {
        "standing": standing,
        "fixed": fixed,
        "placing": {
            "places": [place.to_json() for place in fixed or given],
            "suggested": [place.to_json() for place in suggested],
            "fixed": bool(fixed),
            "width": width,
            "height": height,
            "name": chosen.name,
            "picture": reverse("compose:seal_picture", args=[document.pk, chosen.pk]),
            "certificate": base64.b64encode(bytes(chosen.certificate)).decode("ascii"),
        },
    }


@requires(ComposePermission.SEAL)
@require_GET
def picture(request: HttpRequest, document_id: uuid.UUID, seal_id: uuid.UUID) -> HttpResponse:
    """The imprint of a seal of a unit that signs the document."""
    document = own(actor_of(request), document_id, ComposePermission.SEAL)
    units = [document.unit_id, *document.joint_seals.values_list("unit_id", flat=True)]
    found = Seal.objects.filter(pk=seal_id, unit_id__in=units).first()
    if found is None:
        raise NotFound("no_seal", "没有这枚印章，请回到盖章页面重新选择。")
    return svg(picture_svg(found))


@requires(ComposePermission.SEAL)
@posted("compose:seal")
@answers_json
def prepare(request: HttpRequest, said: Said, document_id: uuid.UUID) -> dict[str, Any]:
    """What the carrier shall sign, with what it is, for the person and the script to compare."""
    own(actor_of(request), document_id, ComposePermission.SEAL)
    made = prepare_on_carrier(
        actor=actor_of(request),
        document_id=document_id,
        seal_id=said.id("seal"),
        places=_places(said),
        session=_session(request),
        computer=computer_of(request),
    )
    message = base64.b64encode(made.message).decode("ascii")
    return {"use": str(made.use.pk), "message": message, "shown": made.shown}


@requires(ComposePermission.SEAL)
@posted("compose:seal")
@answers_json
def finish(request: HttpRequest, said: Said, document_id: uuid.UUID) -> dict[str, Any]:
    """The carrier's answer; where to go now, or what is wrong."""
    own(actor_of(request), document_id, ComposePermission.SEAL)
    document = finish_on_carrier(
        actor=actor_of(request),
        use_id=said.id("use"),
        certificate=said.certificate("certificate"),
        signature=said.signature("signature"),
        session=_session(request),
    )
    return {"to": reverse("compose:show", args=[document.pk])}


@requires(ComposePermission.SEAL)
@posted("compose:seal")
@answers_json
def give_up(request: HttpRequest, said: Said, document_id: uuid.UUID) -> dict[str, Any]:
    """The carrier did not sign: on record, and the use is free again."""
    own(actor_of(request), document_id, ComposePermission.SEAL)
    reason = said.text("reason", LONGEST_REASON)
    give_up_use(actor=actor_of(request), use_id=said.id("use"), session=_session(request), reason=reason)
    return {}


def _places(said: Said) -> list[Place]:
    try:
        return listed(said.text("places", 8000))
    except forms.ValidationError as error:
        raise Invalid({"places": error.messages[0]}) from error


def _session(request: HttpRequest) -> str:
    return str(request.session.get(KEY, ""))


def computer_of(request: HttpRequest) -> str:
    """The registered device that this browser is bound to; empty where it is none."""
    found = device_of(request)
    return found.name if found else ""
