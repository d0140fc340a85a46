"""The exchange by keyboard alone: no test here touches a mouse, and the focus is seen wherever it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from support.keys_alone import press, say_yes, to, tour, write
from support.office_day import Day, day, tag_of
from support.printing import WORDS

pytestmark = pytest.mark.e2e

ALSO = """
from support.offices import an_office
from yichuan.exchange.services.sign_for import sign_for
people["operator"] = world.holder(Duty.OPERATOR, "市规划局")
an_office(world)
calendar_says(working=True)
titles = ("关于报送工作总结的通知", "关于召开现场会的通知", "关于开展水质检查的通知")
arrived = [world.sent("市环保局", document=made(world, number, title)).deliveries.get()
           for number, title in enumerate(titles, start=301)]
both = world.sent("市环保局", "市卫生局", document=made(world, 304, "关于防汛值班安排的通知"))
sign_for(actor=people["receiver"], delivery_id=arrived[2].pk)
pages = {
    "to_send": world.sealed(made(world, 305, "关于调整例会时间的通知")).pk,
    "draft": made(world, 306, "关于节能的通知").pk,
    "to_seal": world.ready(made(world, 307, "关于植树的通知")).pk,
    "wrong": arrived[1].pk, "signed": arrived[2].pk, "board": both.pk,
    "signed_at_sender": f"{arrived[2].dispatch_id}/{arrived[2].pk}",
}
"""
PRINTED = "document.body.dispatchEvent(new CustomEvent('yichuan:printed', { bubbles: true }))"
PAGES = {
    "sender": ["/documents/{draft}/edit/", "/documents/{to_send}/send/", "/sent/{board}/", "/sent/{signed_at_sender}/",
               "/documents/new/", "/recipients/groups/new/", "/documents/{to_send}/", "/sent/settings/"],
    "receiver": ["/deliveries/{wrong}/", "/deliveries/{signed}/", "/late-notices/", "/inbox/settings/", "/printed/"],
    "custodian": ["/documents/{to_seal}/seal/"],
    "operator": ["/calendar/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with day(browser, tmp_path_factory.mktemp("keys"), "keys", ALSO, "jiangmen-2008") as today:
        yield today


@pytest.mark.parametrize("who", sorted(PAGES))
def test_every_control_is_reached_by_tab_and_shows_that_it_is(office: Day, who: str) -> None:
    page = office.at(who, "/")
    links = page.eval_on_selector_all(".yc-nav a[href]", "links => links.map((link) => link.getAttribute('href'))")
    wrong = {}
    for address in dict.fromkeys([*PAGES[who], "/", *links]):
        found = tour(office.at(who, address))
        assert found["stops"] > 5
        if found["missed"] or found["unseen"]:
            wrong[address] = found
    assert not wrong


def test_recipients_are_found_by_letters_and_ticked_in_the_tree(office: Day) -> None:
    page = office.at("sender", "/documents/{to_send}/send/")
    write(page.locator("#main-ts-control"), "shbj")
    expect(page.locator(".ts-dropdown .option").first).to_contain_text("市环保局")
    page.keyboard.press("Enter")
    expect(page.locator("#main-count")).to_have_text("共 1 家。")
    press(page.locator("[data-tree='#main'] > summary"))
    press(page.locator("[data-tree='#main'] [aria-label^=展开]").first)
    box = page.locator("[data-tree='#main'] li li label", has_text="市卫生局").locator("input")
    press(box, "Space")
    expect(page.locator("#main-count")).to_have_text("共 2 家。")
    office.picture(page, "01-recipients")
    press(box, "Space")
    expect(page.locator("#main-count")).to_have_text("共 1 家。")
    write(page.locator("#allowance"), "2")
    press(page.get_by_label("本件不含密级内容"), "Space")
    press(page.get_by_role("button", name="发送", exact=True))
    say_yes(page)
    expect(page.get_by_text("/ 1 家已签收")).to_be_visible()


def test_from_the_workbench_to_the_inbox_and_through_its_rows(office: Day) -> None:
    page = office.at("receiver", "/")
    press(page.locator("#nav").get_by_role("link", name="收文").first)
    page.wait_for_url("**/inbox/**")
    page.keyboard.press("/")
    page.keyboard.press("Tab")
    page.keyboard.type("工作总结")
    page.keyboard.press("Enter")
    expect(page.locator("[data-rows] tr[data-row]")).to_have_count(1)
    to(page.locator("[data-rows] [data-open]"))
    office.picture(page, "02-found")
    page.keyboard.press("s")
    expect(page.locator("tr.new")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deliveries/**")
    tag_of(page, "已签收")


def test_the_contact_book_is_searched_while_one_types(office: Day) -> None:
    page = office.at("receiver", "/contacts/")
    to(page.locator("#contact-search"))
    page.keyboard.type("weisheng", delay=30)
    page.wait_for_url("**/contacts/?q=weisheng*")
    expect(page.locator("#contact-search")).to_be_focused()
    expect(page.locator("#list")).to_contain_text("市卫生局")
    expect(page.locator("#list")).not_to_contain_text("市环保局")


def test_the_original_is_printed_and_more_copies_are_asked_for(office: Day) -> None:
    page = office.at("receiver", "/deliveries/{signed}/")
    page.keyboard.press("p")
    expect(page.locator("#copies")).to_be_focused()
    write(page.locator("#copies"), "1")
    write(page.get_by_label("验证印章密码"), "Wrong-words-1")
    press(page.locator("#print-form .btn-primary"))
    expect(page.locator("#print-password-error")).to_contain_text("还可以试", timeout=20_000)
    expect(page.get_by_label("验证印章密码")).to_be_focused()
    office.picture(page, "04-wrong-password")
    assert len(page.context.pages) == 1, "no window opened for it"
    write(page.get_by_label("验证印章密码"), WORDS)
    to(page.locator("#print-form .btn-primary"))
    page.evaluate(PRINTED)
    expect(page.locator("#side > [role=status]")).to_contain_text("内容有更新")
    office.picture(page, "05-news-waits")
    with page.context.expect_page():
        page.keyboard.press("Enter")
    expect(page.locator("#side")).to_contain_text("剩余 1/2 份", timeout=30_000)
    more = page.locator("#side summary", has_text="更多办理")
    to(more)
    with page.expect_response(lambda answer: answer.url.endswith("/side/")):  # it draws itself again
        page.evaluate(PRINTED)
    expect(more).to_be_focused()
    press(more)
    press(page.get_by_role("button", name="申请追加份数"))
    expect(page.locator("#more-copies")).to_be_focused()
    write(page.locator("#prints-reason"), "打印机卡纸，损坏一份。")
    press(page.locator("#ask-prints .btn-primary"))
    expect(page.locator("#side")).to_contain_text("打印机卡纸，损坏一份。")

    page = office.at("sender", "/sent/{signed_at_sender}/")
    press(page.get_by_role("button", name="同意", exact=True))
    expect(page.locator("#requests")).to_contain_text("同意 1 份")


def test_who_thinks_better_of_it_stands_where_they_were(office: Day) -> None:
    """Before the return: an opened form that is put away gives the focus back to what opened it."""
    page = office.at("receiver", "/deliveries/{wrong}/")
    press(page.locator("[data-opens='#return-form']"))
    press(page.locator("#return-form [data-dismiss]"))
    expect(page.locator("#return-form")).to_be_hidden()
    expect(page.locator("[data-opens='#return-form']")).to_be_focused()


def test_a_document_is_returned_with_a_reason(office: Day) -> None:
    page = office.at("receiver", "/deliveries/{wrong}/")
    page.keyboard.press("r")
    press(page.get_by_label("不属于本单位办理"), "Space")
    write(page.locator("#reason"), "应由市建设局办理。")
    press(page.locator("#return-form .btn-primary"))
    say_yes(page)
    tag_of(page, "已退回")


def test_on_the_board_recipients_are_chosen_and_urged(office: Day) -> None:
    page = office.at("sender", "/sent/{board}/")
    to(page.locator("[data-rows=grid] [data-row]").first)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("1")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("2")
    office.picture(page, "03-chosen-on-the-board")
    page.keyboard.press("u")
    expect(page.locator("#urged")).to_contain_text("催办")
    to(page.locator("[data-rows=grid] [data-row]").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent/*/*/")


def test_a_draft_is_written_saved_and_gets_a_file(office: Day, tmp_path: Path) -> None:
    page = office.at("sender", "/documents/{draft}/edit/")
    write(page.get_by_label("标题"), "关于节约用电的通知")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-page='1'] >> text=节约用电").first).to_be_visible()
    file = tmp_path / "表.csv"
    file.write_text("甲,乙\n", encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        press(page.locator("input[type=file]").first)
    chooser.value.set_files(file)
    expect(page.get_by_text("表.csv").first).to_be_visible()


def test_the_seal_is_moved_by_arrows_and_set(office: Day) -> None:
    page = office.at("custodian", "/documents/{to_seal}/seal/")
    across = page.locator("[name=x]")
    before = float(across.input_value())
    mark = page.locator(".yc-place[tabindex='0']").first
    if mark.count():
        to(mark)
        page.keyboard.press("ArrowRight")
        assert float(across.input_value()) > before
    press(page.get_by_role("button", name="盖章").first)
    say_yes(page)
    expect(page.get_by_text("已经盖章")).to_be_visible()


def _own_group(page: Page) -> None:
    write(page.locator("#name"), "沿江单位")
    write(page.locator("#members-ts-control"), "市环保局")
    page.keyboard.press("Enter")
    press(page.get_by_role("button", name="保存"))


def test_a_group_of_ones_own_is_kept_and_deleted(office: Day) -> None:
    page = office.at("sender", "/recipients/groups/new/")
    _own_group(page)
    press(page.get_by_role("button", name="删除沿江单位"))
    say_yes(page)
    expect(page.get_by_text("还没有分组")).to_be_visible()


def test_a_later_time_is_told_and_taken_back(office: Day) -> None:
    page = office.at("receiver", "/late-notices/")
    to(page.locator("#id_day"))
    page.locator("#id_day").fill(str(localdate() + timedelta(days=1)))  # in what order it is typed, the browser's
    to(page.locator("#id_until"))  # own language says
    page.locator("#id_until").fill("23:30")
    write(page.locator("#id_reason"), "今晚有会议")
    press(page.get_by_role("button", name="告知"))
    expect(page.get_by_role("button", name="收回")).to_be_visible()
