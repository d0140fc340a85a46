"""Working days and the day a document counts for (R2, J-32), by the centre's own calendar.

The table holds the days that the state's yearly notice names; every other day is what its weekday says. Services of
`exchange` write it.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import DateField

from yichuan.common import profile
from yichuan.common.models import CalendarDay
from yichuan.common.prepared import Prepared

SPAN = timedelta(days=30)  # no holiday is so long, so that one query answers
ONE = timedelta(days=1)


def is_workday(day: date) -> bool:
    """Whether offices work on this day: as the table says, else Monday to Friday."""
    return _works(day, _named(day, day))


def next_workday(day: date) -> date:
    """The first working day after `day`."""
    return first_workday(day + ONE)


def first_workday(day: date) -> date:
    """`day` itself if offices work on it, else the next day they do."""
    while True:
        last = day + SPAN
        named = _named(day, last)
        while day <= last:
            if _works(day, named):
                return day
            day += ONE


def workdays(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, in order; one query."""
    named = _named(first, last)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if _works(day, named)]


def counted_day(at: datetime, until: time | None = None) -> date:
    """The day a document counts as sent on (J-32): a working day before its cut-off, else the next working day.

    `at` is aware; the hour is the centre's. `until` is a later time that the receiver notified for that day; one that
    is earlier than the cut-off takes nothing away.
    """
    rules = profile.current()
    local = at.astimezone(rules.zone)
    in_time = local.time() < max(rules.cut_off, until or rules.cut_off)
    return first_workday(local.date() if in_time else local.date() + ONE)


def _named(first: date, last: date) -> dict[date, bool]:
    return dict(_days(first=first, last=last))


_days = Prepared(
    lambda first, last: CalendarDay.objects.filter(day__gte=first, day__lte=last).values_list("day", "working"),
    first=DateField(),
    last=DateField(),
)


def _works(day: date, named: dict[date, bool]) -> bool:
    return named.get(day, day.weekday() < 5)
