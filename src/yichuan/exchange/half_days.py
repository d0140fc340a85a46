"""The half days in each of which a desk signs at least once for what arrived (G-20), by profile and calendar."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yichuan.common import profile
from yichuan.common.calendar import workdays
from yichuan.exchange.models import Reminder

HALVES = {"am": "上午", "pm": "下午"}
AROUND = timedelta(days=30)  # no holiday is so long
Step = Reminder.Step


@dataclass(frozen=True)
class HalfDay:
    """One half of a working day. Its instants are aware, in the centre's zone."""

    day: date
    half: str  # a key of HALVES
    start: datetime
    end: datetime
    asked: datetime  # the first reminder; what arrived before is to be signed for until `end`

    @property
    def label(self) -> str:
        """12月4日上午."""
        return f"{self.day.month}月{self.day.day}日{HALVES[self.half]}"

    def steps(self) -> list[tuple[datetime, Step]]:
        """When each step of chasing is due."""
        hours = profile.current().hours
        return [
            (self.asked, Step.RECEIVER),
            (self.end - hours.remind_stand_in, Step.STAND_IN),
            (self.end - hours.tell_leader, Step.LEADER),
            (self.end, Step.SUPERVISOR),
        ]


def half_days(first: date, last: date) -> list[HalfDay]:
    """The half days of the working days from `first` to `last`, in order; one query."""
    return [half for day in workdays(first, last) for half in halves_of(day)]


def halves_of(day: date) -> list[HalfDay]:
    """Both halves of a day, whether offices work on it or not."""
    rules = profile.current()
    found = []
    for name, (first, last) in (("am", rules.hours.morning), ("pm", rules.hours.afternoon)):
        start, end = (datetime.combine(day, hour, rules.zone) for hour in (first, last))
        found.append(HalfDay(day, name, start, end, end - rules.hours.remind_receiver))
    return found


def present(now: datetime) -> HalfDay | None:
    """The half day that is chased at this moment: of today's the latest whose first reminder is due."""
    today = now.astimezone(profile.current().zone).date()
    return next((half for half in reversed(half_days(today, today)) if half.asked <= now), None)


def last_ended(now: datetime) -> HalfDay | None:
    """The half day that ended last; None where a centre has no working days."""
    today = now.astimezone(profile.current().zone).date()
    latest_first = (half for day in reversed(workdays(today - AROUND, today)) for half in reversed(halves_of(day)))
    return next((half for half in latest_first if half.end <= now), None)


def deadlines(arrivals: Sequence[datetime], now: datetime) -> list[datetime | None]:
    """Until when each of these is to be signed for: the end of the first half day that asks for it."""
    if not arrivals:
        return []
    zone = profile.current().zone
    halves = half_days(min(arrivals).astimezone(zone).date(), now.astimezone(zone).date() + AROUND)
    asked = [half.asked for half in halves]
    places = [bisect_right(asked, at) for at in arrivals]
    return [halves[place].end if place < len(halves) else None for place in places]
