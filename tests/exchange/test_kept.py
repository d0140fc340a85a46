"""What a unit keeps for one that closed (J-10(2)): to look at and to export whole, on record, and nothing else."""

import io
import json
import tempfile
import zipfile
from typing import Any

import openpyxl
import pytest

from support.over_the_years import close, merge_into
from support.requests import given_to_an_office
from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.common.errors import NotAllowed, NotFound
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, ReturnNotice
from yichuan.exchange.services.export_kept import export_kept
from yichuan.exchange.services.kept import kept_box, kept_boxes
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.return_notice import verify_notice
from yichuan.exchange.services.sign_for import sign_for
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.org.duties import Duty

PDF = b"%PDF-1.4\nattached\n%%EOF"


@pytest.fixture
def kept(world: World) -> Delivery:
    """A signed-for letter with an attachment in the box of 市环保局, which closed; 市建设局 keeps it."""
    draft = world.draft()
    attach(actor=world.sending_clerk, document_id=draft.pk, name="名单.pdf", data=PDF)
    delivery = world.sent("市环保局", "市卫生局", document=draft).deliveries.get(unit=world.units["市环保局"])
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    close(world.units["市环保局"], world.units["市建设局"], kept="export")
    return Delivery.objects.get(pk=delivery.pk)


def _zip(pieces: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_the_keeper_finds_lists_and_opens_it(world: World, kept: Delivery) -> None:
    browser = world.browser(world.clerk["市建设局"])
    document = kept.dispatch.document
    assert world.units["市环保局"].name in browser.get("/kept/").content.decode()
    assert document.number in browser.get(f"/kept/{kept.box_id}/").content.decode()
    page = browser.get(f"/kept/documents/{document.pk}/").content.decode()
    assert "名单.pdf" in page and "只供查看" in page
    assert browser.get(f"/kept/documents/{document.pk}/pages/1.svg").status_code == 200
    file = document.attachments.get()
    answer = browser.get(f"/kept/documents/{document.pk}/attachments/{file.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    looks = Entry.objects.filter(verb="exchange.look_at_kept")
    assert [each.subject_id for each in looks] == [document.pk], "once an hour"


def test_nobody_else_does(world: World, kept: Delivery) -> None:
    for name in ("市卫生局", "市规划局"):
        browser = world.browser(world.clerk[name])
        assert browser.get(f"/kept/{kept.box_id}/").status_code == 404
        assert browser.get(f"/kept/documents/{kept.dispatch.document_id}/").status_code == 404
        assert browser.post(f"/kept/{kept.box_id}/export/").status_code == 404
        assert "没有保管" in browser.get("/kept/").content.decode()
    custodian = world.holder(Duty.CUSTODIAN, "市建设局")
    assert world.browser(custodian).get("/kept/").status_code == 403


def test_an_ordinary_box_is_not_a_kept_one(world: World, kept: Delivery) -> None:
    other = world.delivery("市建设局")
    with pytest.raises(NotFound):
        kept_box(world.clerk["市建设局"], other.box_id)
    merge_into(world, "市卫生局", "市建设局")
    assert [box.pk for box in kept_boxes(world.units["市建设局"].pk)] == [kept.box_id]


def test_a_leader_looks_and_does_not_export(world: World, kept: Delivery) -> None:
    leader = world.appoint_leader("市建设局")
    assert world.browser(leader).get(f"/kept/{kept.box_id}/").status_code == 200
    with pytest.raises(NotAllowed):
        export_kept(actor=leader, box_id=kept.box_id)
    assert not Entry.objects.filter(verb="exchange.export").exists()


def test_the_export_has_every_document_attachment_and_receipt_and_a_list(world: World, kept: Delivery) -> None:
    answer = world.browser(world.clerk["市建设局"]).post(f"/kept/{kept.box_id}/export/")
    assert answer["Content-Type"] == "application/zip"
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    archive = _zip([data])
    assert archive.testzip() is None
    document = kept.dispatch.document
    folder = f"收文/00001 {document.number}"
    assert archive.read(f"{folder}/正文.ofd") == read_body(document)
    assert sm3(archive.read(f"{folder}/正文.ofd")).hex() == document.body_digest
    assert archive.read(f"{folder}/附件/1 名单.pdf") == PDF
    receipt = json.loads(archive.read(f"{folder}/回执/1 签收.json"))
    key = PublicKey.from_der(bytes.fromhex(receipt["public_key"]))
    assert key.verify(bytes.fromhex(receipt["signature"]), receipt["payload"].encode())
    rows = list(openpyxl.load_workbook(io.BytesIO(archive.read("目录.xlsx"))).active.iter_rows(values_only=True))
    assert rows[1][:6] == (1, "收文", document.number, document.title, world.sender.name, world.units["市环保局"].name)
    assert rows[1][7:10] == ("已签收", 1, 1)
    done = Entry.objects.get(verb="exchange.export_done")
    assert (done.detail["documents"], done.detail["failed"]) == (1, 0)
    assert (done.detail["bytes"], done.detail["sm3"]) == (len(data), sm3(data).hex())
    assert done.actor_name == world.clerk["市建设局"].name


def test_what_the_closed_unit_made_is_in_it_too(world: World) -> None:
    dispatch, ready = world.sent("市环保局"), world.ready()
    close(world.sender, world.units["市建设局"], kept="archive")
    archive = _zip(export_kept(actor=world.clerk["市建设局"], box_id=dispatch.document.box_id).stream())
    names = [name for name in archive.namelist() if name.endswith(".ofd")]
    assert names == [f"发文/00001 {ready.number}/正文.ofd", f"发文/00002 {dispatch.document.number}/正文.ofd"]


def test_a_document_that_cannot_be_read_is_named_and_the_rest_goes_on(world: World) -> None:
    bad, good = world.delivery("市环保局"), world.delivery("市环保局")
    alter_blob(bad.dispatch.document.body)
    close(world.units["市环保局"], world.units["市建设局"], kept="export")
    archive = _zip(export_kept(actor=world.clerk["市建设局"], box_id=good.box_id).stream())
    rows = list(openpyxl.load_workbook(io.BytesIO(archive.read("目录.xlsx"))).active.iter_rows(values_only=True))
    notes = {row[2]: row[12] for row in rows[1:]}
    assert notes[good.dispatch.document.number] == ""
    assert "没有完整导出" in notes[bad.dispatch.document.number]
    assert Entry.objects.get(verb="exchange.export_done").detail["failed"] == 1


def test_the_archive_comes_in_pieces_and_leaves_no_file_behind(
    world: World, kept: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("an export touches no disk")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, never)
    pieces = list(export_kept(actor=world.clerk["市建设局"], box_id=kept.box_id).stream())
    assert len(pieces) > 3
    assert _zip(pieces).testzip() is None


def test_notices_and_what_was_given_to_offices_leave_with_it(world: World) -> None:
    clerk, keeper = world.clerk["市环保局"], world.clerk["市建设局"]
    back, given = world.delivery("市环保局"), world.signed_for("市环保局")
    given_to_an_office(world, given)
    return_delivery(actor=clerk, delivery_id=back.pk, reason="不归我们办")
    notice = ReturnNotice.objects.get()
    close(world.units["市环保局"], world.units["市建设局"], kept="export")
    registry = next(box for box in kept_boxes(world.units["市建设局"].pk) if box.pk == given.box_id)
    archive = _zip(export_kept(actor=keeper, box_id=registry.pk).stream())
    notices = [name for name in archive.namelist() if "/退文告知单/" in name]
    assert len(notices) == 1 and notice.number in notices[0]
    assert archive.read(notices[0]).startswith(b"%PDF")
    rows = list(openpyxl.load_workbook(io.BytesIO(archive.read("目录.xlsx"))).active.values)
    by_number = {row[2]: (row[10], row[11]) for row in rows[1:]}
    assert by_number[back.dispatch.document.number] == (1, "")
    assert by_number[given.dispatch.document.number] == (0, "监测科，没有接办")
    assert verify_notice(ReturnNotice.objects.select_related("delivery__box").get())
