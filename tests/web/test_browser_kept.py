"""Nothing typed is lost: a session that is over, a server that is away, a saving that fails, ticks on other pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from support.pages import engine, render, served
from yichuan.web import middleware

pytestmark = pytest.mark.e2e

Answer = Callable[[], tuple[int, str, str]]

DRAFT = """{% extends "yc/base.html" %}{% block main %}
<form id="draft" method="post" action="/finish/" novalidate data-unsaved hx-post="/save/" data-quiet
 hx-trigger="input delay:50ms" hx-target="#preview" hx-swap="outerHTML" hx-sync="this:queue last">
<input type="hidden" name="csrfmiddlewaretoken" value="old"><input name="title" id="id_title"></form>
<button form="draft">完成制作</button><div id="preview"></div>
<form hx-post="/sign/" hx-target="#side" hx-swap="outerHTML"><button data-busy="正在签收…">签收</button></form>
<div id="side">右栏</div>{% endblock %}"""

LIST = """{% extends "yc/base.html" %}{% block main %}<div id="list">
<form data-batch="delivery" hx-post="/batch/" hx-target="#list" hx-select="#list" hx-swap="outerHTML">
<span data-ticked></span><span data-elsewhere></span><button data-needs-tick>批量签收</button></form>
<table><tbody data-rows="list">{% for n in rows %}<tr data-row data-id="{{ n }}"><td>
{% if n not in done %}<input type="checkbox" data-tick value="{{ n }}">{% endif %}</td></tr>{% endfor %}</tbody></table>
{% for n in failed %}<p data-failed="{{ n }}">{{ n }} 没有签收</p>{% endfor %}</div>{% endblock %}"""

ASKED = """{% extends "yc/base.html" %}{% block main %}
<form id="send" method="post" action="/send/" novalidate data-confirm="发给 2 家？" data-yes="发送" data-no="不发送">
<div class="row-x"><input id="allowance" name="allowance" data-from="0" data-to="20" data-label="打印份数"></div>
<button>发送</button></form>
<form hx-post="/sign/" hx-target="#side" hx-swap="outerHTML" novalidate data-confirm="退回？"
 data-yes="退回" id="return">
