"""In Chromium: what an open page asks by itself says so, and an ended session is said on the page with its reason."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.served import Served, in_centre, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e
HEARD = "document.body.dispatchEvent(new CustomEvent('yichuan:receipt', {bubbles: true}))"
SUSPEND = """
import django; django.setup()
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.suspend import suspend
with command():
    suspend(actor=None, account=Account.objects.get(username="clerk-0"), reason="借出账号")
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser, centre: Served) -> Page:
    return log_in(browser, centre, "clerk-0", PASSWORD)


def test_the_first_page_tells_of_the_login_and_can_be_put_away(page: Page) -> None:
    told = page.locator("#welcome")
    expect(told).to_contain_text("这是这个账号第一次登录")
    told.get_by_role("button", name="知道了").click()
    expect(told).to_have_count(0)


def test_a_list_that_refreshes_by_itself_says_so_and_a_person_s_click_does_not(page: Page, centre: Served) -> None:
    with page.expect_request("**/sent/") as opened:
        page.goto(f"{centre.url}/sent/")
    assert opened.value.header_value("X-Background") is None
    with page.expect_request("**/sent/") as refreshed:
        page.evaluate(HEARD)
    assert refreshed.value.header_value("X-Background") == "1"


def test_a_suspended_person_s_page_says_so_within_seconds(page: Page, centre: Served) -> None:
    in_centre(centre.home, SUSPEND)
    strip = page.locator("#expired")
    expect(strip).to_contain_text("账号已停用", timeout=5_000)
    page.goto(f"{centre.url}/inbox/")
    expect(page.get_by_text("账号已停用，这里的登录已结束")).to_be_visible()
