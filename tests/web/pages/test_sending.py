"""Sending and tracking: the form that loses nothing, the board of all recipients, one recipient's course."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from support.pages import tags, words
from support.world import World
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for

pytestmark = pytest.mark.one_database


def get(world: World, path: str) -> str:
    return world.browser(world.sending_clerk).get(path).content.decode()


def test_the_picker_holds_units_batches_and_pinyin_but_not_the_sender(world: World) -> None:
    html = get(world, f"/documents/{world.sealed().pk}/send/")
    data = json.loads(re.search(r'<script id="picker-units"[^>]*>(.*?)</script>', html, re.DOTALL)[1])  # type: ignore[index]
    assert {unit["text"] for unit in data["units"]} == {"市卫生局", "市环保局", "市建设局", "市规划局"}
    assert data["groups"] and all(len(unit["pinyin"].split()) == 2 for unit in data["units"])


def test_a_refused_form_keeps_every_choice_and_names_each_fault_once(world: World) -> None:
    document = world.sealed()
    unit = str(world.units["市环保局"].pk)
    given = {"key": str(uuid.uuid4()), "main": [unit], "declared": "on", "allowance": "many", f"allowance-{unit}": "7"}
    response = world.browser(world.sending_clerk).post(f"/documents/{document.pk}/send/", given)
    html = response.content.decode()
    assert response.status_code == 422
    assert "还没有发出，有 1 处要改" in words(html)
    assert {"value": unit, "selected": None} in tags(html, "option")
    assert any(a.get("name") == f"allowance-{unit}" and a.get("value") == "7" for a in tags(html, "input"))
    assert "copy-error" not in html


def test_sending_without_a_recipient_points_at_the_field(world: World) -> None:
    given = {"key": str(uuid.uuid4()), "allowance": "2", "declared": "on"}
    response = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    html = response.content.decode()
    assert response.status_code == 422
    assert any(link.get("href") == "#main" for link in tags(html, "a"))


def test_before_sending_the_number_of_recipients_is_asked_for_once(world: World) -> None:
    html = get(world, f"/documents/{world.sealed().pk}/send/")
    form = next(attrs for attrs in tags(html, "form") if attrs.get("id") == "send")
    assert "{n}" in (form["data-confirm-count"] or "") and "不能撤回" in (form["data-confirm-count"] or "")


def some_course(world: World) -> tuple[Dispatch, Delivery]:
    dispatch = world.sent()
    by_name = {delivery.unit.short_name: delivery for delivery in dispatch.deliveries.select_related("unit")}
    sign_for(actor=world.clerk["市卫生局"], delivery_id=by_name["市卫生局"].pk)
    return_delivery(actor=world.clerk["市建设局"], delivery_id=by_name["市建设局"].pk, reason="缺附件二")
    return dispatch, by_name["市建设局"]


def test_the_board_shows_each_recipient_with_icon_word_and_colour(world: World) -> None:
    dispatch, _ = some_course(world)
    html = get(world, f"/sent/{dispatch.pk}/")
    cells = {attrs["title"]: attrs["data-kind"] for attrs in tags(html, "a") if "data-kind" in attrs}
    assert cells == {
        "市卫生局：已签收": "sign",
        "市环保局：未签收": "wait",
        "市建设局：已退回": "back",
        "市规划局：未签收": "wait",
    }
    assert "1 / 4 家已签收" in words(html)


def test_the_board_alone_is_what_it_asks_for_again(world: World) -> None:
    dispatch, _ = some_course(world)
    client = world.browser(world.sending_clerk)
    html = client.get(f"/sent/{dispatch.pk}/", headers={"HX-Request": "true"}).content.decode()
    board = tags(html, "div")[0]
    assert "<html" not in html and board["id"] == "board" and "every 20s" in (board["hx-trigger"] or "")


def test_one_recipients_course_shows_the_reason_and_the_receipts_signature(world: World) -> None:
    dispatch, returned = some_course(world)
    said = words(get(world, f"/sent/{dispatch.pk}/{returned.pk}/"))
    assert "退回理由： 缺附件二" in said and "签名有效" in said and "没有签收" in said


def test_the_list_of_dispatches_says_the_most_pressing_first(world: World) -> None:
    some_course(world)
    html = get(world, "/sent/")
    assert "1 家退回" in words(html)
    assert any(a.get("aria-label") == "已接收 0，已签收 1，超时未签收 0，未签收 2，已退回 1" for a in tags(html, "svg"))
