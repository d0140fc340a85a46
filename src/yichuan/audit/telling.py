"""Entries of the log in a clerk's words, as the pages and the export show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from yichuan.audit.labels import said
from yichuan.audit.models import Entry
from yichuan.audit.objects import objects
from yichuan.audit.particulars import particulars
from yichuan.audit.selectors_search import place_of
from yichuan.audit.unreadable import SAID, Unreadable


@dataclass(frozen=True)
class Line:
    """An entry: its place in the log (from 1; None while it waits), for which unit, what was done, the particulars."""

    entry: Entry | Unreadable
    place: int | None
    unit: str
    text: str
    detail: list[tuple[str, str]]
    readable: bool = True


def lines(entries: Iterable[Entry | Unreadable]) -> list[Line]:
    """These entries, in their order."""
    shown = list(entries)
    places = place_of(shown)
    units = objects().unit_names({each.unit_id for each in shown if isinstance(each, Entry) and each.unit_id})

    def line(entry: Entry | Unreadable) -> Line:
        place = places[entry.pk] + 1 if entry.pk in places else None
        if isinstance(entry, Unreadable):
            return Line(entry, place, "", SAID, [("行号", str(entry.pk))], readable=False)
        unit = units.get(entry.unit_id, "") if entry.unit_id else ""
        return Line(entry, place, unit, said(entry.verb, entry.detail), particulars(entry.detail))

    return [line(each) for each in shown]
