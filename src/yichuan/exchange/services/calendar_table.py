"""What the services of the working calendar share (R2): its lock, and which days may still be changed."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from yichuan.common import clock, profile
from yichuan.common.errors import Invalid
from yichuan.common.models import CalendarDay, Centre
from yichuan.common.transactions import require_transaction

FURTHEST = timedelta(days=3 * 366)
BY_HAND = "手工登记"


def today() -> date:
    """The centre's present day."""
    return localdate(clock.now(), profile.current().zone)


def hold_calendar() -> None:
    """Only one changes the table at a time. A step."""
    require_transaction()
    Centre.objects.select_for_update().get()


def require_ahead(day: date) -> None:
    """Raise `Invalid` for a day that is over: what was sent on it has its counted day already."""
    now = today()
    if day < now:
        raise Invalid({"day": "这一天已经过去，当天发出的公文已经计日，不能再改。"})
    if day > now + FURTHEST:
        raise Invalid({"day": "日期太远，请检查年份。"})


def require_year(year: int) -> None:
    """Raise `Invalid` unless it is this year or one of the next three."""
    now = today().year
    if not now <= year <= now + FURTHEST.days // 366:
        raise Invalid({"year": f"只能填今年和以后的年份，现在是 {now} 年。"})


def replace_year(year: int, days: list[CalendarDay]) -> int:
    """Put these days in the place of the year's present ones; how many those were. A step, under the lock."""
    require_transaction()
    removed, _ = CalendarDay.objects.filter(day__year=year).delete()
    CalendarDay.objects.bulk_create(days)
    return removed
