"""制章会签: the list, the session's page, and what asks for itself every two seconds (J-23)."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import NotFound
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.seals.ceremony import DONE_BY, GRACE, LASTS, PROOF_LASTS, TITLES, canonical, check_code, rows_of
from yichuan.seals.kinds import Carrier, CeremonyState, Matter, Party
from yichuan.seals.models import Ceremony
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_ceremonies import Place, ceremonies_of, places_of, visible_ceremony
from yichuan.seals.services.ceremony_abort import abort as abort_ceremony
from yichuan.seals.services.ceremony_open import open_ceremony as open_for_application
from yichuan.seals.services.ceremony_presence import GONE, parties_open_to
from yichuan.web.requests import actor_of, file, no_store, posted, svg

PER_PAGE = 14


@requires(SealsPermission.SEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """制章会签: the newest first."""
    page = Paginator(ceremonies_of(actor_of(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "seals/ceremonies.html", {"page": page})


@requires(SealsPermission.MAKE)
@posted("seals:ceremonies", keep=0)
def open_ceremony(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """开始会签."""
    return redirect("seals:ceremony", open_for_application(actor=actor_of(request), application_id=application_id).pk)


@requires(SIGNED_IN)
@require_GET
def show(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """The session as this person sees it."""
    ceremony = visible_to_them(request, ceremony_id)
    context = _live(request, ceremony) | {
        "title": TITLES[Matter(ceremony.request["matter"])],
        "rows": rows_of(ceremony.request),
        "code": check_code(ceremony.digest),
        "request_text": canonical(ceremony.request),
        "usb_key": settings.YICHUAN_USBKEY_URL,
        "imprint": ceremony.application.imprint,
    }
    return no_store(render(request, "seals/ceremony.html", context))


@requires(SIGNED_IN)
@require_GET
def live(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """What changes: the three places and what is to be done next. Empty (204) while it is as the page has it."""
    ceremony = visible_to_them(request, ceremony_id)
    context = _live(request, ceremony)
    if request.GET.get("seen") == context["version"]:
        return no_store(HttpResponse(status=204))
    return no_store(render(request, "seals/parts/ceremony_live.html", context))


def visible_to_them(request: HttpRequest, ceremony_id: uuid.UUID) -> Ceremony:
    """The session, for one who may see it; for others there is none."""
    found = visible_ceremony(actor_of(request), ceremony_id)
    if found is None:
        raise NotFound("no_ceremony", GONE)
    return found


def _live(request: HttpRequest, ceremony: Ceremony) -> dict[str, Any]:
    """The context of the living part; `version` tells one look of it from another."""
    actor, now = actor_of(request), clock.now()
    places = places_of(ceremony, now, PROOF_LASTS + GRACE)
    mine = next((each for each in places if each.row is not None and each.row.account_id == actor.pk), None)
    may = parties_open_to(actor, ceremony) if ceremony.ended_at is None else ()
    taken = [each.party for each in places if each.row is not None]
    over = ceremony.ended_at is None and (
        ceremony.expires_at < now or any(each.row is not None and not each.here for each in places)
    )
    context: dict[str, Any] = {
        "ceremony": ceremony,
        "places": places,
        "mine": mine,
        "may": () if mine else tuple(each for each in may if each not in taken),
        "involved": bool(may),
        "over": over,
        "missing": _missing(ceremony, places),
        "step": _step(ceremony, places),
        "verb": DONE_BY[Matter(ceremony.request["matter"])],
        "carried": ceremony.request["carrier"] != Carrier.DEVICE,
        "destroys": ceremony.request["matter"] == Matter.DESTROY,
        "by_usb": ceremony.request["carrier"] == Carrier.USB,
        "lasts_seconds": int(LASTS.total_seconds()),
        "unit_party": Party.UNIT,
    }
    drawn = render_to_string("seals/parts/ceremony_live.html", context | {"version": ""})
    context["version"] = hashlib.sha256(drawn.encode()).hexdigest()[:16]
    return context


def _missing(ceremony: Ceremony, places: list[Place]) -> list[str]:
    """Who has not done yet what comes next, in words."""

    def waits(place: Place) -> bool:
        if place.row is None or ceremony.state == CeremonyState.MINUTES:
            return place.row is None or place.row.signed_at is None
        return place.row.agreed_at is None

    first = [each for each in places if each.row is None]
    return [f"{each.title} {each.who}" for each in (first or [each for each in places if waits(each)])]


def _step(ceremony: Ceremony, places: list[Place]) -> int:
    """1 approved, 2 coming, 3 agreeing, 4 making and signing, 5 done."""
    if ceremony.state == CeremonyState.DONE:
        return 5
    if ceremony.state != CeremonyState.GATHERING:
        return 4
    if any(each.row is None for each in places):
        return 2
    return 3 if any(each.row is None or each.row.agreed_at is None for each in places) else 4


@requires(SIGNED_IN)
@posted("seals:ceremony")
def abort(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """中止会签."""
    abort_ceremony(actor=actor_of(request), ceremony_id=ceremony_id)
    return redirect("seals:ceremony", ceremony_id)


@requires(SIGNED_IN)
@require_GET
def imprint(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """The imprint that the seal is to bear."""
    found = visible_to_them(request, ceremony_id).application.imprint
    if found is None:
        raise NotFound("no_imprint", "这次会签没有印模。")
    return svg(found.svg)


@requires(SIGNED_IN)
@require_GET
def minutes(request: HttpRequest, ceremony_id: uuid.UUID) -> HttpResponse:
    """下载会签纪要."""
    ceremony = visible_to_them(request, ceremony_id)
    if not ceremony.minutes:
        raise NotFound("no_minutes", "这次会签还没有纪要。")
    return file(bytes(ceremony.minutes), name=f"会签纪要-{ceremony.number}.ofd", media_type="application/ofd")
