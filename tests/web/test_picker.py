"""The picker of a large centre in a real browser: what matches is asked of the server, what is chosen is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, expect, sync_playwright

from support.pages import chromium, engine, served
from yichuan.web import middleware

pytestmark = pytest.mark.e2e

FORM = """{% extends "yc/base.html" %}{% load static %}{% block head %}
<script defer src="{% static 'vendor/tom-select.popular.min.js' %}"></script>
<script type="module" src="{% static 'yc/picker.js' %}"></script>{% endblock %}{% block main %}
<form><select multiple name="main" id="main" data-picker data-picker-units="#units" data-picker-count="#count"></select>
<p id="count"></p><div data-own-allowances><select data-own-unit data-picker-units="#units" id="own"></select>
<input data-own-number><button type="button" data-own-add>加上</button><ul data-own-list></ul></div></form>
{{ units|json_script:"units" }}{% endblock %}"""

DATA = {
    "groups": [
        {"value": "batch:1", "text": "第一批", "size": 9000, "members": []},
        {"value": "batch:2", "text": "第二批", "size": 11000, "members": []},
    ],
    "units": [],
    "search": "/recipients/",
}
FOUND = [
    {"value": "7", "text": "市环保局", "full": "江门市环境保护局", "pinyin": "x", "group": "第一批", "in": "batch:1"},
    {"value": "office:8", "text": "市环保局监测科", "full": "江门市环境保护局监测科", "pinyin": "x", "group": "第一批"},
]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    html = str(engine().from_string(FORM).render({"units": DATA}))
    answers = {
        "/send/": lambda: (200, "text/html; charset=utf-8", html),
        "/recipients/": lambda: (200, "application/json", json.dumps({"units": FOUND})),
    }
    policy = middleware.policy(RequestFactory().get("/"))
    with served(tmp_path, policy, answers) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(base_url=address)
        opened.set_default_timeout(20_000)
        opened.goto("/send/")
        yield opened
        browser.close()


def choose(page: Page, typed: str, wanted: str) -> None:
    page.locator("#main-ts-control").fill(typed)
    page.locator("#main-ts-dropdown .option").get_by_text(wanted, exact=True).click()


def test_what_the_server_finds_is_offered_and_counted_once_with_its_batch(page: Page) -> None:
    choose(page, "环保", "市环保局")
    expect(page.locator("#count")).to_have_text("共 1 家，都走电子。")
    choose(page, "环保", "市环保局监测科")
    expect(page.locator("#count")).to_have_text("共 2 家，都走电子。")
    choose(page, "第一", "第一批")
    expect(page.locator("#count")).to_have_text("共 9001 家，都走电子。")
    chosen = page.locator("#main").evaluate("e => Array.from(e.selectedOptions, o => o.value)")
    assert chosen == ["7", "office:8", "batch:1"]


def test_a_unit_with_its_own_allowance_is_found_the_same_way(page: Page) -> None:
    page.locator("#own-ts-control").fill("环保")
    page.locator("#own-ts-dropdown .option").get_by_text("市环保局", exact=True).click()
    page.locator("[data-own-number]").fill("9")
    page.locator("[data-own-add]").click()
    row = page.locator("[data-own-list] input")
    expect(row).to_have_attribute("name", "allowance-7")
    expect(page.locator("[data-own-list] li span")).to_have_text("市环保局")
