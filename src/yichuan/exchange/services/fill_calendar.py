"""A year's holidays and shifted working days from the table that comes with the program (R2).

The table holds the state's yearly notices as far as they were known when the program was made.
"""

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.models import CalendarDay
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.calendar_table import hold_calendar, replace_year, require_year
from yichuan.org.models import Unit
from yichuan.people.models import Account

SOURCE = "国务院办公厅通知（随程序附带）"
LAST_KNOWN = max(day.year for day in holidays)


def fill_year(*, actor: Account, unit: Unit, year: int) -> int:
    """Put the known days of `year` in the place of its present ones; how many. A command."""
    check(actor, ExchangePermission.SET_CALENDAR, unit)
    require_year(year)
    days = known_days(year)
    if not days:
        raise Refused(
            "year_unknown", f"随程序附带的表只到 {LAST_KNOWN} 年。{year} 年的放假安排公布以后，请下载模板填写并上传。"
        )
    with command():
        hold_calendar()
        removed = replace_year(year, days)
        detail = {"year": year, "days": len(days), "replaced": removed, "source": SOURCE}
        record(verb="exchange.fill_calendar", actor=actor, unit_id=unit.pk, detail=detail)
    return len(days)


def fill_at_opening(year: int) -> None:
    """The calendar that a new centre begins with: `year` and all that are known after it. A step."""
    require_transaction()
    for each in range(year, LAST_KNOWN + 1):
        CalendarDay.objects.bulk_create(known_days(each))


def known_days(year: int) -> list[CalendarDay]:
    """What the table says of a year; nothing of one that it does not know."""
    at = clock.now()
    off, on = ({day: name for day, name in named.items() if day.year == year} for named in (holidays, workdays))
    return [
        CalendarDay(day=day, working=working, name=_chinese(name), source=SOURCE, changed_at=at)
        for working, named in ((False, off), (True, on))
        for day, name in sorted(named.items())
    ]


def _chinese(name: str) -> str:
    return str(Holiday(name).chinese)
