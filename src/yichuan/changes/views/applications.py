"""申请: the list by what waits for me, beginning one, and writing down a paper letter."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.changes.forms import FORMS, KINDS, PaperUnitForm, UnitField
from yichuan.changes.models import Application
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.selectors import hats, listed, waiting_for
from yichuan.changes.services.begin import begin
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.org.models import Unit
from yichuan.org.selectors.contacts import units_like
from yichuan.web.requests import actor_of, searched, unit_of

PER_PAGE = 14
MOST_OFFERED = 50
TABS = (("mine", "等我办理"), ("open", "在办"), ("ended", "已结束"), ("all", "全部"))
ABOUT = {
    "rename": "单位改了名称。旧章交回，新名称另制印章。（第十条第一款）",
    "deregister": "单位被撤销。名称移出通讯录，公文按你单位定的办法处理。（第十条第二款）",
    "merge_into": "几个单位合并，沿用其中一个的名称。（第十条第三款）",
    "merge_new": "几个单位合并，使用新的名称。（第十条第三款）",
    "add_name": "对外多挂一块牌子，可以另外申请印章。（第九条）",
    "drop_name": "摘掉一块增挂的牌子。（第九条）",
}


@requires(ChangesPermission.SEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """单位申请: what waits for this person first."""
    worn = hats(actor_of(request))
    given, search = request.GET.get("tab", ""), searched(request, "search")
    tab = given if given in dict(TABS) else "mine"
    page = Paginator(listed(worn, tab, search), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tab": tab,
        "tabs": [{"key": key, "label": label, "count": listed(worn, key).count()} for key, label in TABS],
        "search": search,
        "worn": worn,
        "waiting": waiting_for(worn).count(),
    }
    return render(request, "changes/list.html", context)


@requires(ChangesPermission.APPLY)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """提出申请: which kind."""
    kinds = [{"kind": kind, "label": KINDS[kind], "about": about} for kind, about in ABOUT.items()]
    return render(request, "changes/choose.html", {"kinds": kinds, "unit": unit_of(request)})


@requires(ChangesPermission.APPLY)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind's form, for the own unit."""
    if kind not in ABOUT:
        raise NotFound("no_kind", "没有这种申请。请从申请列表里选择。")
    return _form_page(request, kind, unit_of(request), paper=False)


@requires(ChangesPermission.ACCEPT)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """代录纸质来函: which kind, from which unit."""
    form = PaperUnitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kind, unit = form.cleaned_data["kind"], form.cleaned_data["unit"]
        if (kind == Application.Kind.JOIN) == (not unit):
            query = f"?unit={unit}" if unit else ""
            return redirect(reverse("changes:enter_kind", args=[kind]) + query)
        form.add_error("unit", "加入申请不用选单位；其他申请请写来函单位。")
    return render(request, "changes/enter.html", {"form": form}, status=422 if form.errors else 200)


@requires(ChangesPermission.ACCEPT)
@require_http_methods(["GET", "POST"])
def enter_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """代录: the form of the kind, for the unit that sent the letter."""
    if kind not in FORMS:
        raise NotFound("no_kind", "没有这种申请。请从申请列表里选择。")
    return _form_page(request, kind, _letters_unit(request, kind), paper=True)


def _letters_unit(request: HttpRequest, kind: str) -> Unit | None:
    if kind == Application.Kind.JOIN:
        return None
    try:
        found = Unit.objects.filter(pk=uuid.UUID(request.GET.get("unit", "")), closed_at=None).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("no_unit", "来函单位不在通讯录里，请重新选择。")
    return found


def _form_page(request: HttpRequest, kind: str, unit: Unit | None, *, paper: bool) -> HttpResponse:
    form = FORMS[kind](request.POST if request.method == "POST" else None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin(actor=actor_of(request), unit=unit, content=form.to_content(), paper=paper)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            form.show(refusal)
        else:
            return redirect("changes:show", made.pk)
    context: dict[str, Any] = {"form": form, "kind": kind, "title": KINDS[kind], "unit": unit, "paper": paper}
    context["units"] = open_names() if kind in ("deregister", "merge_into", "merge_new") else []
    return render(request, "changes/edit.html", context, status=422 if form.errors else 200)


def open_names() -> list[str]:
    """Names to choose from before one types."""
    return list(Unit.objects.filter(closed_at=None).order_by("order").values_list("short_name", flat=True)[:500])


@requires(ChangesPermission.SEE)
@require_GET
def unit_names(request: HttpRequest) -> HttpResponse:
    """Names to choose from while one types: those that match, in a centre of any size."""
    text = next((searched(request, name) for name in UnitField.NAMES if name in request.GET), "")
    names = units_like(text).values_list("short_name", flat=True)[:MOST_OFFERED]
    return render(request, "changes/parts/unit_options.html", {"units": names})
