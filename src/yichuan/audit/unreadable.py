"""Entries as pages read them: one whose row holds what no centre writes is named by its row, and hides no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import DataError, OperationalError
from django.db.models import QuerySet

from yichuan.audit.models import Entry
from yichuan.audit.strange_text import is_strange

T = TypeVar("T")

SAID = "这条记录读不出来"
TOLD = f"{SAID}，请告知系统审计员核验日志"  # to whoever does not read the log itself
_NO_VALUE = (DataError, ValueError, TypeError, AttributeError)  # what Django makes of bytes that are no such value


@dataclass(frozen=True)
class Unreadable:
    """An entry that cannot be shown: its row and, where at least these can be read, its time and its identifier."""

    pk: int
    at: datetime | None
    uid: UUID | None


def entries_of(numbers: Iterable[int]) -> dict[int, Entry | Unreadable]:
    """The entries of these rows, as far as they are there, by their rows."""
    wanted = list(numbers)
    found = _read(lambda: Entry.objects.in_bulk(wanted))
    if found is not None:
        return {number: entry if _is_sound(entry) else _named(number) for number, entry in found.items()}
    if len(wanted) == 1:
        return {wanted[0]: _named(wanted[0])}
    half = len(wanted) // 2  # in which of them is it?
    return entries_of(wanted[:half]) | entries_of(wanted[half:])


def in_order(rows: QuerySet[Entry]) -> list[Entry | Unreadable]:
    """The entries of these rows, in their order: one statement as long as all of them can be read."""
    found = _read(lambda: list(rows))
    if found is not None:
        return [entry if _is_sound(entry) else _named(entry.pk) for entry in found]
    numbers = list(rows.values_list("pk", flat=True))
    each = entries_of(numbers)
    return [each[number] for number in numbers]


def moments(rows: QuerySet[Entry]) -> list[tuple[datetime, UUID]]:
    """When each of these entries was made and what about, in their order. One that cannot be read is left out: who asks
    for moments has no place where it could be named, and `verify_log` names it."""
    found = _read(lambda: list(rows.values_list("at", "subject_id")))
    if found is None:
        each = (Entry.objects.filter(pk=pk).values_list("at", "subject_id") for pk in rows.values_list("pk", flat=True))
        found = [moment for one in each if (moment := _read(one.first)) is not None]
    return [(at, about) for at, about in found if isinstance(at, datetime) and isinstance(about, UUID)]


def _read(read: Callable[[], T]) -> T | None:
    """What it gives; None where it meets what no centre writes."""
    try:
        return read()
    except OperationalError as error:
        if not is_strange(error):
            raise
    except _NO_VALUE:
        pass
    return None


def _is_sound(entry: Entry) -> bool:
    kinds = {"at": datetime, "uid": UUID, "detail": dict, "verb": str, "actor_name": str, "subject_kind": str}
    return all(isinstance(getattr(entry, name), kind) for name, kind in kinds.items())


def _named(number: int) -> Unreadable:
    row = Entry.objects.filter(pk=number)
    at, uid = (_read(row.values_list(name, flat=True).first) for name in ("at", "uid"))
    return Unreadable(number, at if isinstance(at, datetime) else None, uid if isinstance(uid, UUID) else None)
