"""Entries of the log in a clerk's words, as the pages and the export show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from yichuan.audit.labels import said
from yichuan.audit.models import Entry
from yichuan.audit.objects import objects
from yichuan.audit.particulars import particulars
from yichuan.audit.selectors_search import place_of


@dataclass(frozen=True)
class Line:
    """An entry: its place in the log (from 1; None while it waits), for which unit, what was done, the particulars."""

    entry: Entry
    place: int | None
    unit: str
    text: str
    detail: list[tuple[str, str]]


def lines(entries: Iterable[Entry]) -> list[Line]:
    """These entries, in their order."""
    shown = list(entries)
    places = place_of(shown)
    units = objects().unit_names({each.unit_id for each in shown if each.unit_id})
    return [
        Line(
            entry,
            places[entry.pk] + 1 if entry.pk in places else None,
            units.get(entry.unit_id, "") if entry.unit_id else "",
            said(entry.verb, entry.detail),
            particulars(entry.detail),
        )
        for entry in shown
    ]
