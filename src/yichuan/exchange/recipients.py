"""What the recipients' picker offers (D2): units, their offices, batches, the documents' own collective names, and the
unit's groups. A small centre's units stand in the page, a large one's come as they are asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from yichuan.common import profile
from yichuan.exchange.models import GroupMember, RecipientGroup
from yichuan.org.batches import batch_name
from yichuan.org.models import Box, Office, Unit
from yichuan.org.selectors.contacts import units_like

AT_ONCE = 500
"""Up to so many units stand in the page itself; with more the picker asks the server."""
FOUND = 50
LISTED = 200
"""So many units of one group a large centre's tree takes at a time."""
GOVERNMENTS, DEPARTMENTS = "names:governments", "names:departments"
GOVERNMENT_RANKS = ("government", "county")


def others(sender_id: uuid.UUID) -> QuerySet[Unit]:
    """Every open unit but the sender, in the order of the address book."""
    return Unit.objects.filter(closed_at=None).exclude(pk=sender_id).order_by("order")


def members_of(value: str, sender_id: uuid.UUID) -> QuerySet[Unit] | None:
    """The units that a batch or a collective name stands for; None where the value is neither."""
    if value in (GOVERNMENTS, DEPARTMENTS):
        named = Q(rank__in=GOVERNMENT_RANKS)
        return others(sender_id).filter(named if value == GOVERNMENTS else ~named)
    number = value.removeprefix("batch:")
    if value != number and number.isdecimal() and len(number) < 5:
        return others(sender_id).filter(batch=int(number))
    return None


def picker_data(sender: Unit, chosen: Iterable[Unit] = ()) -> dict[str, Any]:
    """Groups, and units with their offices and their pinyin; of a large centre only those that are chosen already.

    A unit says which groups it is `in`. Of a large centre `cells` say how many units each batch has in common with
    each collective name, so that what is chosen can be counted without knowing every unit.
    """
    rules = profile.current().exchange
    cells: dict[tuple[str, str], int] = {}
    for batch, rank, number in others(sender.pk).order_by().values_list("batch", "rank").annotate(Count("pk")):
        cell = (f"batch:{batch}", _collective(rank))
        cells[cell] = cells.get(cell, 0) + number
    groups = [
        _group(value, text, "公文上的统称", sum(n for (_, name), n in cells.items() if name == value))
        for value, text in ((GOVERNMENTS, rules.governments), (DEPARTMENTS, rules.departments))
    ]
    members = own_members(sender.pk)
    own = RecipientGroup.objects.filter(unit=sender)
    groups += [_group(f"own:{row.pk}", row.name, "本单位的分组", len(members.get(row.pk, ()))) for row in own]
    for value in sorted({batch for batch, _ in cells}, key=lambda each: int(each[6:])):
        size = sum(n for (batch, _), n in cells.items() if batch == value)
        groups.append(_group(value, batch_name(int(value[6:])), "批次", size))
    data: dict[str, Any] = {"groups": [group for group in groups if group["size"]]}
    if sum(cells.values()) > AT_ONCE:
        known = {member.unit_id for rows in members.values() for member in rows} | {unit.pk for unit in chosen}
        data["units"] = options(others(sender.pk).filter(pk__in=known), members)
        data["cells"] = [[batch, name, number] for (batch, name), number in cells.items()]
        data["search"] = reverse("exchange:find_recipients")
    else:
        data["units"] = options(others(sender.pk), members)
    return data


def own_members(sender_id: uuid.UUID) -> dict[uuid.UUID, list[GroupMember]]:
    """The members of each of the unit's own groups."""
    found: dict[uuid.UUID, list[GroupMember]] = {}
    for member in GroupMember.objects.filter(group__unit=sender_id):
        found.setdefault(member.group_id, []).append(member)
    return found


def find(text: str, sender: Unit) -> list[dict[str, Any]]:
    """The units with their offices whose names or pinyin match, and offices by their own name; as many as a list
    shows."""
    members = own_members(sender.pk)
    found = options(units_like(text).exclude(pk=sender.pk)[:FOUND], members)
    seen = {each["value"] for each in found}
    named = Box.objects.filter(_addressable(), office__name__contains=text).exclude(unit=sender)
    for box in named.select_related("office__unit").order_by("unit__order")[: FOUND if text else 0]:
        if box.office is not None and f"office:{box.office_id}" not in seen:
            found.append(_option(box.office.unit, f"office:{box.office_id}", _homes(members), box.office))
    return found


def listed(value: str, sender: Unit, start: int) -> dict[str, Any]:
    """Some units of one group, from `start` on, for the tree of a large centre; `more` says how many come after."""
    units = members_of(value, sender.pk)
    if units is None:
        return {"units": [], "more": 0}
    more = max(units.count() - start - LISTED, 0)
    return {"units": options(units[start : start + LISTED], own_members(sender.pk)), "more": more}


def options(units: Iterable[Unit], members: dict[uuid.UUID, list[GroupMember]]) -> list[dict[str, Any]]:
    """The units as the picker takes them, each followed by its offices that others may send to."""
    rows, homes = list(units), _homes(members)
    offices: dict[uuid.UUID, list[Office]] = {}
    boxes = Box.objects.filter(_addressable())
    if len(rows) <= LISTED:
        boxes = boxes.filter(unit__in=rows)
    for box in boxes.select_related("office").order_by("office__order", "office__name"):
        if box.office is not None:
            offices.setdefault(box.unit_id, []).append(box.office)
    found = []
    for unit in rows:
        found.append(_option(unit, str(unit.pk), homes))
        found += [_option(unit, f"office:{each.pk}", homes, each) for each in offices.get(unit.pk, [])]
    return found


def _addressable() -> Q:
    return Q(closed_at=None, office__isnull=False, office__closed_at=None, addressable=True)


def _homes(members: dict[uuid.UUID, list[GroupMember]]) -> dict[uuid.UUID, list[str]]:
    homes: dict[uuid.UUID, list[str]] = {}
    for group_id, rows in members.items():
        for member in rows:
            homes.setdefault(member.place, []).append(f"own:{group_id}")
    return homes


def _collective(rank: str) -> str:
    return GOVERNMENTS if rank in GOVERNMENT_RANKS else DEPARTMENTS


def _group(value: str, text: str, kind: str, size: int) -> dict[str, Any]:
    return {"value": value, "text": text, "kind": kind, "size": size}


def _option(unit: Unit, value: str, homes: dict[uuid.UUID, list[str]], office: Office | None = None) -> dict[str, Any]:
    batch = f"batch:{unit.batch}"
    named = office.name if office else ""
    return {
        "value": value,
        "text": f"{unit.short_name}{named}",
        "full": f"{unit.name}{named}",
        "pinyin": f"{unit.pinyin} {unit.initials}",
        "group": batch_name(unit.batch),
        "batch": batch,
        "of": str(unit.pk) if office else "",
        "in": [*([] if office else [batch, _collective(unit.rank)]), *homes.get(office.pk if office else unit.pk, [])],
    }
