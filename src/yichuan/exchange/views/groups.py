"""收件单位分组: the unit's own groups of recipients (D2)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.exchange.forms import ROLES, UNKNOWN, Chosen, Place
from yichuan.exchange.models import RecipientGroup
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.recipients import own_members, picker_data
from yichuan.exchange.services.groups import delete_group, move_group, save_group
from yichuan.org.models import Unit
from yichuan.web.requests import actor_of, posted, unit_of

FIELDS = ("name", "members")


@requires(ExchangePermission.CHOOSE_GROUPS)
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """The list, in the order in which the picker offers them."""
    unit = unit_of(request)
    members = own_members(unit.pk)
    units = Unit.objects.in_bulk({row.unit_id for rows in members.values() for row in rows[:FIRST]})
    rows = [
        {
            "group": group,
            "count": len(members.get(group.pk, ())),
            "first": [units[row.unit_id].short_name for row in members.get(group.pk, ())[:FIRST]],
        }
        for group in RecipientGroup.objects.filter(unit=unit).select_related("changed_by")
    ]
    return render(request, "exchange/groups.html", {"rows": rows})


FIRST = 6
"""So many members stand in the list by name."""


@requires(ExchangePermission.CHOOSE_GROUPS)
@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """新建分组."""
    return _edit(request, None)


@requires(ExchangePermission.CHOOSE_GROUPS)
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """修改分组: its name and who belongs to it."""
    found = RecipientGroup.objects.filter(pk=group_id, unit=unit_of(request)).first()
    if found is None:
        raise NotFound("no_group", "没有这个分组，或者已经删去。请回到收件单位分组查看。")
    return _edit(request, found)


def _edit(request: HttpRequest, found: RecipientGroup | None) -> HttpResponse:
    unit = unit_of(request)
    if request.method == "GET":
        values = [f"office:{row.office_id}" if row.office_id else str(row.unit_id) for row in _members(found)]
        return _page(request, unit, found, found.name if found else "", values, {})
    name, values = request.POST.get("name", "")[:200], request.POST.getlist("members")
    try:
        places = _places(values, unit)
        group_id = found.pk if found else None
        save_group(actor=actor_of(request), unit=unit, name=name, places=places, group_id=group_id)
    except Invalid as refusal:
        return _page(request, unit, found, name, values, refusal.errors)
    return redirect("exchange:groups")


def _members(found: RecipientGroup | None) -> list[Any]:
    return list(found.members.all()) if found else []


def _places(values: list[str], unit: Unit) -> list[Place]:
    chosen = Chosen(values, unit)
    places: dict[str, Place] = {}
    for value in values:
        meant = chosen.places(value)
        if meant is None:
            raise Invalid({"members": UNKNOWN})
        places |= meant
    return list(places.values())


def _page(
    request: HttpRequest, unit: Unit, found: RecipientGroup | None, name: str, values: list[str], errors: dict[str, str]
) -> HttpResponse:
    chosen = Chosen(values, unit)
    units = [*chosen.units.values(), *(office.unit for office in chosen.offices.values())]
    context = {
        "group": found,
        "name": name,
        "chosen": values,
        "picker": picker_data(unit, units),
        "errors": errors,
        "field_errors": {field: errors.get(field, "") for field in FIELDS},
    }
    return render(request, "exchange/group.html", context, status=422 if errors else 200)


@requires(ExchangePermission.CHOOSE_GROUPS)
@posted("exchange:groups", keep=0)
def move(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """上移、下移."""
    up = request.POST.get("to") == "up"
    move_group(actor=actor_of(request), unit=unit_of(request), group_id=group_id, up=up)
    return redirect("exchange:groups")


@requires(ExchangePermission.CHOOSE_GROUPS)
@posted("exchange:groups", keep=0)
def delete(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """删除."""
    delete_group(actor=actor_of(request), unit=unit_of(request), group_id=group_id)
    return redirect("exchange:groups")


@requires(ExchangePermission.CHOOSE_GROUPS)
@posted("exchange:groups", keep=0)
def keep(request: HttpRequest) -> HttpResponse:
    """存为分组, from the sending form: what is chosen there becomes a group. The answer is one line of that page."""
    unit = unit_of(request)
    values = [value for role in ROLES for value in request.POST.getlist(role.value)]
    context: dict[str, Any] = {}
    try:
        name = request.POST.get("group_name", "")[:200]
        context["group"] = save_group(actor=actor_of(request), unit=unit, name=name, places=_places(values, unit))
        context["count"] = context["group"].members.count()
    except Refused as refusal:
        context["refusal"] = refusal
    status = 422 if "refusal" in context else 200
    return render(request, "exchange/parts/group_kept.html", context, status=status)
