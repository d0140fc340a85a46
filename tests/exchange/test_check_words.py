"""Every check is explained to a clerk, and what came out badly says what to do (R3, J-33)."""

import pytest

from support.printing import print_original
from support.world import World, alter_blob
from yichuan.compose.models import Document
from yichuan.exchange import check_words
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import print_files
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.print_word import read_word

UNIT = "市环保局"


def _page(world: World, delivery: Delivery) -> str:
    return world.browser(world.clerk[UNIT]).get(f"/deliveries/{delivery.pk}/").content.decode()


def test_every_check_of_a_document_says_what_it_looks_at(world: World) -> None:
    delivery = world.delivery(UNIT)
    lines = check_delivery(delivery).lines
    assert {line.name for line in lines} == set(check_words.MEANS)
    assert len({line.means for line in lines}) == len(lines)
    assert not any(line.to_do for line in lines), "nothing is to be done where all is well"
    page = _page(world, delivery)
    assert all(line.means in page for line in lines)


def test_the_steps_of_the_verification_are_told_in_chinese(world: World) -> None:
    delivery = world.delivery(UNIT)
    page = _page(world, delivery)
    [signature] = check_delivery(delivery).report.signatures
    for step in signature.steps:
        assert step.title_zh in page
        assert step.note not in page


def test_what_failed_says_what_to_do(world: World) -> None:
    delivery = world.delivery(UNIT)
    alter_blob(delivery.dispatch.document.body)
    page = _page(world, delivery)
    assert "内容完整，怎么办：" in page
    assert "请发文单位重发" in page


def test_looking_at_the_page_is_said_not_to_be_receiving(world: World) -> None:
    delivery = world.signed_for(UNIT)
    said = "在屏幕上看有记录，不算接收"
    assert said in _page(world, delivery)
    print_original(actor=world.clerk[UNIT], delivery_id=delivery.pk, copies=1)
    assert said not in _page(world, delivery)


def test_a_scan_says_that_it_bears_no_seal_on_the_page_and_on_each_print(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = world.signed_for(UNIT)
    Document.objects.filter(pk=delivery.dispatch.document_id).update(source=Document.Source.SCAN)
    page = _page(world, delivery)
    assert "没有电子印章" in page
    assert "印章，怎么办：" in page
    stamps: list[object] = []

    def stamped(_: object, made: list[object]) -> bytes:
        stamps.extend(made)
        return b"%PDF-"

    monkeypatch.setattr(print_files, "_stamped", stamped)
    print_original(actor=world.clerk[UNIT], delivery_id=delivery.pk, copies=1)
    assert [getattr(stamp, "header", "") for stamp in stamps] == [print_files.SCANNED]
    copy = delivery.copies.get()
    assert copy.verification is not None
    word = read_word(bytes(copy.verified or b""), bytes(copy.verification.certificate))
    assert word is not None
    assert (word["seals"], word["checks"]["印章"]) == ([], "warn")
