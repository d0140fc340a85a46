"""The working calendar (R2): filled at opening, kept by the operator, read by everybody, on record."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.pages import words
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.calendar import counted_day, is_workday
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.models import CalendarDay
from yichuan.common.sheets.writing import csv_bytes, table_xlsx
from yichuan.common.transactions import command
from yichuan.exchange.services.fill_calendar import LAST_KNOWN, fill_at_opening, fill_year
from yichuan.exchange.services.load_calendar import FaultyRowsError, load_year
from yichuan.exchange.services.set_calendar_day import clear_calendar_day, set_calendar_day
from yichuan.org.duties import Duty

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)
HEAD = ["日期", "安排", "名称"]


def opened(year: int) -> None:
    """The calendar of a centre that was opened in `year`, whatever today is."""
    CalendarDay.objects.all().delete()
    with command():
        fill_at_opening(year)


@pytest.fixture
def kept(world: World) -> Any:
    """The operator at his unit, on 23 November 2026."""
    operator = world.holder(Duty.OPERATOR, "市规划局")
    with clock.fixed_at(NOON):
        opened(NOON.year)
        yield {"actor": operator, "unit": world.units["市规划局"]}


@pytest.mark.django_db
def test_a_new_centre_knows_the_holidays_of_the_years_to_come() -> None:
    opened(2025)
    for year in (2025, 2026):
        named = CalendarDay.objects.filter(day__year=year)
        assert named.filter(working=False).count() > 20 and named.filter(working=True).exists()
        assert not is_workday(date(year, 10, 1))
    assert not CalendarDay.objects.filter(day__year__lt=2025).exists()


@pytest.mark.usefixtures("in_both_centres")
def test_a_day_off_by_hand_moves_the_counted_day_and_stands_in_the_log(kept: dict[str, Any]) -> None:
    sent = datetime(2026, 12, 1, 10, 0, tzinfo=CHINA)
    assert counted_day(sent) == date(2026, 12, 1)
    set_calendar_day(**kept, day=date(2026, 12, 1), working=False, name="台风停工")
    assert counted_day(sent) == date(2026, 12, 2)
    assert CalendarDay.objects.get(day="2026-12-01").source == "手工登记"
    entry = Entry.objects.filter(verb="exchange.set_calendar_day").latest("pk")
    assert entry.detail == {"day": "2026-12-01", "working": False, "name": "台风停工"}
    set_calendar_day(**kept, day=date(2026, 12, 1), working=True, name="照常上班")
    assert counted_day(sent) == date(2026, 12, 1)
    clear_calendar_day(**kept, day=date(2026, 12, 1))
    assert not CalendarDay.objects.filter(day="2026-12-01").exists()
    assert Entry.objects.filter(verb="exchange.clear_calendar_day").count() == 1


@pytest.mark.usefixtures("in_both_centres")
def test_a_document_that_was_sent_keeps_its_counted_day_whatever_becomes_of_the_calendar(world: World) -> None:
    kept = {"actor": world.holder(Duty.OPERATOR, "市规划局"), "unit": world.units["市规划局"], "name": ""}
    now = clock.now().astimezone(CHINA)
    evening = now.replace(hour=21, minute=0) + timedelta(days=now.hour >= 21)  # a seal is of today, not of the past
    tomorrow = evening.date() + timedelta(days=1)
    set_calendar_day(**kept, day=tomorrow, working=True)
    with clock.fixed_at(evening):
        dispatch = world.sent("市环保局")
        set_calendar_day(**kept, day=tomorrow, working=False)
    assert counted_day(evening) > tomorrow
    dispatch.refresh_from_db()
    assert dispatch.counted_day == tomorrow


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2036, 1, 1)], ids=["over", "far"])
def test_a_day_that_is_over_or_far_away_is_refused(kept: dict[str, Any], day: date) -> None:
    with pytest.raises(Invalid):
        set_calendar_day(**kept, day=day, working=False, name="")
    with pytest.raises(Invalid):
        clear_calendar_day(**kept, day=date(2026, 10, 1))
    assert CalendarDay.objects.filter(day="2026-10-01").exists()


def test_nobody_but_the_operator_changes_the_calendar(world: World, kept: dict[str, Any]) -> None:
    clerk = {"actor": world.clerk["市规划局"], "unit": world.units["市规划局"]}
    before = list(CalendarDay.objects.values_list("day", "working"))
    for act in (
        lambda: set_calendar_day(**clerk, day=date(2026, 12, 1), working=False, name=""),
        lambda: clear_calendar_day(**clerk, day=date(2026, 12, 1)),
        lambda: fill_year(**clerk, year=2026),
        lambda: load_year(**clerk, year=2027, data=csv_bytes([HEAD, ["2027-01-01", "放假", "元旦"]])),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(CalendarDay.objects.values_list("day", "working")) == before


NEXT_YEAR = [["2027-01-01", "放假", "元旦"], ["2027-01-03", "上班", ""], ["2027年2月5日", "放假", "春节"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_next_year_is_loaded_from_a_file(kept: dict[str, Any], kind: str) -> None:
    data = csv_bytes([HEAD, *NEXT_YEAR]) if kind == "csv" else table_xlsx("放假安排", HEAD, NEXT_YEAR)
    assert load_year(**kept, year=2027, data=data) == 3
    rows = dict(CalendarDay.objects.filter(day__year=2027).values_list("day", "working"))
    assert rows == {date(2027, 1, 1): False, date(2027, 1, 3): True, date(2027, 2, 5): False}
    assert load_year(**kept, year=2027, data=csv_bytes([HEAD, NEXT_YEAR[0]])) == 1, "the year is replaced as a whole"
    assert CalendarDay.objects.filter(day__year=2027).count() == 1
    detail = Entry.objects.filter(verb="exchange.fill_calendar").latest("pk").detail
    assert (detail["year"], detail["days"], detail["replaced"]) == (2027, 1, 3)


def test_a_file_with_faults_is_refused_as_a_whole_row_by_row(kept: dict[str, Any]) -> None:
    rows = [
        ["2027-01-01", "放假", "元旦"],
        ["2027-02-30", "放假", "春节"],
        ["2026-12-31", "放假", ""],
        ["2027-05-01", "休息", ""],
        ["2027-01-01", "上班", ""],
        ["", "放假", ""],
    ]
    with pytest.raises(FaultyRowsError) as refused:
        load_year(**kept, year=2027, data=csv_bytes([HEAD, *rows]))
    said = dict(refused.value.rows)
    assert set(said) == {3, 4, 5, 6, 7}
    assert "2027-02-30" in said[3] and "不是 2027 年的" in said[4] and "放假、上班" in said[5] and "重复" in said[6]
    assert not CalendarDay.objects.filter(day__year=2027).exists()


def test_what_the_program_brings_fills_a_year_it_knows_and_no_other(kept: dict[str, Any]) -> None:
    CalendarDay.objects.all().delete()
    assert fill_year(**kept, year=2026) == CalendarDay.objects.filter(day__year=2026).count() > 30
    with pytest.raises(Refused, match=f"只到 {LAST_KNOWN} 年"):
        fill_year(**kept, year=2027)
    with pytest.raises(Invalid):
        fill_year(**kept, year=2025)


def page(client: Client, year: int = 2026) -> str:
    return client.get(f"/calendar/?year={year}").content.decode()


def test_everybody_reads_the_calendar_and_only_the_operator_finds_forms(world: World, kept: dict[str, Any]) -> None:
    read = page(world.browser(world.clerk["市环保局"]))
    assert "国庆节" in words(read) and "登记一天" not in words(read)
    assert "登记一天" in words(page(world.browser(kept["actor"])))
    assert "2027年的放假安排还没有填" in words(page(world.browser(kept["actor"]), 2027))


def test_the_operator_works_on_the_page(kept: dict[str, Any], world: World) -> None:
    client = world.browser(kept["actor"])
    sent = client.post("/calendar/set/", {"year": 2026, "day": "2026-12-25", "works": "off", "name": "停电"})
    assert sent.status_code == 302 and "停电" in words(page(client))
    sent = client.post("/calendar/set/", {"year": 2026, "day": "2026-11-02", "works": "off", "name": ""})
    assert sent.status_code == 422 and "已经过去" in words(sent.content.decode())
    assert client.post("/calendar/set/", {"year": 2026, "day": "2026-12-25", "works": ""}).status_code == 302
    assert "停电" not in words(page(client))
    data = SimpleUploadedFile("a.csv", csv_bytes([HEAD, ["2027-05-01", "休息", ""]]))
    sent = client.post("/calendar/load/", {"year": 2027, "file": data})
    assert sent.status_code == 422 and "第 2 行" in words(sent.content.decode())
    assert client.post("/calendar/fill/", {"year": 2027}).status_code == 409
    assert client.post("/calendar/fill/", {"year": 2026}).status_code == 302
    for suffix in ("xlsx", "csv"):
        assert client.get(f"/calendar/template.{suffix}").status_code == 200
    assert client.get("/calendar/template.doc").status_code == 404


def test_the_operator_is_reminded_in_november_of_the_year_to_come(kept: dict[str, Any], world: World) -> None:
    assert "交换规则 1" in words(page(world.browser(kept["actor"])))
    load_year(**kept, year=2027, data=csv_bytes([HEAD, *NEXT_YEAR]))
    assert "交换规则 1" not in words(page(world.browser(kept["actor"])))
    with clock.fixed_at(datetime(2027, 3, 1, tzinfo=CHINA)):
        assert "交换规则 1" not in words(page(world.browser(kept["actor"]), 2027))
