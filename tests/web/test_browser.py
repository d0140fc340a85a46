"""The scripts in a real browser, under the content policy of the centre."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from support.chromium import arrived
from support.pages import engine, render, served
from yichuan.web import middleware

pytestmark = pytest.mark.e2e

LIST = """{% extends "yc/base.html" %}{% load yc %}{% block title %}收文{% endblock %}{% block main %}
<form id="sign-all" method="post" action="/batch/" data-batch="ids"><span data-ticked>0</span>
<button data-needs-tick>批量签收</button><button type="button" data-untick>取消</button>
<table class="yc-table"><tbody data-rows="list">{% for n in "123" %}
<tr data-row><td><input type="checkbox" data-tick name="ids" value="{{ n }}"></td>
<td><a href="#open-{{ n }}" data-open>公文 {{ n }}</a></td>
<td><button type="button" data-key="s" data-opens="#signed-{{ n }}">签收</button></td></tr>{% endfor %}
</tbody></table></form>
{% for n in "123" %}<p id="signed-{{ n }}" hidden>签收了 {{ n }}</p>{% endfor %}
<input id="words" data-key="/">
<form method="post" action="/slow/" data-confirm="退回以后不能撤销" id="return">
<button data-key="r">退回</button></form>
<form hx-post="/refused/" id="act"><button>办理</button></form>{% endblock %}"""

READER = """{% extends "yc/rail.html" %}{% load yc static %}
{% block head %}<script type="module" src="{% static 'yc/viewer.js' %}"></script>{% endblock %}
{% block main %}{% include "yc/parts/viewer.html" %}{% endblock %}"""

PAGE_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210mm" height="297mm">
<style>.t{fill:rgb(1,2,3)}</style>
<text class="t" x="20" y="40" style="font-size:9px">第 %d 页正文 style="a"</text></svg>"""

COMPOSE = """{% extends "yc/base.html" %}{% load yc static %}{% block head %}
<script defer src="{% static 'vendor/tom-select.popular.min.js' %}"></script>
<script type="module" src="{% static 'yc/picker.js' %}"></script>{% endblock %}{% block main %}
<form><select multiple name="main" id="main-to" data-picker data-picker-units="#units" data-picker-count="#count">
</select>
<p id="count"></p><div data-own-allowances><select data-own-unit><option value=""></option>
<option value="3">市财政局</option></select><input data-own-number><button type="button" data-own-add>加上</button>
<ul data-own-list></ul></div></form>{{ units|json_script:"units" }}{% endblock %}"""

UNITS = {
    "groups": [{"value": "batch:1", "text": "第一批", "kind": "批次", "size": 2}],
    "units": [
        {"value": "1", "text": "市环保局", "pinyin": "shihuanbaoju", "group": "第一批", "in": ["batch:1"]},
        {"value": "2", "text": "市卫生局", "pinyin": "shiweishengju", "group": "第一批", "in": ["batch:1"]},
        {"value": "3", "text": "市财政局", "pinyin": "shicaizhengju", "group": "第二批"},
    ],
}


class Site:
    """What the server would answer; the counts change while the browser looks."""

    def __init__(self) -> None:
        self.unsigned = 0
        self.posted: list[str] = []
        self.alive = True

    def page(self, source: str, **context: object) -> Callable[[], tuple[int, str, str]]:
        def answer() -> tuple[int, str, str]:
            frame = {"unit": "市环保局", "person": "文件管理员", "arrive_url": "/arrive/"}
            shown = {"frame": frame, "arrive": {"count": self.unsigned}, **context}
            return 200, "text/html; charset=utf-8", str(engine().from_string(source).render(shown))

        return answer

    def arrive(self) -> tuple[int, str, str]:
        if not self.alive:
            return 500, "text/plain", "down"
        newest = {"unit": "市府办公室", "number": "江府办〔2008〕44号", "at": timezone.now()}
        html = render("yc/arrive.html", arrive={"count": self.unsigned, "newest": newest})
        return 200, "text/html; charset=utf-8", html

    def post(self, name: str, status: int, body: str = "") -> Callable[[], tuple[int, str, str]]:
        def answer() -> tuple[int, str, str]:
            self.posted.append(name)
            return status, "text/html; charset=utf-8", body

        return answer


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Page]:
    refusal = render("yc/state.html", state={"title": "没有办成", "what": "这件公文已经签收。"})
    sheets = [{"number": n, "url": f"/{n}.svg", "width_mm": 210, "height_mm": 297} for n in (1, 2, 3)]
    answers = {
        "/list/": site.page(LIST),
        "/reader/": site.page(READER, pages=sheets),
        "/compose/": site.page(COMPOSE, units=UNITS),
        "/arrive/": site.arrive,
        "/batch/": site.post("batch", 204),
        "/slow/": site.post("return", 204),
        "/refused/": site.post("refused", 409, refusal),
    }
    for number in (1, 2, 3):
        answers[f"/{number}.svg"] = lambda n=number: (200, "image/svg+xml", PAGE_SVG % n)  # type: ignore[misc]
    with served(tmp_path, middleware.policy(RequestFactory().get("/")), answers) as address:
        opened = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        opened.set_default_timeout(8000)
        refused: list[str] = []
        opened.on(
            "console", lambda message: refused.append(message.text) if "Content Security" in message.text else None
        )
        opened.on("pageerror", lambda error: refused.append(str(error)))
        yield opened
        opened.context.close()
        assert refused == []


