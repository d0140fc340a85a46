"""Half days (G-20): what is to be signed for by when, over weekends and shifted days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from yichuan.common.models import CalendarDay
from yichuan.exchange.half_days import deadlines, half_days, last_ended, present

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of June 2008, whose 6th is a Friday."""
    return datetime(2008, 6, day, hour, minute, tzinfo=HERE)


def test_a_working_day_has_two_halves_and_a_weekend_none() -> None:
    halves = half_days(date(2008, 6, 5), date(2008, 6, 8))
    assert [half.label for half in halves] == ["6月5日上午", "6月5日下午", "6月6日上午", "6月6日下午"]
    assert (halves[0].start, halves[0].asked, halves[0].end) == (at(5, 8, 30), at(5, 11), at(5, 12))


def test_a_shifted_sunday_is_a_working_day_and_a_holiday_is_none() -> None:
    for day, working in ((8, True), (9, False)):
        CalendarDay.objects.create(day=date(2008, 6, day), working=working, changed_at=timezone.now())
    assert {half.day.day for half in half_days(date(2008, 6, 7), date(2008, 6, 10))} == {8, 10}


@pytest.mark.parametrize(
    ("moment", "half"),
    [((6, 10, 59), None), ((6, 11, 0), "am"), ((6, 16, 29), "am"), ((6, 16, 30), "pm"), ((7, 12, 0), None)],
    ids=["before", "morning", "until the next", "afternoon", "Saturday"],
)
def test_the_half_that_is_chased_is_the_latest_whose_first_reminder_is_due(
    moment: tuple[int, int, int], half: str | None
) -> None:
    found = present(at(*moment))
    assert (found.half if found else None) == half


def test_after_a_weekend_the_half_that_ended_last_is_fridays_afternoon() -> None:
    ended = last_ended(at(9, 9))
    assert ended is not None and ended.label == "6月6日下午"


def test_a_centre_without_working_days_chases_nobody() -> None:
    first = date(2008, 5, 1)
    days = [first + timedelta(days=number) for number in range(90)]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, working=False, changed_at=timezone.now()) for day in days)
    assert last_ended(at(10, 9)) is None
    assert deadlines([at(10, 9)], at(10, 9)) == [None]


def test_what_comes_after_the_first_reminder_is_for_the_next_half() -> None:
    arrivals = [at(6, 9), at(6, 11), at(6, 16, 30), at(7, 10)]
    assert deadlines(arrivals, at(7, 11)) == [at(6, 12), at(6, 17, 30), at(9, 12), at(9, 12)]
