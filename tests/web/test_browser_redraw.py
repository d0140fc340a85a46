"""What refreshes by itself takes nothing away that a person is at: it waits, says so, and comes afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from support.pages import engine, served
from yichuan.web import middleware

pytestmark = pytest.mark.e2e

PAGE = """{% extends "yc/base.html" %}{% block main %}
<aside id="side" class="yc-side" hx-get="/side/" hx-trigger="yichuan:printed from:body" hx-target="this"
 hx-swap="outerHTML" data-quiet><p>第 {{ turn }} 版</p>
<button type="button" data-opens="#print-form">打印</button>
<form hx-post="/act/" hx-target="#side" hx-swap="outerHTML" data-confirm="签收？" data-yes="是">
<button>签收</button></form>
<details><summary>更多办理</summary><p>折起来的</p></details>
<form id="print-form" method="post" action="/print/" target="_blank" data-download hidden>
<label for="copies">份数</label><input id="copies" name="copies" value="1">
<label for="words">密码</label><input id="words" name="words" type="password"><button>生成</button>
<button type="button" data-dismiss="#print-form" data-keep>取消</button></form>
<label><input type="checkbox" data-tick value="1">勾选</label></aside>{% endblock %}"""
HAPPENS = "document.body.dispatchEvent(new CustomEvent('yichuan:printed', { bubbles: true }))"


class Site:
    """A server whose side is another at each asking; side and verb are answered while their gate is open."""

    def __init__(self) -> None:
        self.turn = 1
        self.asked = 0
        self.gate, self.verb_gate = threading.Event(), threading.Event()
        self.gate.set()
        self.verb_gate.set()

    def side(self) -> tuple[int, str, str]:
        self.asked += 1
        self.gate.wait(20)
        self.turn += 1
        return self.page()

    def act(self) -> tuple[int, str, str]:
        self.verb_gate.wait(20)
        return 200, "text/html; charset=utf-8", '<aside id="side"><p>签收好了</p></aside>'

    def page(self) -> tuple[int, str, str]:
        html = str(engine().from_string(PAGE).render({"turn": self.turn}))
        if self.turn > 1:
            start = html.index("<aside")
            html = html[start : html.index("</aside>") + len("</aside>")]
        return 200, "text/html; charset=utf-8", html


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Page]:
    answers: dict[str, Callable[[], tuple[int, str, str]]] = {
        "/": site.page,
        "/side/": site.side,
        "/act/": site.act,
        "/print/": lambda: (200, "text/plain", "ok"),
        "/session/": lambda: (200, "application/json", '{"signed_in": true, "csrf": "fresh"}'),
    }
    with served(tmp_path, middleware.policy(RequestFactory().get("/")), answers) as address:
        opened = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        opened.set_default_timeout(8000)
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.goto("/")
        yield opened
        site.gate.set()
        site.verb_gate.set()
        opened.context.close()
        assert wrong == []


def shows(page: Page, turn: int) -> None:
    expect(page.locator("#side > p").first).to_have_text(f"第 {turn} 版")


def half_filled(page: Page) -> None:
    page.get_by_role("button", name="打印").click()
    page.locator("#copies").fill("2")
    page.locator("#words").fill("geheim")


def still_half_filled(page: Page) -> None:
    shows(page, 1)
    expect(page.locator("#print-form")).to_be_visible()
    expect(page.locator("#copies")).to_have_value("2")
    expect(page.locator("#words")).to_have_value("geheim")


def test_a_half_filled_form_stays_and_the_news_comes_when_it_is_put_away(page: Page, site: Site) -> None:
    half_filled(page)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(HAPPENS)
    expect(page.get_by_role("status")).to_have_text("内容有更新，正在填的办完、取消或清空后自动刷新。")
    page.wait_for_timeout(700)  # longer than it takes to look again
    still_half_filled(page)
    assert site.asked == 0
    page.locator("#print-form [data-dismiss]").click()
    shows(page, 2)
    expect(page.locator(".yc-waiting")).to_have_count(0)
    expect(page.get_by_role("button", name="打印")).to_be_focused()


def test_news_that_was_on_its_way_when_the_form_was_opened_waits_too(page: Page, site: Site) -> None:
    site.gate.clear()
    with page.expect_request("**/side/"):
        page.evaluate(HAPPENS)
    half_filled(page)
    with page.expect_response("**/side/"):
        site.gate.set()
    expect(page.locator(".yc-waiting")).to_be_visible()
    still_half_filled(page)


def test_a_form_that_was_sent_and_answers_in_another_window_makes_room(page: Page, site: Site) -> None:
    half_filled(page)
    page.evaluate(HAPPENS)
    with page.expect_popup():
        page.get_by_role("button", name="生成").click()
    shows(page, 2)
    expect(page.locator("#print-form")).to_be_hidden()


def test_a_question_is_answered_about_the_button_that_asked_it(page: Page, site: Site) -> None:
    page.get_by_role("button", name="签收").click()
    page.evaluate(HAPPENS)
    page.wait_for_timeout(700)
    shows(page, 1)
    page.get_by_role("dialog").get_by_role("button", name="是").click()
    expect(page.locator("#side")).to_have_text("签收好了")
    page.wait_for_timeout(700)
    expect(page.locator("#side")).to_have_text("签收好了")  # what took its place asks for nothing


def test_a_verb_on_its_way_finds_its_place_again(page: Page, site: Site) -> None:
    site.verb_gate.clear()
    page.get_by_role("button", name="签收").click()
    page.get_by_role("dialog").get_by_role("button", name="是").click()
    expect(page.get_by_role("button", name="签收")).to_be_disabled()
    page.evaluate(HAPPENS)
    page.wait_for_timeout(700)
    shows(page, 1)
    site.verb_gate.set()
    expect(page.locator("#side")).to_have_text("签收好了")


def test_a_button_that_is_held_down_stays_until_it_is_let_go(page: Page, site: Site) -> None:
    page.get_by_role("button", name="打印").hover()
    page.mouse.down()
    page.evaluate(HAPPENS)
    page.wait_for_timeout(700)
    shows(page, 1)
    page.mouse.up()
    expect(page.locator("#print-form")).to_be_visible()


def test_what_was_unfolded_and_the_focus_stay_and_a_tick_keeps_nobody_waiting(page: Page, site: Site) -> None:
    page.get_by_text("更多办理").click()
    page.get_by_label("勾选").check()
    page.locator("summary").focus()
    page.evaluate(HAPPENS)
    shows(page, 2)
    expect(page.get_by_text("折起来的")).to_be_visible()
    expect(page.locator("summary")).to_be_focused()
