"""The document page: checks by name, actions that are possible now, and why the others are not."""

from __future__ import annotations

import pytest

from support.pages import tags, words
from support.printing import print_original
from support.world import World
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.return_delivery import return_delivery

pytestmark = pytest.mark.one_database

ENVIRONMENT = "市环保局"


def page(world: World, delivery: Delivery, *, name: str = ENVIRONMENT) -> str:
    return world.browser(world.clerk[name]).get(f"/deliveries/{delivery.pk}/").content.decode()


def keys(html: str) -> set[str]:
    return {attrs["data-key"] or "" for attrs in tags(html) if "data-key" in attrs and "disabled" not in attrs}


def test_before_signing_one_may_sign_or_return_and_is_told_why_not_print(world: World) -> None:
    html = page(world, world.delivery())
    assert {"s", "r"} <= keys(html) and "p" not in keys(html)
    assert "签收以后才能打印和下载" in words(html)


def test_after_signing_one_may_print_and_still_return(world: World) -> None:
    html = page(world, world.signed_for())
    assert {"p", "r"} <= keys(html) and "s" not in keys(html)
    assert "剩余 2/2 份" in words(html)


def test_after_the_first_print_it_is_received_and_cannot_be_returned(world: World) -> None:
    delivery = world.signed_for()
    print_original(actor=world.clerk[ENVIRONMENT], delivery_id=delivery.pk, copies=1)
    html = page(world, delivery)
    assert "r" not in keys(html) and "已接收的公文不能退回" in words(html)
    assert "第 1 份" in words(html) and "剩余 1/2 份" in words(html)


def test_a_returned_document_shows_its_reason_and_offers_nothing(world: World) -> None:
    delivery = world.delivery()
    return_delivery(actor=world.clerk[ENVIRONMENT], delivery_id=delivery.pk, reason="缺附件二")
    html = page(world, delivery)
    assert "退回理由：缺附件二" in words(html)
    assert keys(html).isdisjoint({"s", "r", "p"})


def test_each_check_is_named_and_no_bare_yes_is_shown(world: World) -> None:
    said = words(page(world, world.delivery()))
    for name in ("发文单位", "收件单位", "内容完整", "印章", "证书", "覆盖范围", "发送时间"):
        assert name in said
    assert "验证通过" not in said


def test_the_reader_is_given_every_page_with_its_size(world: World) -> None:
    html = page(world, world.delivery())
    sheets = [attrs for attrs in tags(html, "div") if "data-page" in attrs]
    assert sheets and all(sheet["data-width-mm"] == "210.0" for sheet in sheets)
    assert sheets[0]["data-src"] and sheets[0]["data-src"].endswith("/pages/1.svg")


def test_a_refusal_over_htmx_is_an_alert_in_the_side_and_not_a_page(world: World) -> None:
    delivery = world.signed_for()
    client = world.browser(world.clerk[ENVIRONMENT])
    response = client.post(f"/deliveries/{delivery.pk}/sign-for/", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.status_code == 422
    assert html.lstrip().startswith("<aside") and 'role="alert"' in html


def test_a_return_without_a_reason_opens_the_form_again(world: World) -> None:
    delivery = world.delivery()
    client = world.browser(world.clerk[ENVIRONMENT])
    html = client.post(
        f"/deliveries/{delivery.pk}/return/", {"reason": " "}, headers={"HX-Request": "true"}
    ).content.decode()
    form = next(attrs for attrs in tags(html, "form") if attrs.get("id") == "return-form")
    assert "hidden" not in form


def test_the_queue_beside_the_title_follows_a_signing(world: World) -> None:
    delivery, other = world.delivery(), world.delivery()
    client = world.browser(world.clerk[ENVIRONMENT])
    html = client.post(f"/deliveries/{delivery.pk}/sign-for/", headers={"HX-Request": "true"}).content.decode()
    queue = next(attrs for attrs in tags(html, "span") if attrs.get("id") == "queue")
    assert queue["hx-swap-oob"] == "true"
    assert f"/deliveries/{other.pk}/" in html and "待签收 1 件" in words(html)


def test_another_units_delivery_looks_as_if_it_did_not_exist(world: World) -> None:
    delivery = world.delivery()
    response = world.browser(world.clerk["市卫生局"]).get(f"/deliveries/{delivery.pk}/")
    assert response.status_code == 404
    assert "没有找到" in words(response.content.decode())
