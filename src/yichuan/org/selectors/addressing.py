"""The address book as a letter needs it: of each unit its present name and its registry's open box, in one query.

Plain tuples: a letter to a thousand units reads a thousand of each, and asks nothing else of them.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, FilteredRelation, Q, QuerySet, UUIDField

from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
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
    return {
        pk: BookUnit(
            pk, short_name, closed_at, disposal, successor_id,
            None if box is None else OpenBox(box, pk, None, generation),
            None if name is None else BookName(name, pk, said),
        )
        for pk, short_name, closed_at, disposal, successor_id, box, generation, name, said in _addressed(units=unit_ids)
    }  # fmt: skip


def _addressed_rows(units: Iterable[uuid.UUID]) -> QuerySet[Unit, tuple[Any, ...]]:
    rows = Unit.objects.annotate(
        registry=FilteredRelation("boxes", condition=Q(boxes__office=None, boxes__closed_at=None)),
        present=FilteredRelation("names", condition=Q(names__main=True, names__valid_to=None)),
    )
    return rows.filter(pk__among=units).order_by().values_list(
        "pk", "short_name", "closed_at", "disposal", "successor_id",
        "registry__pk", "registry__generation", "present__pk", "present__name",
    )  # fmt: skip


_addressed = Prepared(_addressed_rows, units=Several(UUIDField()))


class NamedUnit(NamedTuple):
    """What a unit may be named by: whichever it is by its id and code, an open one by its names too."""

    id: uuid.UUID
    code: str
    short_name: str
    name: str
    closed_at: datetime | None


def units_called(words: Iterable[str], ids: Iterable[uuid.UUID]) -> list[NamedUnit]:
    """The units of these ids, or that one of these words names, each once."""
    return [NamedUnit(*row) for row in _called(words=list(words), ids=list(ids))]


def _called_rows(words: Iterable[str], ids: Iterable[uuid.UUID]) -> QuerySet[Unit, tuple[Any, ...]]:
    names = Q(closed_at=None) & (Q(short_name__among=words) | Q(name__among=words))
    rows = Unit.objects.filter(Q(pk__among=ids) | Q(code__among=words) | names).order_by()
    return rows.values_list(*NamedUnit._fields)


_called = Prepared(_called_rows, words=Several(CharField()), ids=Several(UUIDField()))
