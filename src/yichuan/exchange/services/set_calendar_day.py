"""One day of the working calendar by hand: a day off, a shifted working day, or neither any more (R2)."""

from datetime import date

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.common.models import CalendarDay
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.calendar_table import BY_HAND, hold_calendar, require_ahead
from yichuan.org.models import Unit
from yichuan.people.models import Account

LONGEST_NAME = 40


def set_calendar_day(*, actor: Account, unit: Unit, day: date, working: bool, name: str) -> CalendarDay:
    """Say of a day to come, or of today, whether offices work on it. A command. `unit` is the operator's own."""
    check(actor, ExchangePermission.SET_CALENDAR, unit)
    name = name.strip()
    if len(name) > LONGEST_NAME or hides_something(name):
        raise Invalid({"name": f"名称请不超过 {LONGEST_NAME} 个字，不要有看不见的字符。"})
    require_ahead(day)
    with command():
        hold_calendar()
        values = {"working": working, "name": name, "source": BY_HAND, "changed_at": clock.now()}
        row, _ = CalendarDay.objects.update_or_create(day=day, defaults=values)
        detail = {"day": day.isoformat(), "working": working, "name": name}
        record(verb="exchange.set_calendar_day", actor=actor, unit_id=unit.pk, detail=detail)
    return row


def clear_calendar_day(*, actor: Account, unit: Unit, day: date) -> None:
    """Let a day be what its weekday says again. A command."""
    check(actor, ExchangePermission.SET_CALENDAR, unit)
    require_ahead(day)
    with command():
        hold_calendar()
        row = CalendarDay.objects.filter(day=day).first()
        if row is None:
            raise Invalid({"day": "日历上没有登记这一天，它本来就按星期计。"})
        detail = {"day": day.isoformat(), "working": row.working, "name": row.name}
        row.delete()
        record(verb="exchange.clear_calendar_day", actor=actor, unit_id=unit.pk, detail=detail)
