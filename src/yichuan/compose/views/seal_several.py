"""用印: what waits for the unit's seals, and 批量盖章 of several documents with one of them (S8)."""

import base64
import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import to_seal as waiting
from yichuan.compose.services.seal_lines import Line, lines_for, seal_for_several
from yichuan.compose.services.seal_several import Outcome, ask_for_several, seal_several
from yichuan.compose.views.sealing import computer_of
from yichuan.seals.kinds import Carrier, OpeningKind, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.selectors import ledger, seals_in_use
from yichuan.seals.selectors_custody import openings_of_several
from yichuan.seals.services.use_opening import Standing
from yichuan.web.requests import actor_of, unit_of


@requires(ComposePermission.SEAL)
@require_GET
def to_seal(request: HttpRequest) -> HttpResponse:
    """用印: what waits for the custodian, and the ledger of uses (S8)."""
    return _listed(request)


def _listed(request: HttpRequest, refusal: Refused | None = None, results: list[Outcome] | None = None) -> HttpResponse:
    """The list, also after a batch; what was not sealed in it stays ticked."""
    unit = unit_of(request)
    failed = [each for each in results or () if each.why]
    context = {
        "waiting": list(waiting(unit.pk)[:100]),
        "unit": unit,
        "seals": seals_in_use(unit.pk),
        "openings": [{"opening": each, "url": _address_of(each)} for each in openings_of_several(unit.pk)],
        "ledger": ledger(unit.pk, limit=50),
        "refusal": refusal,
        "ticked": {each.document_id for each in failed},
    }
    if results is not None:
        done = [each for each in results if not each.why]
        context["batch"] = {"done": done, "failed": failed, "at": clock.now()}
    return render(request, "compose/to_seal.html", context, status=refusal.status if refusal else 200)


def _address_of(opening: Opening) -> str:
    documents = [each["id"] for each in opening.subject["documents"]]
    asked = urlencode({"seal": opening.seal_id, "document": documents}, doseq=True)
    return f"{reverse('compose:seal_several')}?{asked}"


@requires(ComposePermission.SEAL)
@require_http_methods(["GET", "POST"])
def several(request: HttpRequest) -> HttpResponse:
    """批量盖章: the ticked documents as they are about to be sealed, their opening, and the seal."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            return _act(request)
        except Refused as refusal:
            return _listed(request, refusal)
    try:
        seal = seal_for_several(actor=actor, seal_id=_seal_id(request.GET.get("seal", "")))
        lines = lines_for(actor=actor, seal=seal, document_ids=_ids(request.GET.getlist("document")))
    except Refused as refusal:
        return _listed(request, refusal)
    return render(request, "compose/seal_several.html", _review(seal, lines))


def _act(request: HttpRequest) -> HttpResponse:
    """Seal in the device, or ask the custodians to open the seal for all of these."""
    actor, seal_id = actor_of(request), _seal_id(request.POST.get("seal", ""))
    seen = _seen(request.POST.getlist("seen"))
    if "ask" in request.POST:
        ask_for_several(actor=actor, seal_id=seal_id, seen=seen)
        return redirect(request.get_full_path())
    results = seal_several(actor=actor, seal_id=seal_id, seen=seen, computer=computer_of(request))
    return _listed(request, results=results)


def _review(seal: Seal, lines: list[Line]) -> dict[str, Any]:
    """Each line, and what can be done with them now: asked for, waited for, sealed."""
    asked = {line.standing.opening.pk: line.standing for line in lines if not line.why and line.standing.opening}
    to_ask = [line for line in lines if line.to_ask]
    return {
        "seal": seal,
        "lines": lines,
        "ready": [line for line in lines if line.ready],
        "to_ask": to_ask,
        "too_many": _too_many(seal, len(to_ask)),
        "period": seal.opening_kind == OpeningKind.PERIOD,
        "unfit": [line for line in lines if line.why],
        "standings": sorted(asked.values(), key=_still_asked, reverse=True),
        "certificate": base64.b64encode(bytes(seal.certificate)).decode("ascii"),
        "on_carrier": seal.carrier != Carrier.DEVICE,
        "usb_key": settings.YICHUAN_USBKEY_URL,
    }


def _still_asked(standing: Standing) -> bool:
    return standing.opening is not None and standing.opening.state == OpeningState.ASKED


def _too_many(seal: Seal, count: int) -> str:
    """Why the unit's choice for this seal does not let so many be asked for at once; empty where it does."""
    if count < 2 or (seal.opening_kind == OpeningKind.COUNT and count <= seal.opening_limit):
        return ""
    if seal.opening_kind == OpeningKind.COUNT:
        return f"这枚印章一次最多申请 {seal.opening_limit} 件，现在有 {count} 件。请少勾几件。"
    if seal.opening_kind == OpeningKind.PERIOD:
        return "这枚印章按时间开启。请先申请一段时间，保管人同意以后回到这里批量盖。"
    return "这枚印章每次只为一件公文开启。请逐件打开，申请用印后单独盖。"


def _seal_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid({"seal": "请选择印章。"}) from error


def _ids(ticked: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(each) for each in ticked]
    except ValueError as error:
        raise Invalid({"documents": "页面发来的公文不对，请回到「用印」重新勾选。"}) from error


def _seen(sent: list[str]) -> dict[uuid.UUID, str]:
    """The documents by their id, each with the digests that the page showed: fields `ID:DIGESTS`."""
    pairs = [each.partition(":") for each in sent]
    return dict(zip(_ids([each for each, _, _ in pairs]), (digests for _, _, digests in pairs), strict=True))
