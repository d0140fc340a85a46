"""逾期签收: what the supervising office and the operator see of desks that do not sign (R8). Never a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.exchange.half_days import HalfDay, last_ended
from yichuan.exchange.models import Reminder
from yichuan.exchange.selectors_chasing import reported, signed, waiting_desks
from yichuan.lib.xlsx import workbook
from yichuan.org.models import Office, Staff, Unit
from yichuan.org.selectors.contacts import contacts_of, units_like

HEAD = ("单位", "收文处", "件数", "最早到达", "逾期半天数", "签收完的时间", "联系人", "电话")
MOST = 5_000


@dataclass
class Late:
    """A desk that had not signed by the end of a half day; `halves`: how many half days it has missed without a break.

    `settled_at`: when it had signed for all of it; `contact`: whom to telephone there, set by `with_contacts`.
    """

    unit: Unit
    office: Office | None
    number: int
    oldest_at: datetime
    halves: int = 1
    settled_at: datetime | None = None
    contact: Staff | None = None

    @property
    def desk(self) -> str:
        """收发室, or the office's name."""
        return self.office.name if self.office else "收发室"


@dataclass(frozen=True)
class Kept:
    """How a half day was kept (G-20): desks that signed for something, and those that should have and did not."""

    half: HalfDay
    signed: int
    late: int


def late_now(now: datetime, unit: str = "") -> list[Late]:
    """The desks with something that should have been signed for by now, the longest waiting first."""
    ended = last_ended(now)
    if ended is None:
        return []
    wanted = [each.pk for each in units_like(unit)] if unit else None
    desks = waiting_desks(ended.asked, wanted)[:MOST]
    units = Unit.objects.in_bulk({desk.unit_id for desk in desks})
    offices = Office.objects.in_bulk({desk.office_id for desk in desks if desk.office_id})
    missed = Reminder.objects.filter(step=Reminder.Step.SUPERVISOR, settled_at=None).order_by()
    halves = dict(missed.values_list("desk").annotate(n=Count("id")))
    return [
        Late(
            units[desk.unit_id],
            offices[desk.office_id] if desk.office_id else None,
            desk.number,
            desk.oldest_at,
            halves.get(desk.desk, 1),
        )
        for desk in desks
    ]


def late_then(half: HalfDay, unit: str = "") -> list[Late]:
    """The desks that had not signed at the end of a half day, as it was reported then."""
    rows = reported(half)
    if unit:
        rows = rows.filter(unit__in=units_like(unit))
    return [Late(row.unit, row.office, row.waiting, row.oldest_at, 1, row.settled_at) for row in rows[:MOST]]


def kept(half: HalfDay) -> Kept:
    """The figures of one half day."""
    desks = signed(half).order_by().values("unit_id", "office_id").distinct()
    return Kept(half, desks.count(), reported(half).count())


def with_contacts(rows: Iterable[Late]) -> list[Late]:
    """The same with whom to telephone; some questions to the database however many they are."""
    found = list(rows)
    first = {contact.unit.pk: contact.first for contact in contacts_of({row.unit for row in found}, brief=True)}
    for row in found:
        row.contact = first.get(row.unit.pk)
    return found


def sheet(rows: Iterable[Late]) -> bytes:
    """The list as xlsx."""
    return workbook("逾期签收", [HEAD, *map(_line, with_contacts(rows))])


def _line(row: Late) -> tuple[str | int, ...]:
    return (
        row.unit.short_name,
        row.desk,
        row.number,
        _moment(row.oldest_at),
        row.halves,
        _moment(row.settled_at) if row.settled_at else "",
        row.contact.account.name if row.contact else "",
        (row.contact.phone or row.contact.mobile) if row.contact else "",
    )


def _moment(at: datetime) -> str:
    return f"{localtime(at, profile.current().zone):%Y-%m-%d %H:%M}"