def test_arrows_choose_a_row_space_ticks_it_and_the_letter_acts_on_it(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    assert page.locator("[data-ticked]").text_content() == "1"
    assert page.locator("input[value='3']").is_checked()
    page.keyboard.press("s")
    assert page.locator("#signed-3").is_visible() and not page.locator("#signed-1").is_visible()


def test_enter_opens_the_current_row(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#open-2")


def test_letters_are_letters_inside_a_field(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("/")
    page.keyboard.type("s?r")
    assert page.locator("#words").input_value() == "s?r"
    assert not page.locator("#signed-1").is_visible() and not page.locator("dialog[open]").count()


def test_the_sheet_lists_the_keys_of_the_page_and_can_switch_letters_off(page: Page) -> None:
    page.goto("/list/")
    page.keyboard.press("?")
    sheet = page.locator("#keysheet")
    assert "签收" in (sheet.text_content() or "") and "选行" in (sheet.text_content() or "")
    sheet.locator("[data-letters]").uncheck()
    sheet.locator("[data-close]").click()
    page.keyboard.press("s")
    assert not page.locator("#signed-1").is_visible()


def test_a_batch_without_a_tick_cannot_be_sent(page: Page) -> None:
    page.goto("/list/")
    button = page.locator("[data-needs-tick]")
    assert button.is_disabled()
    page.locator("input[value='1']").check()
    assert button.is_enabled()
    page.locator("[data-untick]").click()
    assert button.is_disabled()


def test_a_double_click_sends_a_form_once(page: Page, site: Site) -> None:
    page.goto("/list/")
    page.locator("input[value='1']").check()
    page.locator("[data-needs-tick]").dblclick()
    arrived(page, site.posted)
    assert site.posted == ["batch"]


def test_a_return_asks_once_and_no_means_no(page: Page, site: Site) -> None:
    page.goto("/list/")
    page.keyboard.press("r")
    assert "不能撤销" in (page.locator("#ask").text_content() or "")
    page.locator("[data-ask=no]").click()
    page.wait_for_timeout(200)
    assert site.posted == []
    page.keyboard.press("r")
    page.locator("[data-ask=yes]").click()
    arrived(page, site.posted)
    assert site.posted == ["return"]


def test_a_refused_action_leaves_its_words_on_the_page(page: Page) -> None:
    page.goto("/list/")
    page.locator("#act button").click()
    page.locator("#failure [data-state]").wait_for()
    assert "这件公文已经签收。" in (page.locator("#failure").text_content() or "")
    assert page.locator("#act button").is_enabled()


def test_the_strip_and_the_title_count_what_is_unsigned(page: Page, site: Site) -> None:
    site.unsigned = 3
    page.goto("/list/")
    assert page.title() == "(3) 收文 · 驿传"
    page.locator("[data-mute]").click()
    assert page.locator("[data-arrive-when=muted]").is_visible()
    assert not page.locator("[data-arrive-when=ringing]").is_visible()


def test_an_arrival_shows_without_a_reload_and_signing_ends_it(page: Page, site: Site) -> None:
    page.goto("/list/")
    assert page.title() == "收文 · 驿传"
    site.unsigned = 2
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("text=有新公文 2 件").wait_for()
    site.unsigned = 0
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page).to_have_title("收文 · 驿传")


def test_a_lost_server_is_said_and_found_again(page: Page, site: Site) -> None:
    page.goto("/list/")
    site.alive = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("#connection", has_text="与服务器的连接断开").wait_for()
    site.alive = True
    page.locator("[data-reconnect]").click()
    page.locator("#connection").wait_for(state="hidden")


def test_the_reader_draws_pages_with_their_own_style_and_selectable_text(page: Page) -> None:
    page.goto("/reader/")
    page.locator("[data-page='1'][data-loaded=yes]").wait_for()
    text = page.locator("[data-page='1'] text")
    assert text.text_content() == '第 1 页正文 style="a"'
    assert text.evaluate("e => [getComputedStyle(e).fill, getComputedStyle(e).fontSize]") == ["rgb(1, 2, 3)", "9px"]


def test_the_reader_goes_to_a_page_and_keeps_it_over_a_zoom(page: Page) -> None:
    page.goto("/reader/")
    page.locator("[data-thumb='3']").click()
    page.locator("[data-page='3'][data-loaded=yes]").wait_for()
    page.locator("[data-zoom=page]").click()
    assert page.locator("[data-page-now]").text_content() == "第 3 页，共 3 页"
    assert page.locator("[data-go=next]").is_disabled()
    box, canvas = page.locator("[data-page='3']").bounding_box(), page.locator("[data-pages]").bounding_box()
    assert box and canvas and box["height"] <= canvas["height"]


def test_a_group_of_units_is_one_choice_and_its_members_are_counted_once(page: Page) -> None:
    page.goto("/compose/")
    field = page.locator(".ts-control input")
    field.fill("第一批")
    page.locator(".ts-dropdown .option", has_text="第一批").first.click()
    assert page.locator("#count").text_content() == "共 2 家。"
    field.fill("shicaizheng")
    page.locator(".ts-dropdown .option", has_text="市财政局").click()
    assert page.locator("#count").text_content() == "共 3 家。"
    assert page.locator("#main-to").evaluate("e => Array.from(e.selectedOptions, o => o.value)") == ["batch:1", "3"]


def test_a_unit_with_its_own_allowance_gets_one_row_however_often_it_is_added(page: Page) -> None:
    page.goto("/compose/")
    for number in ("5", "7"):
        page.locator("[data-own-unit]").select_option("3")
        page.locator("[data-own-number]").fill(number)
        page.locator("[data-own-add]").click()
    row = page.locator("[data-own-list] input")
    assert row.count() == 1 and row.get_attribute("name") == "allowance-3" and row.input_value() == "7"
    page.locator("[data-own-remove]").click()
    assert row.count() == 0
