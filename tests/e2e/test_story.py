"""The main road in two browsers at once: made, sealed, sent, heard, checked, signed for, printed, copied, receipted."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from support.printing import WORDS
from support.served import Served, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

SENDER_CLERK, CUSTODIAN, HEALTH_CLERK, ENVIRONMENT_CLERK = "clerk-0", "custodian-0", "clerk-1", "clerk-2"


HELD = """
from support.printing import hold
hold(world.units["市卫生局"], world.clerk["市卫生局"])
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("centre"), HELD) as running:
        yield running


def _make(page: Page, centre: Served, number: str) -> None:
    page.goto(f"{centre.url}/documents/new/")
    page.get_by_label("发文字号").fill(number)
    page.get_by_label("标题").fill("关于开展夏季水质检查的通知")
    page.get_by_label("主送机关").fill("市环保局，市卫生局")
    page.locator("[name=body]").fill("一、检查时间\n七月一日至七月十日。\n二、检查内容\n饮用水源和排污口。")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="完成制作")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-page='1'] >> text=七月一日至七月十日")).to_be_visible()


def test_the_road_from_one_clerks_browser_to_anothers(centre: Served, browser: Browser, tmp_path: Path) -> None:
    receiver = log_in(browser, centre, HEALTH_CLERK, PASSWORD)
    sender = log_in(browser, centre, SENDER_CLERK, PASSWORD)
    hosts: set[str] = set()
    for page in (receiver, sender):
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    expect(receiver.locator("#arrive")).to_have_attribute("data-unsigned", "0")

    _make(sender, centre, "江府办〔2008〕61号")
    sender.get_by_role("button", name="完成制作").click()
    expect(sender.get_by_text("等待印章管理员盖章")).to_be_visible()

    custodian = log_in(browser, centre, CUSTODIAN, PASSWORD)
    custodian.get_by_role("link", name="用印").click()
    custodian.get_by_role("link", name="江府办〔2008〕61号").or_(
        custodian.get_by_role("link", name="关于开展夏季水质检查的通知")
    ).first.click()
    custodian.get_by_role("button", name="盖章").click()
    custodian.get_by_role("dialog").get_by_role("button", name="盖章").click()
    expect(custodian.get_by_text("已经盖章")).to_be_visible()

    sender.reload()
    sender.get_by_role("link", name="发送", exact=False).filter(has_text="F").click()
    sender.locator("#main-ts-control").fill("weisheng")
    sender.keyboard.press("Enter")
    sender.locator("#main-ts-control").fill("市环保局")
    sender.keyboard.press("Enter")
    sender.keyboard.press("Escape")
    sender.locator("#allowance").fill("2")
    sender.get_by_label("本件不含密级内容").check()
    sender.get_by_role("button", name="发送", exact=True).click()
    sender.get_by_role("dialog").get_by_role("button", name="发送", exact=True).click()
    expect(sender.get_by_text("/ 2 家已签收")).to_be_visible()

    # no reload: the feed tells the other browser
    expect(receiver.locator("#arrive")).to_have_attribute("data-unsigned", "1")
    expect(receiver.locator("#arrive")).to_contain_text("江府办〔2008〕61号")
    expect(receiver).to_have_title(re.compile(r"^\(1\) "))

    receiver.get_by_role("link", name="逐件签收").click()
    for check in ("发文单位", "收件单位", "内容完整", "印章", "证书", "覆盖范围", "发送时间"):
        expect(receiver.locator(".yc-check b").get_by_text(check, exact=True)).to_be_visible()
    expect(receiver.locator("[data-page='1'] >> text=饮用水源和排污口")).to_be_visible()
    receiver.wait_for_load_state()
    receiver.keyboard.press("s")
    expect(receiver.locator("#side .yc-tag", has_text="已签收")).to_be_visible()
    expect(sender.locator(".yc-cell", has_text="市卫生局")).to_have_attribute("data-kind", "sign", timeout=25_000)

    receiver.keyboard.press("p")
    receiver.locator("#copies").fill("2")
    receiver.get_by_label("验证印章密码").fill(WORDS)
    with receiver.context.expect_page() as opened:
        receiver.locator("#print-form .btn-primary").click()
    assert opened.value.url
    expect(receiver.locator("#side")).to_contain_text("共 2 份，已打印 2 份", timeout=20_000)
    expect(receiver.locator("#side")).to_contain_text("已接收")

    with receiver.expect_download() as download:
        receiver.get_by_role("button", name="脱密下载").click()
        receiver.get_by_role("dialog").get_by_role("button", name="下载", exact=True).click()
    download.value.save_as(tmp_path / "copy.pdf")
    with pikepdf.open(BytesIO((tmp_path / "copy.pdf").read_bytes())) as copy:
        assert len(copy.pages) == 2

    sender.reload()
    sender.locator(".yc-cell", has_text="市卫生局").click()
    expect(sender.get_by_text("签名有效").first).to_be_visible()
    assert hosts == {"127.0.0.1"}


def test_a_receiver_returns_a_document_with_a_reason(centre: Served, browser: Browser) -> None:
    page = log_in(browser, centre, ENVIRONMENT_CLERK, PASSWORD)
    page.get_by_role("link", name="收文").first.click()
    page.get_by_role("link", name="关于调整水质监测断面的通知").click()
    page.wait_for_url("**/deliveries/**")
    page.keyboard.press("r")
    page.get_by_label("具体说明").fill("附件没有收到，请补发。")
    page.locator("#return-form").get_by_role("button", name="退回", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
    expect(page.locator("#side .yc-tag", has_text="已退回")).to_be_visible()
    expect(page.locator("#side")).to_contain_text("附件没有收到，请补发。")
