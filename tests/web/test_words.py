"""A clerk reads points in time as they would say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yichuan.web import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2008, 12, 4, 14, 52, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2008-12-04T14:50", "14:50"),
        ("2008-12-03T14:20", "昨天 14:20"),
        ("2008-12-05T09:00", "明天 09:00"),
        ("2008-05-23T10:00", "5月23日 10:00"),
        ("2007-05-23T10:00", "2007年5月23日 10:00"),
    ],
)
def test_a_moment_names_the_day_only_when_it_is_not_today(when: str, said: str) -> None:
    assert words.moment(at(when), NOW) == said


def test_yesterday_is_a_day_of_the_centre_and_not_of_utc() -> None:
    just_after_midnight = datetime(2008, 12, 3, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert words.moment(just_after_midnight, NOW) == "00:30"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (timedelta(hours=2, minutes=8), "还有 2 小时 8 分"),
        (timedelta(minutes=38), "还有 38 分钟"),
        (timedelta(seconds=20), "还有 不到 1 分钟"),
        (timedelta(hours=-22), "超时 22 小时"),
        (timedelta(days=-3, hours=-1), "超时 3 天 1 小时"),
    ],
)
def test_what_is_left_and_what_is_overdue_use_the_two_largest_units(rest: timedelta, said: str) -> None:
    assert words.left(NOW + rest, NOW) == said


def test_the_top_bar_says_the_weekday() -> None:
    assert words.today(NOW) == "12月4日 周四"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (90, "今天 15:30"),
        (60 * 22, "明天 12:00"),
        (-70, "超时 1 小时"),
        (-59, "超时 59 分钟"),
        (0, "今天 14:00"),
        (-0.5, "超时 不到 1 分钟"),
    ],
    ids=["today", "tomorrow", "hours", "minutes", "now", "just past"],
)
def test_a_deadline_is_an_hour_until_it_is_past(minutes: float, said: str) -> None:
    now = at("2008-12-04T14:00")
    assert words.due(now + timedelta(minutes=minutes), now) == said


def test_who_points_at_a_moment_reads_it_to_the_second_in_the_centres_zone() -> None:
    assert words.exactly(datetime(2008, 12, 3, 16, 30, 7, tzinfo=ZoneInfo("UTC"))) == "2008-12-04 00:30:07"
