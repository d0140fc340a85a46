"""Working days and counted days (R2, J-32), by the centre's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from yichuan.common import profile
from yichuan.common.calendar import counted_day, first_workday, is_workday, next_workday
from yichuan.common.models import CalendarDay
from yichuan.exchange.services.fill_calendar import LAST_KNOWN, known_days

CHINA = ZoneInfo("Asia/Shanghai")
FIRST_KNOWN = 2004
pytestmark = pytest.mark.django_db


def _counted(moment: str) -> str:
    return counted_day(datetime.fromisoformat(moment).replace(tzinfo=CHINA)).isoformat()


def _named(day: date, *, working: bool) -> None:
    CalendarDay.objects.create(day=day, working=working, changed_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("2008-06-02T09:00:00", "2008-06-02"),
        ("2008-06-02T15:29:59.999", "2008-06-02"),
        ("2008-06-02T15:30:00", "2008-06-03"),
        ("2008-06-02T23:59:59", "2008-06-03"),
        ("2008-06-06T15:30:00", "2008-06-09"),
        ("2008-06-06T15:00:00", "2008-06-06"),
        ("2008-06-07T09:00:00", "2008-06-09"),
        ("2008-06-08T18:00:00", "2008-06-09"),
        ("2008-12-31T16:00:00", "2009-01-01"),
    ],
    ids=["morning", "last moment", "cut-off", "night", "Friday evening", "Friday", "Saturday", "Sunday", "new year"],
)
def test_the_day_a_document_counts_for(sent: str, counted: str) -> None:
    assert _counted(sent) == counted


def test_days_off_and_shifted_working_days_count_as_the_state_says() -> None:
    """端午 2008: Monday the 9th was off; let Saturday the 7th have been worked for it."""
    _named(date(2008, 6, 9), working=False)
    _named(date(2008, 6, 7), working=True)
    assert _counted("2008-06-06T16:00:00") == "2008-06-07"
    assert _counted("2008-06-07T16:00:00") == "2008-06-10"
    assert _counted("2008-06-09T10:00:00") == "2008-06-10"


def test_the_hour_is_the_centres_wherever_the_server_stands() -> None:
    assert counted_day(datetime(2008, 6, 2, 7, 29, tzinfo=UTC)) == date(2008, 6, 2)
    assert counted_day(datetime(2008, 6, 2, 7, 30, tzinfo=UTC)) == date(2008, 6, 3)


def test_another_centre_has_another_cut_off(settings: Settings) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    assert _counted("2013-01-07T17:29:00") == "2013-01-07"
    assert _counted("2013-01-07T17:30:00") == "2013-01-08"


def test_a_holiday_longer_than_any_is_still_got_over() -> None:
    first = date(2009, 1, 5)
    for number in range(100):
        _named(first + timedelta(days=number), working=False)
    assert _counted("2009-01-05T09:00:00") == "2009-04-15"


def test_one_query_finds_the_day(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    CalendarDay.objects.bulk_create(known_days(2026))
    with django_assert_num_queries(1):
        assert _counted("2026-09-30T16:00:00") == "2026-10-08"


@pytest.mark.parametrize("year", range(FIRST_KNOWN, LAST_KNOWN + 1))
def test_a_filled_year_is_the_states_day_by_day(year: int) -> None:
    CalendarDay.objects.bulk_create(known_days(year))
    day = date(year, 1, 1)
    named = dict(CalendarDay.objects.values_list("day", "working"))
    while day.year == year:
        assert named.get(day, day.weekday() < 5) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


moments = st.builds(
    datetime.combine, st.dates(date(FIRST_KNOWN, 1, 1), date(LAST_KNOWN, 11, 30)), st.times(), st.just(CHINA)
)
times = st.none() | st.times()


@pytest.fixture
def filled() -> None:
    for year in range(FIRST_KNOWN, LAST_KNOWN + 1):
        CalendarDay.objects.bulk_create(known_days(year))


@pytest.mark.usefixtures("filled")
def test_over_the_years_the_counted_day_is_always_a_working_day_of_the_state_and_never_an_earlier_one() -> None:
    @given(moments, times)
    def holds(at: datetime, until: time | None) -> None:
        counted = counted_day(at, until)
        assert chinese_calendar.is_workday(counted)
        assert counted >= at.date()
        between = (at.date() + timedelta(days=n) for n in range(1, (counted - at.date()).days))
        assert not any(chinese_calendar.is_workday(day) for day in between), "no working day is passed over"
        in_time = at.time() < max(profile.current().cut_off, until or time.min)
        assert (counted == at.date()) == (in_time and chinese_calendar.is_workday(at.date()))

    holds()


@pytest.mark.usefixtures("filled")
def test_what_is_sent_later_never_counts_earlier() -> None:
    @given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)), times)
    def holds(at: datetime, later: timedelta, until: time | None) -> None:
        assert counted_day(at, until) <= counted_day(at + later, until)

    holds()


@pytest.mark.usefixtures("filled")
def test_a_notice_of_a_later_time_never_makes_a_document_count_later() -> None:
    @given(moments, st.times(), st.times())
    def holds(at: datetime, until: time, later: time) -> None:
        assert counted_day(at, until) <= counted_day(at)
        assert counted_day(at, max(until, later)) <= counted_day(at, until)

    holds()


def test_under_any_table_the_next_working_day_is_one_and_the_first() -> None:
    base = date(2030, 1, 1)

    @given(st.dictionaries(st.integers(0, 80), st.booleans(), max_size=80), st.integers(0, 60))
    def holds(table: dict[int, bool], start: int) -> None:
        CalendarDay.objects.all().delete()
        for number, working in table.items():
            _named(base + timedelta(days=number), working=working)
        day = base + timedelta(days=start)
        found = next_workday(day)
        assert found > day and is_workday(found)
        assert not any(is_workday(day + timedelta(days=n)) for n in range(1, (found - day).days))
        assert first_workday(found) == found

    holds()
