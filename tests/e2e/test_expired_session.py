"""A session that ends in the middle of the sending form: what was typed stays, and the document goes once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from support.office_day import Day, day, fill_send, press
from support.served import in_centre
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

ALSO = """
document = world.sealed(made(world, 401, "关于调整例会时间的通知"))
pages = {"to_send": document.pk}
"""
DJANGO = "import django, json, sys; django.setup()\n"
HALF_AN_HOUR_LATER = """
from datetime import timedelta
from django.db.models import F
from yichuan.people.models import OpenSession
OpenSession.objects.update(seen_at=F("seen_at") - timedelta(minutes=31))
"""
WHAT_WENT = """
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery
found = Delivery.objects.filter(dispatch__document=sys.argv[1])
print(json.dumps({
    "deliveries": sorted(found.values_list("unit__short_name", flat=True)),
    "allowances": sorted(found.values_list("allowance", flat=True)),
    "sends": Entry.objects.filter(verb="exchange.send", subject_id__in=found.values("dispatch")).count(),
}))
"""


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with day(browser, tmp_path_factory.mktemp("expired"), "expired", ALSO, "jiangmen-2008") as today:
        yield today


def in_the_centre(office: Day, code: str, *words: str) -> str:
    """Run this beside the server; what it prints."""
    return in_centre(office.centre.home, DJANGO + code, *words)


def what_went(office: Day) -> Any:
    return json.loads(in_the_centre(office, WHAT_WENT, office.pages["to_send"]))


def filled_in(page: Page) -> None:
    """As the person left it."""
    expect(page.locator("#main-count")).to_have_text("共 2 家。")
    expect(page.locator(".ts-wrapper").first.locator(".item")).to_contain_text(["市环保局", "市卫生局"])
    expect(page.locator("#allowance")).to_have_value("7")
    expect(page.get_by_label("本件不含密级内容")).to_be_checked()


def test_what_was_chosen_survives_the_login_in_between_and_goes_once(office: Day) -> None:
    page = office.at("sender", "/documents/{to_send}/send/")
    fill_send(page, "市环保局", "市卫生局", copies=7)
    in_the_centre(office, HALF_AN_HOUR_LATER)
    press(page, "发送")
    strip = page.locator("#expired")
    expect(strip).to_contain_text("登录已过期，页面上的内容还在。")
    expect(strip).to_contain_text("30 分钟没有操作")
    filled_in(page)
    office.picture(page, "01-over")
    assert what_went(office) == {"deliveries": [], "allowances": [], "sends": 0}

    with page.context.expect_page() as opened:
        strip.get_by_role("link", name="在新窗口登录").click()
    login = opened.value
    login.get_by_label("账号").fill("clerk-0")
    login.get_by_label("密码").fill(PASSWORD)
    login.get_by_role("button", name="登录").click()
    expect(login.locator("#nav")).to_be_visible()
    login.close()

    expect(strip).to_have_count(0, timeout=20_000)
    filled_in(page)
    office.picture(page, "02-logged-in-again")
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/send/")) as sending:
        press(page, "发送")
    expect(page.get_by_text("/ 2 家已签收")).to_be_visible()
    office.picture(page, "03-sent")
    sent = {"deliveries": ["市卫生局", "市环保局"], "allowances": [7, 7], "sends": 1}
    assert what_went(office) == sent

    first = sending.value
    assert first.post_data is not None
    kind = {"Content-Type": first.headers["content-type"]}
    again = page.request.post(first.url, data=first.post_data, headers=kind)
    assert again.ok and again.url == page.url, "the form once more leads to the same board"
    assert what_went(office) == sent
