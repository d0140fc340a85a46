"""Reading the exchange rules of the day: the calendar's year, and the notices of later times."""

import calendar
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.models import CalendarDay
from yichuan.exchange.models import LateNotice

WEEKDAYS = "一二三四五六日"
ANNOUNCED = 11  # the month in which the State Council tells the next year's days off


@dataclass(frozen=True)
class Box:
    """One day of a month's sheet: `kind` is `off` or `on` where the table names it, `rest` for a weekend."""

    day: date
    kind: str
    name: str


@dataclass
class Span:
    """Days in a row that the table names alike."""

    first: CalendarDay
    last: CalendarDay
    count: int = 1


@dataclass(frozen=True)
class Month:
    """A month's sheet: weeks from Monday on, None where another month's days stand."""

    number: int
    weeks: list[list[Box | None]]
    workdays: int


def days_of(year: int) -> list[CalendarDay]:
    """The days of a year that the table names, in order."""
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def spans_of(named: list[CalendarDay]) -> list[Span]:
    """The days, those put together that follow one another and are named alike."""
    spans: list[Span] = []
    for row in named:
        last = spans[-1].last if spans else None
        if last is not None and row.day - last.day == timedelta(days=1) and _alike(row, last):
            spans[-1].last, spans[-1].count = row, spans[-1].count + 1
        else:
            spans.append(Span(row, row))
    return spans


def _alike(one: CalendarDay, other: CalendarDay) -> bool:
    return (one.working, one.name, one.source) == (other.working, other.name, other.source)


def unfilled_year(today: date) -> int | None:
    """The year that somebody should fill by now: this one, and from November on, when the state has told it, the next.

    None where nothing is missing.
    """
    years = [today.year, today.year + 1] if today.month >= ANNOUNCED else [today.year]
    return next((year for year in years if not CalendarDay.objects.filter(day__year=year).exists()), None)


def months_of(year: int, named: list[CalendarDay]) -> list[Month]:
    """The year's twelve sheets."""
    rows = {row.day: row for row in named}
    return [_month(year, number, rows) for number in range(1, 13)]


def _month(year: int, number: int, rows: dict[date, CalendarDay]) -> Month:
    weeks = [
        [_box(day, rows.get(day)) if day.month == number else None for day in week]
        for week in calendar.Calendar().monthdatescalendar(year, number)
    ]
    boxes = [box for week in weeks for box in week if box is not None]
    return Month(number, weeks, sum(box.kind in ("", "on") for box in boxes))


def _box(day: date, row: CalendarDay | None) -> Box:
    if row is not None:
        return Box(day, "on" if row.working else "off", row.name)
    return Box(day, "" if day.weekday() < 5 else "rest", "")


def late_notices_of(unit_id: uuid.UUID) -> QuerySet[LateNotice]:
    """What a receiver gave, the latest day first."""
    return LateNotice.objects.filter(unit_id=unit_id).select_related("sender", "given_by").order_by("-day", "-given_at")


def late_notices_for(sender_id: uuid.UUID, at: datetime) -> Iterator[LateNotice]:
    """What receivers told this sender for the day of `at` and is not over, each receiver's latest time."""
    local = localtime(at, profile.current().zone)
    found = LateNotice.objects.filter(
        Q(sender=sender_id) | Q(sender=None), day=local.date(), until__gt=local.time(), withdrawn_at=None
    )
    latest: dict[uuid.UUID, LateNotice] = {}
    for notice in found.select_related("unit").order_by("until"):
        latest[notice.unit_id] = notice
    yield from sorted(latest.values(), key=lambda notice: notice.unit.order)
