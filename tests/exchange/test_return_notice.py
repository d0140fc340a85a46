"""退文告知单: numbered without gaps, made from the signed facts, opened by both sides, finished by a reaper (J-33)."""

import pypdfium2
import pytest
from django.utils.timezone import localdate

from support.at_once import at_once
from support.world import World, alter_blob, broken_device
from yichuan.common import blobs, clock
from yichuan.exchange.models import Delivery, Receipt, ReturnNotice
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.return_notice import (
    NOT_CHECKED,
    blob_names,
    read_notice,
    settle_notices,
    verify_notice,
)
from yichuan.operations.services.settle import sweep_blobs


def _returned(world: World, delivery: Delivery, reason: str = "附件2 缺页") -> ReturnNotice:
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason=reason)
    return ReturnNotice.objects.get(delivery=delivery)


def _text(notice: ReturnNotice) -> str:
    pages = pypdfium2.PdfDocument(read_notice(notice))
    return "".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())


def test_it_says_what_came_back_to_whom_and_why_and_is_signed(world: World) -> None:
    delivery = world.delivery()
    notice = _returned(world, delivery)
    text, document = _text(notice), delivery.dispatch.document
    assert notice.number == f"退〔{localdate(clock.now()).year}〕1号"
    for said in ("退文告知单", notice.number, "江门市人民政府办公室", document.title, document.number or "-"):
        assert said in text
    for said in ("附件2缺页", world.units["市环保局"].name, "文市环保局", "各项校验通过"):
        assert said in text
    assert verify_notice(notice)
    ReturnNotice.objects.filter(pk=notice.pk).update(number="退〔2008〕9号")
    assert not verify_notice(ReturnNotice.objects.get(pk=notice.pk))


def test_numbers_run_by_unit_and_year_without_a_gap(committed_world: World) -> None:
    world = committed_world
    deliveries = [world.delivery() for _ in range(3)]
    raised = at_once(lambda number: _returned(world, deliveries[number]) and None, 3)
    assert raised == []
    year = localdate(clock.now()).year
    given = set(ReturnNotice.objects.values_list("number", flat=True))
    assert given == {f"退〔{year}〕{number}号" for number in (1, 2, 3)}
    other = world.delivery("市卫生局")
    return_delivery(actor=world.clerk["市卫生局"], delivery_id=other.pk, reason="不归我们办")
    assert ReturnNotice.objects.get(delivery=other).number == f"退〔{year}〕1号"


def test_checks_that_failed_are_listed_in_it(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    assert "内容完整" in _text(_returned(world, delivery))


def test_a_broken_wrap_keeps_nobody_from_the_paper(world: World) -> None:
    delivery, other = world.delivery(), world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(wrapped_key=other.wrapped_key)
    notice = _returned(world, Delivery.objects.get(pk=delivery.pk))
    assert "附件2缺页" in _text(notice)


def test_what_the_device_left_the_reaper_makes(world: World) -> None:
    delivery = world.delivery()
    with broken_device():
        notice = _returned(world, delivery)
    assert (notice.signature, notice.blob, notice.number[-2:]) == (None, "", "1号")
    assert Delivery.objects.get(pk=delivery.pk).state == "returned"
    assert settle_notices() == 1
    made = ReturnNotice.objects.get(pk=notice.pk)
    assert verify_notice(made)
    assert NOT_CHECKED in _text(made)
    assert settle_notices() == 0


def test_the_sweeper_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = _returned(world, world.delivery())
    assert list(blob_names()) == [notice.blob]
    monkeypatch.setattr("yichuan.operations.services.settle.BLOB_GRACE_SECONDS", -10)
    sweep_blobs()
    assert notice.blob in {name for name, _ in blobs.store().names()}
    assert verify_notice(notice)


def test_it_rests_encrypted(world: World) -> None:
    notice = _returned(world, world.delivery())
    stored = b"".join(blobs.store().read(notice.blob))
    assert b"%PDF" not in stored
    assert Receipt.objects.filter(kind="returned").count() == 1
