"""印模: drawing by the rules, taking a scan, comparing at true size, approving, the sheet to be signed (S2, J-19)."""

import math
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.labels import course
from yichuan.audit.selectors import history
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.seals.imprint_facts import measured
from yichuan.seals.imprint_forms import DrawForm, ScanForm, TurnForm
from yichuan.seals.imprint_sheet import sheet
from yichuan.seals.models import Imprint
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_imprints import imprints_of, present_names
from yichuan.seals.services import imprint_approve, imprint_draw, imprint_scan
from yichuan.seals.services.imprint_access import may_make, visible
from yichuan.seals.services.imprint_text import rule_for
from yichuan.web.requests import actor_of, file, posted, svg, unit_of

PER_PAGE = 12
CSS_PIXELS_A_MM = 96 / 25.4
USUAL_MM = 42  # most units' seals; a government's own has the size of its rank


@requires(SealsPermission.SEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The unit's imprints."""
    unit = unit_of(request)
    page = Paginator(imprints_of(unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unit": unit, "makes": actor_of(request).has_perm(SealsPermission.APPLY, unit)}
    return render(request, "seals/imprints.html", context)


@requires(SealsPermission.APPLY)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """按规定绘制."""
    unit = unit_of(request)
    names = present_names(unit)
    rules = [(each.name, rule_for(each.name, "")) for each in names]
    first = rules[0][1] if rules else None
    usual = round(first.diameter_mm) if first and first.centre == "emblem" else USUAL_MM
    form = DrawForm(request.POST or None, names=names, initial={"diameter_mm": usual})

    def made() -> Imprint:
        said = form.cleaned_data
        return imprint_draw.draw(actor=actor_of(request), unit=unit, name_id=said.pop("name"), **said)

    return _made(request, form, made, "seals/imprint_new.html", {"rules": rules, "unit": unit})


@requires(SealsPermission.APPLY)
@require_http_methods(["GET", "POST"])
def new_scan(request: HttpRequest) -> HttpResponse:
    """用扫描件制作."""
    unit = unit_of(request)
    if request.method == "POST" and _too_large(request):
        return render(request, "413.html", status=413)
    names = present_names(unit)
    form = ScanForm(request.POST or None, request.FILES or None, names=names, initial={"diameter_mm": USUAL_MM})

    def made() -> Imprint:
        said = form.cleaned_data
        return imprint_scan.take(
            actor=actor_of(request),
            unit=unit,
            unit_name=names.get(pk=said["name"]),
            data=said["scan"].read(),
            diameter_mm=said["diameter_mm"],
            turn=said["turn"] or 0.0,
            bottom_line=said["bottom_line"],
        )

    return _made(request, form, made, "seals/imprint_scan.html", {"unit": unit})


@requires(SealsPermission.SEE)
@require_GET
def show(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """One imprint at true size, beside and over the scan."""
    return _page(request, visible(actor_of(request), imprint_id), TurnForm())


@requires(SealsPermission.APPLY)
@posted("seals:imprint")
def compare(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """上传扫描件比对."""
    found = visible(actor_of(request), imprint_id)
    form = TurnForm(request.POST, request.FILES)
    if _too_large(request):
        return render(request, "413.html", status=413)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        imprint_scan.lay_beside(
            actor=actor_of(request),
            imprint_id=imprint_id,
            data=form.cleaned_data["scan"].read(),
            turn=form.cleaned_data["turn"] or 0.0,
        )
    except Invalid as refusal:
        _say(form, refusal)
        return _page(request, found, form, status=422)
    return redirect("seals:imprint", imprint_id)


@requires(SealsPermission.SIGN_APPLICATION)
@posted("seals:imprint")
def approve(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """批准."""
    imprint_approve.approve(actor=actor_of(request), imprint_id=imprint_id, digest=request.POST.get("digest", "")[:64])
    return redirect("seals:imprint", imprint_id)


@requires(SealsPermission.APPLY)
@posted("seals:imprint")
def drop(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """删去."""
    imprint_approve.drop(actor=actor_of(request), imprint_id=imprint_id)
    return redirect("seals:imprints")


@requires(SealsPermission.SEE)
@require_GET
def picture(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """The imprint's own picture."""
    return svg(visible(actor_of(request), imprint_id).svg)


@requires(SealsPermission.SEE)
@require_GET
def beside(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """What it is compared with: beside a drawn one the scan, beside a scan what the rules would draw."""
    found = visible(actor_of(request), imprint_id)
    if found.source == Imprint.Source.DRAWN:
        if not found.scan:
            raise NotFound("no_scan", "这个印模还没有比对用的扫描件。")
        return file(bytes(found.scan), name="scan.png", media_type="image/png", inline=True)
    return svg(imprint_scan.by_the_rules(found).svg())


@requires(SealsPermission.SEE)
@require_GET
def paper(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """印模单."""
    found = visible(actor_of(request), imprint_id)
    return file(sheet(found), name=f"{found.name}印模单.pdf", media_type="application/pdf", inline=True)


def _page(request: HttpRequest, found: Imprint, form: TurnForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    facts = found.inputs.get("scan") or {}
    makes = found.approved_at is None and may_make(actor, found.unit)
    drawn = found.source == Imprint.Source.DRAWN
    side, other = math.ceil(found.diameter_mm), math.ceil(found.diameter_mm) if drawn else round(found.diameter_mm)
    context: dict[str, Any] = {
        "imprint": found,
        "facts": facts,
        "checks": measured(found),
        "side_mm": side,
        "side_px": round(side * CSS_PIXELS_A_MM),
        "other_mm": other,
        "other_px": round(other * CSS_PIXELS_A_MM),
        "drawn": drawn,
        "has_other": bool(found.scan) if drawn else "difference" in facts,
        "form": form,
        "makes": makes,
        "may_drop": makes and actor.has_perm(SealsPermission.APPLY, found.unit),
        "may_apply": _usable(found) and actor.has_perm(SealsPermission.APPLY, found.unit),
        "may_approve": imprint_approve.may_approve(actor, found),
        "course": course(history([found.pk])),
    }
    return render(request, "seals/imprint.html", context, status=status)


def _usable(found: Imprint) -> bool:
    return found.approved_at is not None and found.unit_name.valid_to is None


def _made(
    request: HttpRequest, form: forms.Form, make: Callable[[], Imprint], template: str, context: dict[str, Any]
) -> HttpResponse:
    """The new imprint's page, or the form with what is wrong beside its fields."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("seals:imprint", make().pk)
        except Refused as refusal:
            _say(form, refusal)
    return render(request, template, context | {"form": form}, status=422 if form.errors else 200)


def _say(form: forms.Form, refusal: Refused) -> None:
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
    for field, message in errors.items():
        form.add_error(field if field in form.fields else None, message)


def _too_large(request: HttpRequest) -> bool:
    _ = request.FILES  # only reading them tells
    return bool(getattr(request, "upload_too_large", False))
