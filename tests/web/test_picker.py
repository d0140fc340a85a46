"""The picker of a large centre in a real browser: what matches is asked of the server, what is chosen is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, expect

from support.pages import engine, served
from yichuan.web import middleware

pytestmark = pytest.mark.e2e

FORM = """{% extends "yc/base.html" %}{% load static %}{% block head %}
<script defer src="{% static 'vendor/tom-select.popular.min.js' %}"></script>
<script type="module" src="{% static 'yc/picker.js' %}"></script>
<script type="module" src="{% static 'yc/picker_tree.js' %}"></script>{% endblock %}{% block main %}
<form><select multiple name="main" id="main" data-picker data-picker-units="#units" data-picker-count="#count"></select>
<p id="count"></p>
<details data-tree="#main"><summary>勾选</summary><div class="yc-tree-body"></div></details>
<div data-own-allowances><select data-own-unit data-picker-units="#units" id="own"></select>
<input data-own-number><button type="button" data-own-add>加上</button><ul data-own-list></ul></div></form>
{{ units|json_script:"units" }}{% endblock %}"""

DATA = {
    "groups": [
        {"value": "names:departments", "text": "市直各单位", "kind": "公文上的统称", "size": 19000},
        {"value": "batch:1", "text": "第一批", "kind": "批次", "size": 9000},
        {"value": "batch:2", "text": "第二批", "kind": "批次", "size": 11000},
    ],
    "cells": [
        ["batch:1", "names:departments", 9000],
        ["batch:2", "names:departments", 10000],
        ["batch:2", "names:governments", 1000],
    ],
    "units": [],
    "search": "/recipients/",
}
FOUND = [
    {"value": "7", "text": "市环保局", "full": "江门市环境保护局", "pinyin": "x", "group": "第一批",
     "of": "", "in": ["batch:1", "names:departments"]},
    {"value": "office:8", "text": "市环保局监测科", "full": "江门市环境保护局监测科", "pinyin": "x", "group": "第一批",
     "of": "7", "in": []},
]  # fmt: skip


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    html = str(engine().from_string(FORM).render({"units": DATA}))
    answers = {
        "/send/": lambda: (200, "text/html; charset=utf-8", html),
        "/recipients/": lambda: (200, "application/json", json.dumps({"units": FOUND, "more": 0})),
    }
    policy = middleware.policy(RequestFactory().get("/"))
    with served(tmp_path, policy, answers) as address:
        opened = browser.new_page(base_url=address)
        opened.set_default_timeout(20_000)
        opened.goto("/send/")
        yield opened
        opened.context.close()


def choose(page: Page, typed: str, wanted: str) -> None:
    page.locator("#main-ts-control").fill(typed)
    page.locator("#main-ts-dropdown .option").get_by_text(wanted, exact=True).click()


def test_what_the_server_finds_is_offered_and_counted_once_with_its_batch(page: Page) -> None:
    choose(page, "环保", "市环保局")
    expect(page.locator("#count")).to_have_text("共 1 家。")
    choose(page, "环保", "市环保局监测科")
    expect(page.locator("#count")).to_have_text("共 2 家。")
    choose(page, "第一", "第一批")
    expect(page.locator("#count")).to_have_text("共 9001 家。")
    chosen = page.locator("#main").evaluate("e => Array.from(e.selectedOptions, o => o.value)")
    assert chosen == ["7", "office:8", "batch:1"]


def test_groups_that_overlap_are_counted_once(page: Page) -> None:
    choose(page, "第二", "第二批")
    expect(page.locator("#count")).to_have_text("共 11000 家。")
    choose(page, "市直", "市直各单位")
    expect(page.locator("#count")).to_have_text("共 20000 家。")


def test_the_tree_asks_for_a_groups_units_and_ticks_what_is_chosen(page: Page) -> None:
    page.get_by_text("勾选").click()
    page.get_by_label("展开第一批").click()
    page.get_by_label("市环保局", exact=True).check()
    expect(page.locator("#count")).to_have_text("共 1 家。")
    page.locator("details details").get_by_label("市环保局监测科").check()
    chosen = page.locator("#main").evaluate("e => Array.from(e.selectedOptions, o => o.value)")
    assert chosen == ["7", "office:8"]
    page.locator("label", has_text="第一批").get_by_role("checkbox").check()
    expect(page.get_by_label("市环保局", exact=True)).to_be_checked()
    page.get_by_label("市环保局监测科").uncheck()
    expect(page.locator("#count")).to_have_text("共 9000 家。")


def test_a_unit_with_its_own_allowance_is_found_the_same_way(page: Page) -> None:
    page.locator("#own-ts-control").fill("环保")
    page.locator("#own-ts-dropdown .option").get_by_text("市环保局", exact=True).click()
    page.locator("[data-own-number]").fill("9")
    page.locator("[data-own-add]").click()
    row = page.locator("[data-own-list] input")
    expect(row).to_have_attribute("name", "allowance-7")
    expect(page.locator("[data-own-list] li span")).to_have_text("市环保局")
