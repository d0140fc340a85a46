"""Arrival (R1) in Chromium with a real feed: the strip, the tab, the bell of one tab, a silent browser, the desktop."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from support.chromium import FLAGS, chromium
from support.served import Served, in_centre, log_in, served
from support.world import PASSWORD

pytestmark = pytest.mark.e2e

RECEIVER, SENDS = "clerk-1", 6
SEALED = f"for _ in range({SENDS}): world.sealed()"
SEND = """
import django, pathlib, pickle, sys, time, uuid; django.setup()
from yichuan.compose.models import Document
from yichuan.exchange.services.send import send
world = pickle.loads(pathlib.Path(sys.argv[1], "world").read_bytes())
document = Document.objects.filter(state="sealed").order_by("created_at").first()
to = world.recipients("市卫生局")
send(actor=world.sending_clerk, document=document, recipients=to, idempotency_key=uuid.uuid4())
print(time.time() * 1000)
"""
WATCH = """
window.rang = 0;
window.shown = [];
window.addEventListener('DOMContentLoaded', () => {
  document.body.addEventListener('yichuan:rang', () => { window.rang += 1; });
  const note = () => {
    const count = document.getElementById('arrive').dataset.unsigned;
    const last = window.shown[window.shown.length - 1];
    if (!last || last[0] !== count) window.shown.push([count, Date.now()]);
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
  note();
});
"""
NOTICES = """
window.notices = [];
window.Notification = class extends EventTarget {
  static get permission() { return '%s'; }
  static requestPermission() { return Promise.resolve('%s'); }
  constructor(title, options) { super(); window.notices.push([title, options.body]); }
  close() {}
};
"""
"""The desktop as it answers: Chromium without a head has none of its own."""


@dataclass
class Bench:
    """A centre, and a browser in which the receiver is logged in."""

    centre: Served
    browser: Browser

    def send(self) -> float:
        """One document to the receiver; when it was sent, in milliseconds of the machine's clock."""
        return float(in_centre(self.centre.home, SEND, str(self.centre.home)))

    def context(self, *scripts: str) -> BrowserContext:
        """A browser of its own, logged in, whose pages run these scripts first."""
        first = log_in(self.browser, self.centre, RECEIVER, PASSWORD)
        expect(first.locator("#arrive")).to_be_attached()
        for script in (WATCH, *scripts):
            first.context.add_init_script(script)
        first.close()
        return first.context

    def page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(self.centre.url)
        expect(page.locator("#arrive")).to_be_attached()
        return page


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("centre"), also=SEALED) as running:
        yield running


@pytest.fixture
def bench(centre: Served, browser: Browser) -> Bench:
    return Bench(centre, browser)


def test_it_is_on_the_screen_within_two_seconds_and_one_of_two_tabs_rings(bench: Bench) -> None:
    context = bench.context()
    tabs = [bench.page(context), bench.page(context)]
    tabs[1].bring_to_front()
    before = int(tabs[0].locator("#arrive").get_attribute("data-unsigned") or 0)
    rang = sum(tab.evaluate("window.rang") for tab in tabs)
    sent = bench.send()
    for tab in tabs:
        expect(tab.locator("#arrive")).to_have_attribute("data-unsigned", str(before + 1), timeout=10_000)
        shown = dict(tab.evaluate("window.shown"))
        assert shown[str(before + 1)] - sent < 2000
        expect(tab).to_have_title(re.compile(rf"^\({before + 1}\) "))
        expect(tab.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
    tabs[0].wait_for_timeout(4000)
    assert sum(tab.evaluate("window.rang") for tab in tabs) == rang + 1
    context.close()


def test_what_arrives_while_a_page_is_on_its_way_is_on_it_at_once(bench: Bench) -> None:
    context = bench.context()
    page = context.new_page()

    def late(route: Route) -> None:
        bench.send()
        time.sleep(1.5)  # longer than the feed takes to have read of it
        route.continue_()

    page.route("**/feed/**", late, times=1)
    page.goto(bench.centre.url)
    expect(page.locator("#arrive")).to_be_attached()
    before = int(page.evaluate("window.shown[0][0]"))
    expect(page.locator("#arrive")).to_have_attribute("data-unsigned", str(before + 1))
    context.close()


def test_a_stopped_bell_stays_stopped_in_every_tab_while_the_strip_stays(bench: Bench) -> None:
    context = bench.context()
    first, second = bench.page(context), bench.page(context)
    first.locator("[data-mute]").click()
    expect(second.locator("[data-arrive-when=muted]")).to_be_visible()
    rang = second.evaluate("window.rang")
    bench.send()
    expect(second.locator("[data-arrive-when=muted]")).to_contain_text("新公文还没有签收")
    second.wait_for_timeout(3500)
    assert second.evaluate("window.rang") == rang
    context.close()


def test_a_browser_that_holds_the_sound_back_says_so_and_offers_the_button(centre: Served, browser: Browser) -> None:
    flags = [flag for flag in FLAGS if "autoplay" not in flag]
    flags.append("--autoplay-policy=document-user-activation-required")
    silent = browser.browser_type.launch(executable_path=chromium(), args=flags)
    bench = Bench(centre, silent)
    page = bench.page(bench.context())
    strip = page.locator("[data-arrive-when=blocked]")
    expect(strip).to_contain_text("浏览器没有放行声音")
    assert page.evaluate("window.rang") == 0
    strip.get_by_role("button", name="打开声音").click()
    expect(strip).to_be_hidden()
    page.wait_for_function("window.rang >= 1")  # it is heard once
    silent.close()


@pytest.mark.parametrize(
    ("permission", "answer", "words", "checked"),
    [
        ("default", "granted", "请选「允许」", "false"),
        ("denied", "denied", "把「通知」改为允许", "false"),
        ("granted", "granted", "已打开", "true"),
    ],
    ids=["never asked", "denied", "granted"],
)
def test_the_switch_of_desktop_notices_says_how_it_stands(
    bench: Bench, permission: str, answer: str, words: str, checked: str
) -> None:
    context = bench.context(NOTICES % (permission, answer))
    page = bench.page(context)
    page.locator("[data-menu] summary").click()
    switch = page.get_by_role("switch", name="桌面通知")
    if permission != "default":
        switch.click()
    expect(page.locator("[data-notices-words]")).to_contain_text(words)
    expect(switch).to_have_attribute("aria-checked", checked)
    before = int(page.locator("#arrive").get_attribute("data-unsigned") or 0)
    with page.expect_response("**/nav/"):  # the last that is asked before it is told
        bench.send()
        expect(page.locator("#arrive")).to_have_attribute("data-unsigned", str(before + 1))
    if permission == "granted":
        page.wait_for_function("window.notices.length > 0")
    page.wait_for_timeout(1000)  # and no more
    notices = page.evaluate("window.notices")
    assert len(notices) == (1 if permission == "granted" else 0)
    if notices:
        assert "件没有签收" in notices[0][0] and "市府办公室 江府办〔2008〕" in notices[0][1]
    context.close()
