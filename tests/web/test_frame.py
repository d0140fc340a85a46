"""The frame of every page, and the pages that say what went wrong."""

from __future__ import annotations

import json

import pytest
from django import forms

from support.pages import engine, render, tags, words

FRAME = {"unit": "市环保局", "person": "文件管理员", "feed_url": "/feed/", "arrive_url": "/arrive/", "nav_url": "/nav/"}
NAV = [{"label": "收文", "icon": "inbox", "url": "/inbox/", "active": True}]
STATE = {"title": "没有找到", "what": "没有这件公文。", "safe": "没有执行任何操作。", "now": "按文号查找。"}


class LogInForm(forms.Form):
    username = forms.CharField(label="账号", error_messages={"required": "请输入账号。"})
    password = forms.CharField(label="密码", widget=forms.PasswordInput, error_messages={"required": "请输入密码。"})


def page() -> str:
    return render("yc/state.html", frame=FRAME, nav=NAV, state=STATE)


def test_a_page_is_chinese_and_starts_with_a_way_past_the_navigation() -> None:
    html = page()
    assert tags(html, "html")[0]["lang"] == "zh-CN"
    assert tags(html, "a")[0] == {"class": "yc-skip", "href": "#content"}
    assert tags(html, "main")[0]["id"] == "content"


def test_htmx_sends_the_csrf_token_keeps_no_page_and_runs_no_text_as_code() -> None:
    html = page()
    body = tags(html, "body")[0]
    assert len(json.loads(body["hx-headers"] or "")["X-CSRFToken"]) == 64
    config = next(json.loads(m["content"] or "") for m in tags(html, "meta") if m.get("name") == "htmx-config")
    assert config["historyCacheSize"] == 0  # a page left on the machine is a plain copy of a document
    assert config["allowEval"] is False and config["allowScriptTags"] is False and config["selfRequestsOnly"] is True


@pytest.mark.django_db  # the login says so where no centre is opened
def test_the_body_names_where_arrivals_come_from() -> None:
    body = tags(page(), "body")[0]
    assert (body["data-feed-url"], body["data-arrive-url"], body["data-nav-url"]) == ("/feed/", "/arrive/", "/nav/")
    assert "arrivals.js" in page()
    assert "arrivals.js" not in render("yc/login.html", form=LogInForm())


def test_the_person_leaves_by_a_form_and_not_by_a_link() -> None:
    html = render("yc/state.html", frame={**FRAME, "logout_url": "/logout/"}, nav=NAV, state=STATE)
    assert {"method": "post", "action": "/logout/"} in tags(html, "form")


def test_a_state_says_what_happened_what_is_still_so_and_what_to_do() -> None:
    said = words(page())
    assert all(text in said for text in STATE.values())


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "500", "403_csrf"])
def test_an_error_page_stands_without_any_context(name: str) -> None:
    html = str(engine().get_template(f"{name}.html").render())
    said = words(html)
    assert "现在状况" in said and "可以这样办" in said and "回到工作台" in said
    assert "data-state" in html


def test_the_refusal_of_a_view_is_shown_on_the_403_page() -> None:
    assert "市环保局不在主送名单里" in words(render("403.html", exception="市环保局不在主送名单里"))


@pytest.mark.django_db  # the login says so where no centre is opened
def test_a_login_that_failed_says_where() -> None:
    html = render("yc/login.html", form=LogInForm({"username": "", "password": ""}))
    assert "没有登录，有 2 处要改" in words(html)
    assert {link["href"] for link in tags(html, "a")} >= {"#id_username", "#id_password"}


def test_the_first_password_page_says_why_and_offers_no_way_round() -> None:
    html = render("yc/change_password.html", form=LogInForm(), first=True, back_url="/")
    assert "这是第一次登录" in words(html) and "不改了" not in html
