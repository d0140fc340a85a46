"""Reading batches and imports: how many units and rows stand where."""

import uuid
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet

from yichuan.audit.models import Entry
from yichuan.audit.unreadable import Unreadable, in_order
from yichuan.changes.models import Batch, Import, ImportRow, Imprint, PlannedUnit
from yichuan.org.models import Unit

COURSE = (
    "changes.plan_batch",
    "changes.edit_batch",
    "changes.approve_batch",
    "changes.batch_list_changed",
    "changes.register_units",
)
State = ImportRow.State


def batches_with_counts() -> list[dict[str, Any]]:
    """Every batch with how many units are on its list and how many have joined."""
    joined = dict(Unit.objects.filter(closed_at=None).values_list("batch").annotate(number=Count("pk")).order_by())
    open_ones = PlannedUnit.objects.filter(unit=None)
    planned = dict(open_ones.values_list("batch").annotate(number=Count("pk")).order_by())
    return [
        {"batch": batch, "joined": joined.get(batch.pk, 0), "planned": planned.get(batch.pk, 0)}
        for batch in Batch.objects.all()
    ]


def course_of(batch: Batch) -> list[Entry | Unreadable]:
    """What was done with a batch's plan, the last first. An entry that cannot be read stands with every batch, since
    nobody knows whose it was."""
    every = in_order(Entry.objects.filter(verb__in=COURSE).order_by("-at", "-pk"))
    its = (each for each in every if isinstance(each, Unreadable) or each.detail.get("batch") == batch.pk)
    return list(islice(its, 20))


def imports_of(batch: Batch) -> QuerySet[Import]:
    """The imports of a batch, the last first, each with its rows counted."""
    counts = {state.value: Count("rows", filter=Q(rows__state=state)) for state in State}
    return batch.imports.select_related("taken_by").annotate(all_rows=Count("rows"), **counts).order_by("-taken_at")


def row_counts(source: Import) -> dict[str, int]:
    """How many rows of an import are in each state."""
    found = dict(source.rows.values_list("state").annotate(number=Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in State}


def slips_of(source: Import) -> list[dict[str, Any]]:
    """Units whose imported people still want a first password: how many, and how many have a slip already."""
    people = source.rows.filter(
        account__is_active=True, account__last_login=None, account__must_change_password=True, unit__isnull=False
    )
    counted = people.values("unit", "unit__short_name").annotate(number=Count("pk"), printed=Count("slip_at"))
    return [dict(each) for each in counted.order_by("unit__order")]


def imprints_of(batch: Batch) -> QuerySet[Imprint]:
    """The present imprints of a batch's units."""
    present = Imprint.objects.filter(unit__batch=batch.pk, unit__closed_at=None, replaced_at=None)
    return present.select_related("unit", "source").order_by("unit__order", "unit__pk")


def imprint(imprint_id: uuid.UUID) -> Imprint | None:
    """One imprint."""
    return Imprint.objects.select_related("source", "unit").filter(pk=imprint_id).first()
