"""The day by the rules of 2012, on a day off, so that every hour is out of hours: telephone, paper twins, a stand-in.

The screenshots lie in `benchmarks/out/office-day/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, expect

from support.office_day import Day, confirm, day, fill_send, press, tag_of
from support.office_work import (
    correct_and_send_again,
    note_the_twin,
    print_all_and_ask_for_one_more,
    stand_in_signs,
    take_back,
)

pytestmark = pytest.mark.e2e

SECOND = """
calendar_says(working=False)
titles = ("关于报送上半年工作总结的通知", "关于开展安全生产检查的通知")
twins = [world.sent("市环保局", document=made(world, number, title)) for number, title in enumerate(titles, start=201)]
taken_back = world.sent("市环保局", "市卫生局", document=made(world, 205, "关于防汛值班安排的通知"))
pages = {
    "late": world.sealed(made(world, 206, "关于调整例会时间的通知")).pk, "taken_back": taken_back.pk,
    "taken_back_there": taken_back.deliveries.get(unit=world.units["市环保局"]).pk,
    "printed": twins[0].deliveries.get().pk,
    "printed_at_sender": f"{twins[0].pk}/{twins[0].deliveries.get().pk}",
    "twin": twins[0].deliveries.get().pk, "twin_sent": twins[0].pk, "wrong": twins[1].deliveries.get().pk,
    "wrong_at_sender": f"{twins[1].pk}/{twins[1].deliveries.get().pk}",
    "called": world.sealed(made(world, 203, "关于防御台风的紧急通知", "特急")).pk,
    "uncalled": world.sealed(made(world, 204, "关于报告受灾情况的紧急通知", "加急")).pk,
}
"""


@pytest.fixture(scope="module")
def second(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with day(browser, tmp_path_factory.mktemp("second"), "g", SECOND, "guangdong-2012") as today:
        yield today


def test_an_urgent_document_out_of_hours_goes_with_the_record_of_its_call(second: Day) -> None:
    page = second.at("sender", "/documents/{called}/send/")
    expect(page.locator("#call")).to_contain_text("须先电话通知值班同志")
    fill_send(page, "市环保局")
    page.get_by_label("接电话的人").fill("省政府值班室 李值班")
    page.get_by_label("电话号码").fill("020-83133333")
    page.get_by_label("通话内容").fill("特急公文一件已发出，请转告市环保局签收。")
    second.picture(page, "01-send-with-call")
    press(page, "发送")
    expect(page.get_by_text("省政府值班室 李值班（020-83133333）")).to_be_visible()
    expect(page.get_by_text("未经电话通知")).to_have_count(0)
    second.picture(page, "02-board-with-call")


def test_without_a_call_it_is_asked_for_once_and_the_document_goes_marked(second: Day) -> None:
    page = second.at("sender", "/documents/{uncalled}/send/")
    fill_send(page, "市环保局")
    press(page, "发送")
    expect(page.locator(".yc-errsum")).to_contain_text("请填写通话记录，或者勾选下面一项")
    second.picture(page, "03-call-is-missing")
    page.get_by_label("未经电话通知").check()
    press(page, "发送")
    expect(page.locator(".yc-tag", has_text="未经电话通知").first).to_be_visible()
    second.picture(page, "04-board-without-call")


def test_what_is_sent_on_a_day_off_counts_for_the_next_working_day(second: Day) -> None:
    page = second.at("sender", "/documents/{late}/send/")
    fill_send(page, "市卫生局")
    press(page, "发送")
    counted = page.locator(".yc-sum").get_by_text("计为")
    expect(counted).to_be_visible()
    working = localdate() + timedelta(days=4)  # until then it is a day off, by the calendar of this story
    while working.weekday() > 4:
        working += timedelta(days=1)
    expect(counted).to_contain_text(f"计为 {working.month}月{working.day}日")
    second.picture(page, "05-counts-for-the-next-working-day")


def test_a_document_is_taken_back_before_anybody_signed_and_its_receiver_sees_why(second: Day) -> None:
    take_back(second, 6, "附件拿错了，改好后另发。")


def test_a_stand_in_signs_the_urgent_one_and_then_several(second: Day) -> None:
    stand_in_signs(second, "关于防御台风的紧急通知", 9)
    page = second.at("stand_in", "/inbox/")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="批量签收").click()
    expect(page.locator("#batch-result")).to_contain_text("4 件成功", timeout=20_000)
    second.picture(page, "13-signed-for-several")


def test_the_arrival_of_a_paper_twin_is_recorded_and_its_sender_sees_it(second: Day) -> None:
    note_the_twin(second, "receiver", "关于报送上半年工作总结的通知", 14)


def test_one_that_was_signed_for_is_returned_corrected_and_sent_again_with_its_chain(second: Day) -> None:
    receiver = second.at("receiver", "/deliveries/{wrong}/")
    receiver.keyboard.press("r")
    receiver.get_by_label("不属于本单位办理").check()
    confirm(receiver, "#return-form")
    tag_of(receiver, "已退回")
    second.picture(receiver, "19-returned")
    sender = second.at("sender", "/sent/{wrong_at_sender}/")
    expect(sender.locator(".yc-warn").first).to_contain_text("不属于本单位办理")
    correct_and_send_again(second, 20, "关于开展安全生产检查的通知（更正）")


def test_the_last_copy_is_printed_more_are_asked_for_and_granted(second: Day) -> None:
    print_all_and_ask_for_one_more(second, 25)
