"""The day by the rules of 2012, on a day off, so that every hour is out of hours: telephone, paper twins, a stand-in.

The screenshots lie in `benchmarks/out/office-day/`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from support.office_day import Day, confirm, day, fill_send, press, print_originals, tag_of

pytestmark = pytest.mark.e2e

SECOND = """
calendar_says(working=False)
titles = ("关于报送上半年工作总结的通知", "关于开展安全生产检查的通知")
twins = [world.sent("市环保局", document=made(world, number, title)) for number, title in enumerate(titles, start=201)]
pages = {
    "twin": twins[0].deliveries.get().pk, "twin_sent": twins[0].pk, "returned": twins[1].deliveries.get().pk,
    "returned_at_sender": f"{twins[1].pk}/{twins[1].deliveries.get().pk}",
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


def test_a_stand_in_signs_the_urgent_one_and_then_several(second: Day) -> None:
    page = second.at("stand_in", "/")
    second.picture(page, "05-stand-in-at-the-workbench")
    page = second.at("stand_in", "/inbox/")
    second.picture(page, "06-inbox")
    page.get_by_role("link", name="关于防御台风的紧急通知").click()
    tag_of(page, "未签收")
    second.picture(page, "07-urgent-document")
    page.keyboard.press("s")
    tag_of(page, "已签收")
    expect(page.locator("#side")).to_contain_text("周接班")
    second.picture(page, "08-signed-by-stand-in")
    page = second.at("stand_in", "/inbox/")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="批量签收").click()
    expect(page.locator("#batch-result")).to_contain_text("4 件成功")
    second.picture(page, "09-signed-for-several")


def test_the_arrival_of_a_paper_twin_is_recorded_and_its_sender_sees_it(second: Day) -> None:
    sender = second.at("sender", "/sent/{twin_sent}/paper/")
    second.picture(sender, "10-paper-of-dispatch")
    receiver = second.at("receiver", "/paper/")
    second.picture(receiver, "11-paper-awaited")
    line = receiver.locator(".yc-group", has_text="关于报送上半年工作总结的通知")
    line.locator("[name=remark]").fill("机要件，完好")
    line.get_by_role("button", name="登记收到").click()
    expect(receiver.locator(".yc-group", has_text="关于报送上半年工作总结的通知")).to_have_count(0)
    second.picture(receiver, "12-paper-left")
    receiver = second.at("receiver", "/deliveries/{twin}/")
    expect(receiver.locator("#side .yc-paper")).to_contain_text("已收到")
    receiver.locator("#side .yc-paper").scroll_into_view_if_needed()
    second.picture(receiver, "13-twin-at-receiver")
    sender = second.at("sender", "/sent/{twin_sent}/paper/")
    expect(sender.get_by_text("机要件，完好")).to_be_visible()
    second.picture(sender, "14-twin-at-sender")


def test_one_that_was_signed_for_is_returned_before_it_is_received_and_another_printed_to_the_last(second: Day) -> None:
    receiver = second.at("receiver", "/deliveries/{returned}/")
    receiver.keyboard.press("r")
    receiver.get_by_label("不属于本单位办理").check()
    confirm(receiver, "#return-form")
    tag_of(receiver, "已退回")
    second.picture(receiver, "15-returned")
    sender = second.at("sender", "/sent/{returned_at_sender}/")
    expect(sender.locator(".yc-warn").first).to_contain_text("不属于本单位办理")
    expect(sender.get_by_role("button", name="更正重发")).to_be_visible()
    second.picture(sender, "16-came-back")
    receiver = second.at("receiver", "/deliveries/{twin}/")
    print_originals(receiver, 2)
    expect(receiver.locator("#side")).to_contain_text("已打印 2/2 份", timeout=20_000)
    second.picture(receiver, "17-printed-to-the-last")
