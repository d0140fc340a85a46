"""打包下载: received documents as they were sealed, attachments, an index; the others are listed with why not."""

import io
import uuid
import zipfile
from typing import Any

import openpyxl
import pytest

from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import pack as packing
from yichuan.exchange.services.check import delivered_body
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.lib.gm.sm3 import sm3


@pytest.fixture
def received(world: World) -> Delivery:
    """A received delivery with an attachment."""
    document = world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="表/一.csv", data="甲,乙\n".encode())
    delivery = world.sent("市环保局", document=document).deliveries.get()
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    take_copy(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def _pack(world: World, *deliveries: Delivery) -> Any:
    ticked = {"delivery": [str(each.pk) for each in deliveries]}
    return world.browser(world.clerk["市环保局"]).post("/inbox/pack/", ticked)


def _opened(answer: Any) -> tuple[dict[str, bytes], list[tuple[Any, ...]]]:
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    files = {name: archive.read(name) for name in archive.namelist()}
    sheet = openpyxl.load_workbook(io.BytesIO(files.pop("目录.xlsx"))).active
    return files, list(sheet.iter_rows(values_only=True))[1:]


def test_it_holds_what_was_received_and_lists_what_was_not(world: World, received: Delivery) -> None:
    waiting = world.delivery()
    files, index = _opened(_pack(world, received, waiting))
    number = received.dispatch.document.number
    names = [f"01 {number}/正文.ofd", f"01 {number}/附件/1 一.csv"]
    assert list(files) == names
    assert files[names[0]] == delivered_body(received)
    assert [row[6] for row in index] == [*names, ""]
    assert [row[8] for row in index[:2]] == [sm3(files[name]).hex() for name in names]
    assert "还没有接收" in index[2][9]
    entry = Entry.objects.get(verb="exchange.pack")
    assert (entry.subject_id, entry.detail["digest"]) == (received.pk, received.dispatch.document.body_digest)
    waiting.refresh_from_db()
    assert waiting.state == "delivered"


def test_what_does_not_hold_any_more_is_not_handed_out(world: World, received: Delivery) -> None:
    alter_blob(received.dispatch.document.body)
    files, index = _opened(_pack(world, received))
    assert files == {}
    assert "没有打包：" in index[0][9]
    assert not Entry.objects.filter(verb="exchange.pack").exists()


def test_a_pack_has_a_largest_size(world: World, received: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 1000)
    files, index = _opened(_pack(world, received))
    assert (files, index[0][9]) == ({}, packing.TOO_LARGE)


def test_with_nothing_received_there_is_no_pack(world: World) -> None:
    answer = _pack(world, world.delivery())
    assert answer.status_code == 409
    assert "都还没有接收" in answer.content.decode()
    assert _pack(world).status_code == 422


def test_too_many_at_once_are_refused(world: World, received: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST", 0)
    assert _pack(world, received).status_code == 422


def test_another_units_delivery_looks_as_if_it_did_not_exist(world: World, received: Delivery) -> None:
    for other in (world.delivery("市卫生局").pk, uuid.uuid4()):
        answer = world.browser(world.clerk["市环保局"]).post(
            "/inbox/pack/", {"delivery": [str(received.pk), str(other)]}
        )
        assert answer.status_code == 404
    assert not Entry.objects.filter(verb="exchange.pack").exists()
