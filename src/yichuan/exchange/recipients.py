"""What the recipients' picker offers: a small centre's units at once, a large one's as they are asked for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse

from yichuan.org.batches import batch_name
from yichuan.org.models import Box, Unit
from yichuan.org.selectors import address_book
from yichuan.org.selectors.contacts import units_like

AT_ONCE = 500
"""Up to so many units stand in the page itself; with more the picker asks the server."""
FOUND = 50


def picker_data(sender: Unit, chosen: Iterable[Unit] = ()) -> dict[str, Any]:
    """Batches as groups and units with their pinyin; of a large centre only the units that are chosen already."""
    others = Unit.objects.filter(closed_at=None).exclude(pk=sender.pk)
    counts = list(others.order_by("batch").values_list("batch").annotate(n=Count("pk")))
    groups = [
        {"value": f"batch:{batch}", "text": batch_name(batch), "size": number, "members": []}
        for batch, number in counts
    ]
    if sum(number for _, number in counts) > AT_ONCE:
        return {"groups": groups, "units": options(chosen), "search": reverse("exchange:find_recipients")}
    units = [unit for unit in address_book() if unit.pk != sender.pk]
    for group, (batch, _) in zip(groups, counts, strict=True):
        group["members"] = [str(unit.pk) for unit in units if unit.batch == batch]
    return {"groups": groups, "units": options(units)}


def find(text: str, sender: Unit) -> list[dict[str, Any]]:
    """The units, each with its offices that have a box, whose names or pinyin match; as many as a list shows."""
    return options(units_like(text).exclude(pk=sender.pk)[:FOUND])


def options(units: Iterable[Unit]) -> list[dict[str, Any]]:
    """The units as the picker takes them, each followed by its offices that have an exchange box."""
    rows = list(units)
    offices: dict[Any, list[Any]] = {}
    boxes = Box.objects.filter(closed_at=None, office__closed_at=None, office__isnull=False)
    if len(rows) <= FOUND:
        boxes = boxes.filter(unit__in=rows)
    for box in boxes.select_related("office").order_by("office__order", "office__name"):
        offices.setdefault(box.unit_id, []).append(box.office)
    found = []
    for unit in rows:
        found.append(_option(unit, str(unit.pk)) | {"in": f"batch:{unit.batch}"})
        for office in offices.get(unit.pk, []):
            found.append(_option(unit, f"office:{office.pk}", office.name))
    return found


def _option(unit: Unit, value: str, office: str = "") -> dict[str, Any]:
    return {
        "value": value,
        "text": f"{unit.short_name}{office}",
        "full": f"{unit.name}{office}",
        "pinyin": f"{unit.pinyin} {unit.initials}",
        "group": batch_name(unit.batch),
        "paper": False,
    }
