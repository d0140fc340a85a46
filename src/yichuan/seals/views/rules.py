"""印章管理使用办法 (J-26): a unit's own, shown to its custodians; the supervising office sees who has filed none."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.seals.forms_applications import RulesForm
from yichuan.seals.models import SealRules
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_applications import hats
from yichuan.seals.selectors_rules import editions, newest_rules, units_with_rules
from yichuan.seals.services.file_rules import file_rules
from yichuan.web.requests import actor_of, unit_of

PER_PAGE = 14


@requires(SealsPermission.SEE)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The own unit's rules, the newest edition."""
    unit = unit_of(request)
    return _page(request, newest_rules(unit.pk))


@requires(SealsPermission.SEE)
@require_GET
def edition(request: HttpRequest, rules_id: uuid.UUID) -> HttpResponse:
    """One edition, of the own unit; of any unit for the supervising office."""
    worn = hats(actor_of(request))
    found = SealRules.objects.select_related("unit", "filed_by").filter(pk=rules_id).first()
    if found is None or not (worn.supervises or found.unit_id in worn.sees):
        raise NotFound("no_rules", "没有这份办法，或者不是你单位的。")
    return _page(request, found)


def _page(request: HttpRequest, rules: SealRules | None) -> HttpResponse:
    unit = rules.unit if rules else unit_of(request)
    context = {
        "rules": rules,
        "unit": unit,
        "editions": editions(unit.pk)[:20],
        "supervises": hats(actor_of(request)).supervises,
        "may_edit": actor_of(request).has_perm(SealsPermission.SET_RULES, unit),
    }
    return render(request, "seals/rules.html", context)


@requires(SealsPermission.SET_RULES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """A new edition, beginning from the last."""
    unit = unit_of(request)
    last = newest_rules(unit.pk)
    initial = {"title": last.title if last else f"{unit.name}电子印章管理使用办法", "text": last.text if last else ""}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            file_rules(actor=actor_of(request), unit=unit, **form.cleaned_data)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            form.show(refusal)
        else:
            return redirect("seals:rules")
    context = {"form": form, "unit": unit, "last": last}
    return render(request, "seals/rules_edit.html", context, status=422 if form.errors else 200)


@requires(SealsPermission.APPROVE)
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """各单位备案情况: who has filed none, or everybody."""
    missing = request.GET.get("tab") != "all"
    context = {
        "page": Paginator(units_with_rules(missing=missing), PER_PAGE).get_page(request.GET.get("page")),
        "missing": missing,
        "missing_count": units_with_rules(missing=True).count(),
        "all_count": units_with_rules(missing=False).count(),
    }
    return render(request, "seals/rules_units.html", context)
