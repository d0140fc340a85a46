"""A year's holidays and shifted working days from a file (R2): the state's notice of the year, day by day."""

from collections.abc import Iterator
from datetime import date

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.models import CalendarDay
from yichuan.common.permissions import check
from yichuan.common.sheets.cells import Fault, Row
from yichuan.common.sheets.columns import Column, Form
from yichuan.common.sheets.table import read_table
from yichuan.common.transactions import command
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.calendar_table import hold_calendar, replace_year, require_year
from yichuan.org.models import Unit
from yichuan.people.models import Account

OFF, ON = "放假", "上班"
CALENDAR = Form(
    "放假安排",
    (
        Column("day", "日期", "2027-01-01", "年-月-日；放假的每一天、调休上班的每一天各一行", kind="date"),
        Column("works", "安排", OFF, choices=(OFF, ON), width=10),
        Column("name", "名称", "元旦", "节日名称，可以不填", required=False, most=40),
    ),
    most_rows=366,
)
SOURCE = "上传的文件"


class FaultyRowsError(Invalid):
    """Nothing was taken; `rows` says what is wrong, row by row."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        super().__init__({"file": f"有 {len(rows)} 行不对，整个文件都没有填入。请按下面的说明改好再传。"})
        self.rows = rows


def load_year(*, actor: Account, unit: Unit, year: int, data: bytes) -> int:
    """Put the file's days in the place of the year's present ones; how many. A command.

    `data` is an xlsx or csv of `CALENDAR`. Raises `Invalid`, `FaultyRowsError` where single rows are at fault.
    """
    check(actor, ExchangePermission.SET_CALENDAR, unit)
    require_year(year)
    rows = read_table(data, CALENDAR).rows
    faulty = [(row.number, fault.said()) for row in rows for fault in [*row.faults, *_faults(row, year)]]
    faulty += _doubled(rows)
    if faulty:
        raise FaultyRowsError(sorted(faulty))
    at = clock.now()
    days = [
        CalendarDay(
            day=date.fromisoformat(row.values["day"]),
            working=row.values["works"] == ON,
            name=row.values.get("name", ""),
            source=SOURCE,
            changed_at=at,
        )
        for row in rows
    ]
    with command():
        hold_calendar()
        removed = replace_year(year, days)
        detail = {"year": year, "days": len(days), "replaced": removed, "source": SOURCE}
        record(verb="exchange.fill_calendar", actor=actor, unit_id=unit.pk, detail=detail)
    return len(days)


def _faults(row: Row, year: int) -> Iterator[Fault]:
    day = row.values["day"]
    if not any(fault.column == CALENDAR.label("day") for fault in row.faults) and day[:4] != f"{year}":
        yield Fault("日期", f"「{day}」不是 {year} 年的", f"这个文件只填 {year} 年")


def _doubled(rows: list[Row]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.values["day"], row.number)
        if first != row.number and row.values["day"]:
            yield row.number, f"「日期」{row.values['day']}和第 {first} 行重复：删去一行"
