"""收文: what the clerk sees, filters, signs for at once, and reads when one of them fails."""

from __future__ import annotations

import pytest

from support.pages import tags, words
from support.world import World, alter_blob

pytestmark = pytest.mark.one_database

ENVIRONMENT = "市环保局"


def page(world: World, path: str = "/inbox/") -> str:
    return world.browser(world.clerk[ENVIRONMENT]).get(path).content.decode()


def test_an_unsigned_document_stands_out_and_can_be_ticked_and_signed(world: World) -> None:
    delivery = world.delivery()
    html = page(world)
    assert "未签收" in words(html) and delivery.dispatch.document.number in words(html)
    assert {"name": "delivery", "value": str(delivery.pk)}.items() <= next(
        box for box in tags(html, "input") if "data-tick" in box
    ).items()
    assert any(button.get("data-key") == "s" for button in tags(html, "button"))


def test_what_is_signed_for_offers_no_second_signing_and_is_ticked_to_be_printed(world: World) -> None:
    delivery = world.signed_for()
    html = page(world)
    assert "已签收" in words(html)
    assert not [button for button in tags(html, "button") if button.get("data-key") == "s"]
    assert [box["value"] for box in tags(html, "input") if "data-tick" in box] == [str(delivery.pk)]


def test_a_filter_says_what_it_hides_and_how_to_be_rid_of_it(world: World) -> None:
    world.signed_for()
    world.delivery()
    html = page(world, "/inbox/?state=delivered")
    assert "状态：未签收" in words(html) and "显示 1 件，另有 1 件未列出" in words(html)
    assert "清除筛选，看全部 2 件" in words(html)


def test_a_filter_that_finds_nothing_is_not_an_empty_box(world: World) -> None:
    world.delivery()
    assert "没有符合条件的公文" in words(page(world, "/inbox/?number=999"))
    assert "收文箱是空的" not in words(page(world, "/inbox/?number=999"))


def test_a_box_without_documents_says_so(world: World) -> None:
    assert "收文箱是空的" in words(page(world))


def test_signing_several_names_the_one_that_failed_and_why(world: World) -> None:
    good, bad = world.delivery(), world.delivery()
    alter_blob(bad.dispatch.document.body)
    client = world.browser(world.clerk[ENVIRONMENT])
    html = client.post("/inbox/sign-for/", {"delivery": [str(good.pk), str(bad.pk)]}).content.decode()
    said = words(html)
    assert "签收：1 件成功，1 件没有成功" in said
    assert 'role="alert"' in html and said.count("没有签收：") == 1
    assert bad.dispatch.document.number in said


@pytest.mark.parametrize("name", ["市府办公室", "市规划局"])
def test_another_units_documents_are_not_listed(world: World, name: str) -> None:
    number = world.delivery().dispatch.document.number
    html = world.browser(world.clerk[name]).get("/inbox/").content.decode()
    assert number not in words(html)
