"""打印所选 in a browser: a morning's documents, one password. The screenshots lie in `benchmarks/out/office-day/`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from support.office_day import Day, day
from support.printing import WORDS

pytestmark = pytest.mark.e2e

MORNING = """
from yichuan.exchange.services.sign_for import sign_for
titles = ["关于印发夏季水质检查安排的通知", "关于报送上半年工作总结的通知", "关于召开水质监测工作会议的通知"]
sent = [
    world.sent("市环保局", document=made(world, number, title)).deliveries.get()
    for number, title in enumerate(titles, start=101)
]
for delivery in sent[:2]:
    sign_for(actor=people["receiver"], delivery_id=delivery.pk)
pages = {"first": sent[0].pk, "unsigned": sent[2].pk}
"""


@pytest.fixture(scope="module")
def morning(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with day(browser, tmp_path_factory.mktemp("morning"), "p", MORNING, "jiangmen-2008") as today:
        yield today


def _print(page: Page, password: str) -> None:
    page.get_by_label("验证印章密码").fill(password)
    page.get_by_role("button", name="打印", exact=True).click()


def test_what_is_ticked_is_printed_in_one_file_for_one_password(morning: Day) -> None:
    page = morning.at("receiver", "/inbox/")
    page.get_by_label("全选本页可以勾选的").check()
    morning.picture(page, "01-ticked")
    page.get_by_role("button", name="打印所选").click()
    rows = page.locator("#print-several tbody tr:not(.why)")
    expect(rows).to_have_count(4)
    expect(page.locator("#print-several")).to_contain_text("还没有签收。先签收，再打印。")
    morning.picture(page, "02-chosen")

    _print(page, "Wrong-words-1")
    expect(page.locator("#print-password-error")).to_contain_text("验证印章密码不对")
    expect(page.locator("#print-password")).to_be_focused()
    morning.picture(page, "03-wrong-password")

    page.get_by_label("101号 打印份数").fill("2")
    files: list[Response] = []
    page.context.on("response", lambda answer: files.append(answer) if answer.url.endswith("/print/file/") else None)
    posts: list[str] = []
    page.context.on("request", lambda asked: posts.append(asked.post_data or "") if asked.method == "POST" else None)
    with page.context.expect_page() as window:
        _print(page, WORDS)
    expect(page.locator("#print-several")).to_contain_text("打印文件已经生成：2 件，共 3 份", timeout=30_000)
    expect(rows.filter(has_text="101号")).to_contain_text("已打印第 1、2 份")
    morning.picture(page, "04-printed")
    window.value.close()
    sent = [answer for answer in files if answer.headers.get("content-type") == "application/pdf"]
    assert len(sent) == 1
    assert [WORDS in post for post in posts] == [True, False], "the password is sent once, its ticket with the window"
    page = morning.at("receiver", "/deliveries/{first}/")
    expect(page.locator("#side")).to_contain_text("已打印 2/2 份")


def test_without_a_mouse_a_morning_is_printed(morning: Day) -> None:
    page = morning.at("receiver", "/inbox/")
    page.get_by_role("button", name="取消勾选").click()
    page.locator("[data-row]").filter(has_text="102号").locator("[data-open]").focus()
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="打印所选")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="打印所选")).to_be_visible()
    page.get_by_label("102号 打印份数").fill("1")
    page.get_by_label("验证印章密码").fill(WORDS)
    with page.context.expect_page() as window:
        page.keyboard.press("Enter")
    expect(page.locator("#print-several")).to_contain_text("1 件，共 1 份", timeout=30_000)
    window.value.close()