<textarea name="reason" id="reason" data-needed="没有退回：请写退回理由。"></textarea><button>退回</button></form>
<div id="side" tabindex="-1">右栏</div>{% endblock %}"""


class Site:
    """A server whose session can end, and which says what reached it."""

    def __init__(self) -> None:
        self.signed_in = True
        self.posted: list[str] = []

    def session(self) -> tuple[int, str, str]:
        return 200, "application/json", json.dumps({"signed_in": self.signed_in, "csrf": "fresh"})

    def page(self, source: str, **context: object) -> Answer:
        return lambda: (200, "text/html; charset=utf-8", str(engine().from_string(source).render(context)))

    def post(self, name: str, body: str) -> Answer:
        def answer() -> tuple[int, str, str]:
            if not self.signed_in:
                expired = render("yc/parts/state.html", state={"title": "登录已过期", "what": "请重新登录"})
                return 401, "text/html; charset=utf-8", expired
            self.posted.append(name)
            return 200, "text/html; charset=utf-8", body

        return answer


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Page]:
    after = site.page(LIST, rows=["a1", "a2"], done=["a1"], failed=["b1"])
    answers: dict[str, Answer] = {
        "/session/": site.session,
        "/draft/": site.page(DRAFT),
        "/asked/": site.page(ASKED),
        "/list/1/": site.page(LIST, rows=["a1", "a2"], done=[]),
        "/list/2/": site.page(LIST, rows=["b1", "b2"], done=[]),
        "/batch/": lambda: (*site.post("batch", "")()[:2], after()[2]),
        "/save/": site.post("save", '<div id="preview"><span data-saved>已保存</span></div>'),
        "/finish/": site.post("finish", "<p>完成了</p>"),
        "/send/": site.post("send", "<p>发出了</p>"),
        "/sign/": site.post("sign", '<div id="side">已签收</div>'),
    }
    with served(tmp_path, middleware.policy(RequestFactory().get("/")), answers) as address:
        opened = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
        opened.set_default_timeout(8000)
        wrong: list[str] = []
        opened.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        yield opened
        opened.context.close()
        assert wrong == []


def test_an_expired_session_is_said_beside_what_was_typed_and_ends_with_a_login_elsewhere(
    page: Page, site: Site
) -> None:
    page.goto("/draft/")
    site.signed_in = False
    page.locator("#id_title").fill("写了一半")
    strip = page.locator("#expired")
    expect(strip).to_contain_text("登录已过期，页面上的内容还在。请在新窗口登录，回来再按一次。")
    assert strip.locator("a").get_attribute("target") == "_blank"
    page.get_by_role("button", name="完成制作").click()
    expect(page.get_by_role("button", name="完成制作")).to_be_enabled()
    with page.expect_response("**/sign/"):
        page.get_by_role("button", name="签收").click()
    expect(page.locator("#side")).to_have_text("右栏")
    assert page.locator("#id_title").input_value() == "写了一半"
    assert site.posted == []
    site.signed_in = True
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(strip).to_have_count(0)
    assert page.locator("[name=csrfmiddlewaretoken]").input_value() == "fresh"
    page.get_by_role("button", name="完成制作").click()
    expect(page.get_by_text("完成了")).to_be_visible()


def test_a_saving_that_fails_keeps_the_cursor_says_so_and_is_made_good_by_itself(page: Page, site: Site) -> None:
    page.goto("/draft/")
    page.locator("#id_title").press_sequentially("一")
    expect(page.locator("[data-saved]")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#id_title").press_sequentially("二")
    said = page.locator("#not-saved")
    expect(said).to_contain_text("已经试了 1 次")
    expect(page.locator("[data-saved]")).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == "title"
    page.locator("#not-saved button").click()
    expect(said).to_contain_text("已经试了 2 次")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(said).to_have_count(0)
    expect(page.locator("[data-saved]")).to_be_visible()


def test_a_form_sent_without_a_server_stays_on_its_page(page: Page, site: Site) -> None:
    page.goto("/draft/")
    page.context.set_offline(True)
    page.get_by_role("button", name="完成制作").click()
    expect(page.locator("#failure")).to_contain_text("没有发出去，页面上的内容还在")
    expect(page.get_by_role("button", name="完成制作")).to_be_enabled()
    assert page.url.endswith("/draft/")
    page.context.set_offline(False)
    page.get_by_role("button", name="完成制作").click()
    expect(page.get_by_text("完成了")).to_be_visible()
    assert site.posted == ["finish"]


def test_numbers_are_checked_before_the_question_whose_buttons_name_the_act(page: Page, site: Site) -> None:
    page.goto("/asked/")
    for wrong in ("", "abc", "21", "1.5"):
        page.locator("#allowance").fill(wrong)
        page.get_by_role("button", name="发送", exact=True).click()
        expect(page.get_by_text("打印份数应是 0 到 20 之间的整数")).to_be_visible()
        assert not page.locator("#ask").is_visible()
    page.locator("#allowance").fill("3")
    page.get_by_role("button", name="发送", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="不发送")).to_be_focused()
    dialog.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_text("发出了")).to_be_visible()
    assert site.posted == ["send"]


def test_what_is_missing_is_said_before_the_question_and_what_is_given_is_not_lost(page: Page, site: Site) -> None:
    page.goto("/asked/")
    button = page.locator("#return button")
    button.click()
    expect(page.get_by_text("没有退回：请写退回理由。")).to_be_visible()
    expect(page.locator("#reason")).to_be_focused()
    assert not page.locator("#ask").is_visible()
    page.locator("#reason").fill("缺页")
    button.click()
    page.get_by_role("dialog").get_by_role("button", name="退回").click()
    expect(page.locator("#side")).to_have_text("已签收")
    assert site.posted == ["sign"]


def test_a_tick_outlives_its_page_and_is_sent_with_the_others(page: Page) -> None:
    page.goto("/list/1/")
    page.locator("input[value=a1]").check()
    page.goto("/list/2/")
    page.locator("input[value=b1]").check()
    expect(page.locator("[data-ticked]")).to_have_text("2")
    expect(page.locator("[data-elsewhere]")).to_have_text("（1 件在别的页）")
    with page.expect_request("**/batch/") as sent:
        page.get_by_role("button", name="批量签收").click()
    assert "delivery=a1" in (sent.value.post_data or "")
    expect(page.get_by_text("b1 没有签收")).to_be_visible()
    expect(page.locator("[data-ticked]")).to_have_text("1")  # what failed stays ticked
    page.goto("/list/2/")
    expect(page.locator("input[value=b1]")).to_be_checked()
