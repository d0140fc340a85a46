"""The address book as a letter needs it: of each unit its present name and its registry's open box, in one query.

Plain tuples: a letter to a thousand units reads a thousand of each, and asks nothing else of them.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from yichuan.org.models import Unit


class OpenBox(NamedTuple):
    """A box that letters may be put into, as it stood when it was looked up."""

    id: uuid.UUID
    unit_id: uuid.UUID
    office_id: uuid.UUID | None
    generation: int


class BookName(NamedTuple):
    """A name of a unit, by the row that old documents go on pointing at (U3)."""

    id: int
    unit_id: uuid.UUID
    name: str


class BookUnit(NamedTuple):
    """A unit of the address book. A closed one has no box; its successor may."""

    id: uuid.UUID
    short_name: str
    closed_at: datetime | None
    disposal: str
    successor_id: uuid.UUID | None
    box: OpenBox | None
    name: BookName | None


def units_addressed(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, BookUnit]:
    """The units, closed ones too, each with what a letter to it needs."""
    rows = Unit.objects.annotate(
        registry=FilteredRelation("boxes", condition=Q(boxes__office=None, boxes__closed_at=None)),
        present=FilteredRelation("names", condition=Q(names__main=True, names__valid_to=None)),
    ).filter(pk__in=list(unit_ids))
    found = rows.values_list(
        "pk", "short_name", "closed_at", "disposal", "successor_id",
        "registry__pk", "registry__generation", "present__pk", "present__name",
    )  # fmt: skip
    return {
        pk: BookUnit(
            pk, short_name, closed_at, disposal, successor_id,
            None if box is None else OpenBox(box, pk, None, generation),
            None if name is None else BookName(name, pk, said),
        )
        for pk, short_name, closed_at, disposal, successor_id, box, generation, name, said in found
    }  # fmt: skip
