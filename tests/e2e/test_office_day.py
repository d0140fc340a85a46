"""A day in an office in browsers, by the rules of each founding document, at whatever hour the test runs.

The screenshots lie in `benchmarks/out/office-day/`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from support.office_day import Day, confirm, day, fill_send, late_profile, press, tag_of
from support.office_work import (
    correct_and_send_again,
    note_the_twin,
    print_all_and_ask_for_one_more,
    stand_in_signs,
    take_back,
)

pytestmark = pytest.mark.e2e

FIRST = """
from support.papers import dual
calendar_says(working=True)
for number in range(2):
    when = {"day": localdate() + timedelta(days=number), "until": "23:59:59"}
    LateNotice.objects.create(
        unit=world.units["市卫生局"], given_by=world.clerk["市卫生局"], given_at=clock.now(),
        reason="今晚有会议，材料当天要用", **when,
    )
titles = {
    "printed": "关于印发夏季水质检查安排的通知", "morning": "关于报送上半年工作总结的通知",
    "wrong": "关于召开水质监测工作会议的通知", "stood_in": "关于征求水质标准意见的通知",
}
sent = {
    name: world.sent("市环保局", document=made(world, number, title)).deliveries.get()
    for number, (name, title) in enumerate(titles.items(), start=101)
}
taken_back = world.sent("市环保局", "市卫生局", document=made(world, 110, "关于防汛值班安排的通知"))
people["planner"] = world.clerk["市规划局"]
dual(world, receiver="市规划局", sender="市府办公室")
twin = world.sent("市规划局", document=made(world, 109, "关于公布规划成果的通知"))
urgent = world.sealed(made(world, 106, "关于防御台风的紧急通知"))
Document.objects.filter(pk=urgent.pk).update(urgency="特急")  # as it came from a centre that exchanges such
pages = {name: delivery.pk for name, delivery in sent.items()} | {
    "printed_at_sender": f"{sent['printed'].dispatch_id}/{sent['printed'].pk}",
    "wrong_at_sender": f"{sent['wrong'].dispatch_id}/{sent['wrong'].pk}",
    "taken_back": taken_back.pk, "taken_back_there": taken_back.deliveries.get(unit=world.units["市环保局"]).pk,
    "twin": twin.deliveries.get().pk, "twin_sent": twin.pk,
    "late": world.sealed(made(world, 105, "关于调整例会时间的通知")).pk, "urgent": urgent.pk,
}
"""


@pytest.fixture(scope="module")
def first(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A day by the rules of 2008, after the hour until which documents count for the day."""
    home = tmp_path_factory.mktemp("first")
    with day(browser, home, "j", FIRST, late_profile(home)) as today:
        yield today


def test_what_is_sent_too_late_counts_for_the_next_working_day_save_where_a_later_time_was_given(first: Day) -> None:
    page = first.at("sender", "/documents/{late}/send/")
    expect(page.get_by_text("发给市卫生局的，今天 23:59 以前仍计为当天")).to_be_visible()
    fill_send(page, "市环保局", "市卫生局")
    first.picture(page, "01-send-late")
    press(page, "发送")
    expect(page.get_by_text("/ 2 家已签收")).to_be_visible()
    expect(page.locator(".yc-sum")).to_contain_text("市卫生局事先告知可以晚收，计为")
    first.picture(page, "02-board-late")


def test_an_urgent_document_is_refused_with_its_article(first: Day) -> None:
    page = first.at("sender", "/documents/new/")
    expect(page.locator("[name=urgency] option")).to_have_text(["平件"])
    expect(page.get_by_text("急件、特急件不在交换系统中交换，请按传统方式送达。")).to_be_visible()
    first.picture(page, "03a-no-urgency-to-choose")
    page = first.at("sender", "/documents/{urgent}/send/")
    fill_send(page, "市环保局")
    press(page, "发送")
    expect(page.locator(".yc-errsum")).to_contain_text("第四条（二）：急件、特急件不在交换系统中交换")
    first.picture(page, "03-urgent-refused")


def test_a_document_is_taken_back_before_anybody_signed_and_its_receiver_sees_why(first: Day) -> None:
    take_back(first, 4, "值班表有误，改好后另发。")


def test_a_stand_in_signs_for_the_one_who_is_away(first: Day) -> None:
    stand_in_signs(first, "关于征求水质标准意见的通知", 7)


def test_a_pair_of_units_that_keeps_paper_awaits_the_twin_and_notes_it(first: Day) -> None:
    """The centre has gone to the single track; these two still keep both."""
    note_the_twin(first, "planner", "关于公布规划成果的通知", 11)


def test_a_wrong_one_is_returned_corrected_and_sent_again_with_its_chain(first: Day) -> None:
    receiver = first.at("receiver", "/deliveries/{wrong}/")
    receiver.keyboard.press("r")
    receiver.locator("#reason").fill("会议时间与附件不一致，请核对。")
    first.picture(receiver, "16-return")
    confirm(receiver, "#return-form")
    tag_of(receiver, "已退回")
    expect(receiver.get_by_role("link", name="退文告知单").first).to_be_visible()
    expect(receiver.locator("#nav > a.open > .yc-n")).to_have_text("4")
    first.picture(receiver, "17-returned")
    sender = first.at("sender", "/sent/{wrong_at_sender}/")
    expect(sender.locator(".yc-warn").first).to_contain_text("会议时间与附件不一致，请核对。")
    correct_and_send_again(first, 18, "关于召开水质监测工作会议的通知（更正）")


def test_in_the_morning_several_are_signed_for_at_once(first: Day) -> None:
    page = first.at("receiver", "/inbox/")
    expect(page.locator("#nav > a.sub.on > .yc-n")).to_have_text("5")
    first.picture(page, "23-inbox")
    page.locator("[data-tick-all]").check()
    page.get_by_role("button", name="批量签收").click()
    expect(page.locator("#batch-result")).to_contain_text("5 件成功", timeout=20_000)
    expect(page.locator("tr.new")).to_have_count(0)
    first.picture(page, "24-signed-for-several")


def test_the_last_copy_is_printed_more_are_asked_for_and_granted(first: Day) -> None:
    print_all_and_ask_for_one_more(first, 25)
