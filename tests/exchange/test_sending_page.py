"""The page that sends: what it takes, and what it says to what it does not."""

import uuid
from typing import Any

import pytest

from support.world import World
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch


def _post(world: World, document: Document, **changes: Any) -> Any:
    form = {
        "key": str(uuid.uuid4()),
        "main": [str(world.units["市环保局"].pk)],
        "allowance": "2",
        "declared": "on",
    } | changes
    return world.browser(world.sending_clerk).post(f"/documents/{document.pk}/send/", form)


def test_it_sends_and_shows_the_board(world: World) -> None:
    document = world.sealed()
    answer = _post(world, document)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/sent/{Dispatch.objects.get().pk}/"


def test_it_says_whom_the_document_itself_names(world: World) -> None:
    document = world.sealed()
    shown = world.browser(world.sending_clerk).get(f"/documents/{document.pk}/send/").content.decode()
    assert "公文上写的主送：市直各单位" in shown
    assert "公文上写的抄送" not in shown  # it names none


def test_the_same_form_posted_again_shows_the_same_board(world: World) -> None:
    document, key = world.sealed(), str(uuid.uuid4())
    first, second = (_post(world, document, key=key) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("allowance", ["", "三", "-1", "100", "1.5", "1_0", "²", "9" * 5000])
def test_an_allowance_that_is_no_number_is_refused(world: World, allowance: str) -> None:
    answer = _post(world, world.sealed(), allowance=allowance)
    assert answer.status_code == 422
    assert "打印份数应是 0 到 99 之间的整数" in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_an_allowance_of_its_own_wins_for_one_unit(world: World) -> None:
    units = [str(world.units[name].pk) for name in ("市环保局", "市卫生局")]
    _post(world, world.sealed(), main=units, **{f"allowance-{units[1]}": "7"})
    assert list(Delivery.objects.order_by("order").values_list("allowance", flat=True)) == [2, 7]


def test_without_a_main_recipient_it_says_so(world: World) -> None:
    answer = _post(world, world.sealed(), main=[])
    assert answer.status_code == 422
    assert "主送是空的" in answer.content.decode()


def test_an_empty_form_says_all_that_is_missing_at_once(world: World) -> None:
    page = _post(world, world.sealed(), main=[], declared="").content.decode()
    assert "还没有发出，有 2 处要改" in page
    assert "主送是空的" in page


@pytest.mark.parametrize("unknown", ["0a4e3a56-0000-4000-8000-000000000000", "batch:9", "市环保局", "' or 1=1"])
def test_an_unknown_recipient_is_refused(world: World, unknown: str) -> None:
    answer = _post(world, world.sealed(), main=[str(world.units["市环保局"].pk), unknown])
    assert answer.status_code == 422
    assert "不在通讯录里" in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_a_batch_stands_for_its_units_but_not_for_the_sender(world: World) -> None:
    _post(world, world.sealed(), main=["batch:1"])
    assert Delivery.objects.count() == 4
    assert not Delivery.objects.filter(unit=world.sender).exists()


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_form_without_its_key_is_refused(world: World, key: str) -> None:
    answer = _post(world, world.sealed(), key=key)
    assert answer.status_code == 409
    assert "刷新页面" in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_a_document_that_is_not_sealed_is_not_sent(world: World) -> None:
    answer = _post(world, world.ready())
    assert answer.status_code == 409
    assert "待盖章" in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_the_form_of_a_document_that_is_not_sealed_leads_back_to_it(world: World) -> None:
    document = world.ready()
    answer = world.browser(world.sending_clerk).get(f"/documents/{document.pk}/send/")
    assert answer.headers["Location"] == f"/documents/{document.pk}/"
