"""Working days to come, for tests of the exchange rules: within the seals' term, with no holiday among them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

CHINA = ZoneInfo("Asia/Shanghai")


def coming(weekday: int) -> date:
    """The second such day from today on; 0 is Monday."""
    today = localdate()
    return today + timedelta(days=7 + (weekday - today.weekday()) % 7)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in the centre's zone."""
    return datetime.combine(day, time(hour, minute), CHINA)


FRIDAY = coming(4)
MONDAY = FRIDAY + timedelta(days=3)
EVENING = at(coming(1), 20)
MORNING = at(coming(1), 9)
