"""逾期签收 and 催签: who sees which desks do not sign, and never a document."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from support.chasing import arrived, at, friday, monday, tick
from support.offices import an_office, of_office
from support.world import TITLE, World
from yichuan.exchange.half_days import halves_of
from yichuan.exchange.models import Delivery
from yichuan.exchange.overdue import kept, late_now, late_then
from yichuan.exchange.services.remind import settle_reminders
from yichuan.exchange.services.sign_for import sign_for
from yichuan.org.duties import Duty
from yichuan.org.models import Staff

HERE = "市环保局"


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_desk_is_late_from_the_end_of_the_half_day_on_and_longest_waiting_first(world: World) -> None:
    arrived(world, when=friday(9))
    arrived(world, "市卫生局", when=friday(8, 40))
    assert late_now(friday(11, 59)) == []
    assert [(row.unit.short_name, row.number) for row in late_now(friday(12))] == [("市卫生局", 1), (HERE, 1)]


def test_each_half_day_that_is_missed_is_counted_until_it_is_signed_for(world: World) -> None:
    [delivery] = arrived(world)
    tick(friday(12)), tick(friday(17, 30))
    [row] = late_now(monday(9))
    assert (row.halves, row.oldest_at) == (2, friday(9))
    with at(monday(9, 5)):
        sign_for(actor=world.clerk[HERE], delivery_id=delivery.pk)
        settle_reminders()
    assert late_now(monday(9, 6)) == []
    morning = halves_of(friday(9).date())[0]
    assert [row.settled_at for row in late_then(morning)] == [monday(9, 5)]


def test_a_half_day_is_kept_by_those_who_signed_and_not_by_those_who_were_reported(world: World) -> None:
    first, _ = arrived(world, HERE, "市卫生局")
    with at(friday(10)):
        sign_for(actor=world.clerk[HERE], delivery_id=first.pk)
    tick(friday(12))
    figures = kept(halves_of(friday(9).date())[0])
    assert (figures.signed, figures.late) == (1, 1)


@pytest.mark.parametrize("duty", [Duty.SUPERVISOR, Duty.OPERATOR])
def test_who_oversees_sees_how_many_and_whom_to_call_but_no_document(world: World, duty: Duty) -> None:
    [delivery] = arrived(world)
    Staff.objects.filter(account=world.clerk[HERE]).update(phone="3366001")
    browser = world.browser(world.holder(duty, "市府办公室"))
    with at(friday(12)):
        page = text(browser.get("/overdue/"))
        book = load_workbook(io.BytesIO(browser.get("/overdue.xlsx").content))
    assert HERE in page and "3366001" in page and f"/contacts/{delivery.unit_id}/" in page
    assert TITLE not in page and (delivery.dispatch.document.number or "") not in page
    [_, line] = book.active.iter_rows(values_only=True)
    assert line[:5] == (HERE, "收发室", 1, "2008-06-06 09:00", 1) and line[7] == "3366001"


def test_the_list_is_narrowed_by_unit_and_by_half_day(world: World) -> None:
    arrived(world, HERE, "市卫生局")
    tick(friday(12))
    browser = world.browser(world.holder(Duty.SUPERVISOR, "市府办公室"))
    with at(friday(15)):
        assert "市卫生局" not in text(browser.get("/overdue/?unit=huanbao"))
        assert "市卫生局" in text(browser.get("/overdue/?day=2008-06-06&half=am"))
        assert "没有符合条件" in text(browser.get("/overdue/?day=2008-06-05&half=pm"))
        assert "还没有结束" in text(browser.get("/overdue/?day=2008-06-06&half=pm"))
        assert "日期写成" in text(browser.get("/overdue/?day=2008-13-40&half=am"))


def test_a_clerk_does_not_see_other_units_standing(world: World) -> None:
    clerk = world.browser(world.clerk[HERE])
    assert clerk.get("/overdue/").status_code == clerk.get("/overdue.xlsx").status_code == 403


def test_a_page_of_late_desks_asks_the_database_no_more_often(world: World, django_assert_max_num_queries: Any) -> None:
    arrived(world, *(name for name in world.units if name != "市府办公室"))
    browser = world.browser(world.holder(Duty.SUPERVISOR, "市府办公室"))
    with at(friday(12)):
        browser.get("/")
        with django_assert_max_num_queries(45):
            browser.get("/overdue/")


def test_the_leader_reads_who_was_reminded_and_another_unit_does_not(world: World) -> None:
    leader = world.appoint_leader(HERE)
    arrived(world)
    tick(friday(11)), tick(friday(11, 30))
    page = text(world.browser(leader).get("/reminders/"))
    assert world.clerk[HERE].name in page and "提醒收文人员" in page
    assert "没有代岗人员" in page
    assert "提醒收文人员" not in text(world.browser(world.clerk["市卫生局"]).get("/reminders/"))


def test_an_office_reads_its_own_reminders_only(world: World) -> None:
    mine, other = (an_office(world, name, HERE) for name in ("监测站", "法规科"))
    receiver = of_office(mine, Duty.RECEIVER, "office-receiver")
    for office in (mine, other):
        Delivery.objects.filter(pk=arrived(world)[0].pk).update(office=office)
    tick(friday(11))
    page = text(world.browser(receiver).get("/reminders/"))
    assert "监测站" in page and "法规科" not in page
    assert "法规科" in text(world.browser(world.clerk[HERE]).get("/reminders/"))
