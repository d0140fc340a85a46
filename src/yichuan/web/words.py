"""Points in time in the words of a clerk: 14:50, 昨天 14:20, 12月8日 09:00, 超时 22 小时."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from yichuan.common import clock

DAYS = {-1: "昨天", 1: "明天"}
WEEKDAYS = "一二三四五六日"


def _day(at: datetime, now: datetime) -> str:
    """The day of `at` seen from `now`, both local."""
    distance = (at.date() - now.date()).days
    if distance in DAYS:
        return DAYS[distance]
    if at.year == now.year:
        return f"{at.month}月{at.day}日"
    return f"{at.year}年{at.month}月{at.day}日"


def moment(at: datetime, now: datetime | None = None) -> str:
    """When something happened: `14:50` today, `昨天 14:20`, `12月3日 09:20`, `2008年5月23日 10:00`."""
    return moments(now)(at)


def moments(now: datetime | None = None) -> Callable[[datetime], str]:
    """`moment` for the many of one page: which day it is, and where, is asked once."""
    zone = timezone.get_current_timezone()
    here = timezone.localtime(now or clock.now(), zone)

    def said(at: datetime) -> str:
        there = timezone.localtime(at, zone)
        hour = f"{there:%H:%M}"
        return hour if there.date() == here.date() else f"{_day(there, here)} {hour}"

    return said


def exactly(at: datetime) -> str:
    """The same to the second, for who points at it: `2008-06-02 14:50:07`."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: `2 小时 8 分`, `3 天`, `不到 1 分钟`."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
    return f"{minutes} 分钟" if minutes else "不到 1 分钟"


def left(at: datetime, now: datetime | None = None) -> str:
    """What is left until `at`, or by how much it is past: `还有 38 分钟`, `超时 22 小时`."""
    rest = at - (now or clock.now())
    return f"{'还有' if rest >= timedelta(0) else '超时'} {span(rest)}"


def due(at: datetime, now: datetime | None = None) -> str:
    """By when something is due: `今天 17:00`, `明天 12:00`, `12月8日 12:00`; once it is past, `超时 22 小时`."""
    now = now or clock.now()
    if at < now:
        said = left(at, now)  # of two units the larger is enough: a column is narrow
        return said if "不到" in said else " ".join(said.split(" ")[:3])
    same_day = timezone.localtime(at).date() == timezone.localtime(now).date()
    return f"今天 {moment(at, now)}" if same_day else moment(at, now)


def today(now: datetime | None = None) -> str:
    """The date of the top bar: `12月4日 周四`."""
    here = timezone.localtime(now or clock.now())
    return f"{here.month}月{here.day}日 周{WEEKDAYS[here.weekday()]}"
