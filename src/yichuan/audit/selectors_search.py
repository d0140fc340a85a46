"""Searching the log: by who, which unit, about what, which acts, when, at which place, and by all of them together.

Whatever is asked leads through one index in the order of time, in one statement also where it stands for many keys, as
a room does for its acts; entries are read until a page is full. What is asked beside it is looked for among the newest
`SCANNED` entries of that index, and the page says how far it looked.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from yichuan.audit.labels import LABELS
from yichuan.audit.models import Entry, Leaf
from yichuan.audit.unreadable import Unreadable, entries_of

A_PAGE = 50
SCANNED = 10_000
AT_ONCE = 500
MOST_ABOUT = 100_000
"""Entries about one document: none has as many; more are not read."""


class Place(NamedTuple):
    """A place in the order of time: what is older than it comes next."""

    at: datetime
    number: int


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None: not narrowed by it. `begin` up to `end` (exclusive); `actors` may hold None for the
    centre itself; `place`: the index in the log, from 0."""

    begin: datetime | None = None
    end: datetime | None = None
    actors: tuple[uuid.UUID | None, ...] | None = None
    units: tuple[uuid.UUID, ...] | None = None
    about: tuple[uuid.UUID, ...] | None = None
    verbs: tuple[str, ...] | None = None
    place: int | None = None


@dataclass(frozen=True)
class Found:
    """A page of entries, the newest first. `older`: where the next page begins; `looked_to`: not all was looked
    through, only what is not older than this."""

    entries: list[Entry | Unreadable]
    older: Place | None = None
    looked_to: datetime | None = None


def verbs_of(act: str) -> tuple[str, ...] | None:
    """The verbs that an act of the lists, or a room of them, stands for."""
    if not act:
        return None
    return (act,) if "." in act else tuple(verb for verb in LABELS if verb.startswith(f"{act}."))


def found(wanted: Wanted, older: Place | None = None, most: int = A_PAGE) -> Found:
    """One page of what is wanted, at most `most` entries."""
    leads, rest = _leads(wanted)
    leads = [_older(_between(lead, wanted), older) for lead in leads]
    looked_to = None
    if (wanted.about is None or len(wanted.about) == 1) and wanted.place is None:
        looked_to = _bound(leads) if rest else None
        if looked_to is not None:
            rest &= Q(at__gte=looked_to)
        numbers = _newest([lead.filter(rest).order_by("-at", "-pk")[: most + 1] for lead in leads], most + 1)
    else:  # few, and in no index's order
        numbers = _newest([lead.filter(rest).order_by()[:MOST_ABOUT] for lead in leads], most + 1)
    entries = entries_of(numbers)
    return _page([entries[number] for number in numbers if number in entries], looked_to, most)


def place_of(entries: list[Entry | Unreadable]) -> dict[int, int]:
    """The index in the log of each entry that is in it already, by the entry's number."""
    return dict(Leaf.objects.filter(entry_id__in=[each.pk for each in entries]).values_list("entry_id", "index"))


def _page(entries: list[Entry | Unreadable], looked_to: datetime | None, most: int) -> Found:
    shown = entries[:most]
    if len(entries) > most:
        return Found(shown, next((Place(each.at, each.pk) for each in reversed(shown) if each.at), None))
    return Found(shown, Place(looked_to, 0) if looked_to else None, looked_to)


def _leads(wanted: Wanted) -> tuple[list[QuerySet[Entry]], Q]:
    """What is read through an index, key by key, and the conditions that are left."""
    every = Entry.objects.all()
    conditions = {
        "subject_id": wanted.about,
        "actor_id": wanted.actors,
        "unit_id": wanted.units,
        "verb": wanted.verbs,
    }
    asked = {column: keys for column, keys in conditions.items() if keys is not None}
    if wanted.place is not None:
        return [every.filter(pk__in=Leaf.objects.filter(index=wanted.place).values("entry_id"))], _all(asked)
    if not asked:
        return [every], Q()
    column, keys = next(iter(asked.items()))
    del asked[column]
    if column == "subject_id" and len(keys) > 1:
        return [every.filter(subject_id__in=keys[at : at + AT_ONCE]) for at in range(0, len(keys), AT_ONCE)], _all(
            asked
        )
    return [every.filter(**{column: key} if key is not None else {f"{column}__isnull": True}) for key in keys], _all(
        asked
    )


def _all(asked: Mapping[str, tuple[object, ...]]) -> Q:
    rest = Q()
    for column, keys in asked.items():
        known = [key for key in keys if key is not None]
        rest &= Q(**{f"{column}__in": known}) | (Q(**{f"{column}__isnull": True}) if None in keys else Q())
    return rest


def _between(rows: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    if wanted.begin:
        rows = rows.filter(at__gte=wanted.begin)
    return rows.filter(at__lt=wanted.end) if wanted.end else rows


def _older(rows: QuerySet[Entry], place: Place | None) -> QuerySet[Entry]:
    if place is None:
        return rows
    return rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.number), at__lte=place.at)


def _bound(leads: Sequence[QuerySet[Entry]]) -> datetime | None:
    """The time of the last entry that is looked at; None where there are not so many. Every lead has an equal share."""
    last = SCANNED // max(len(leads), 1)
    numbers = _newest([lead.order_by("-at", "-pk")[last : last + 1] for lead in leads], 1)
    return next((entry.at for entry in entries_of(numbers).values()), None)


def _newest(leads: Sequence[QuerySet[Entry]], most: int) -> list[int]:
    """The numbers of the newest of all leads, the newest first, in one statement. Each lead has its order and its end:
    the database reads no more of it, through its own index."""
    parts: list[str] = []
    values: list[Any] = []
    for number, lead in enumerate(leads):
        try:
            sql, given = lead.values_list("at", "id").query.sql_with_params()
        except EmptyResultSet:  # nothing can be so
            continue
        parts.append(f"SELECT * FROM ({sql}) AS lead_{number}")  # noqa: S608 - Django's own SQL, values apart
        values += given
    if not parts:
        return []
    every = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ({every}) AS leads ORDER BY at DESC, id DESC LIMIT {most:d}", values)  # noqa: S608
        return [number for (number,) in cursor.fetchall()]
