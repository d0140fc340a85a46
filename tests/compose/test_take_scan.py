"""Sealed paper as a scan with its text (G-note-4, C7): where the centre takes it, and that it says so everywhere."""

import uuid

import pytest

from support.making import SCAN, TEXT, scanned
from support.world import World, small_gongwen
from yichuan.audit.models import Entry
from yichuan.common import sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import reopen
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin
from yichuan.compose.services.take_scan import take_scan
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.send import Recipient, send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.lib.ofd.package import Package

HEALTH = "市卫生局"


@pytest.fixture(autouse=True)
def _takes_scans(settings: object) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"  # type: ignore[attr-defined]


def _draft(world: World) -> Document:
    """Of 市卫生局, which has no seal."""
    fields = from_gongwen(small_gongwen("江卫〔2008〕5号"), kind="通知")
    return begin(actor=world.clerk[HEALTH], unit=world.units[HEALTH], fields=fields)


def _take(world: World, document: Document, **changed: object) -> Document:
    given = {"scan_name": "通知.pdf", "scan": SCAN, "text_name": "通知.doc.txt", "text": TEXT} | changed
    return take_scan(actor=world.clerk[HEALTH], document_id=document.pk, **given)  # type: ignore[arg-type]


def _sent(world: World) -> Delivery:
    document = scanned(world, _draft(world), HEALTH)
    to = [Recipient(world.units["市环保局"].pk, Delivery.Role.MAIN, 2)]
    dispatch = send(actor=world.clerk[HEALTH], document=document, recipients=to, idempotency_key=uuid.uuid4())
    return dispatch.deliveries.get()


def test_it_waits_to_be_sent_with_the_pdf_and_the_text_beside_it(world: World) -> None:
    document = Document.objects.get(pk=scanned(world, _draft(world), HEALTH).pk)
    assert (document.state, document.source, document.pages) == ("sealed", "scan", 1)
    assert Package.open(read_body(document))
    pdf, text = document.attachments.all()
    assert (pdf.name, text.name) == ("通知（盖章）.pdf", "通知.txt")
    assert sealed.read_bytes(own_key(document), pdf.context, pdf.blob) == SCAN
    assert sealed.read_bytes(own_key(document), text.context, text.blob) == TEXT
    detail = Entry.objects.get(verb="compose.take_scan").detail
    assert detail["attachments"] == [pdf.digest, text.digest]


def test_the_receiver_is_told_that_no_electronic_seal_is_on_it_and_may_sign_for_it(world: World) -> None:
    delivery = _sent(world)
    panel = check_delivery(delivery)
    lines = {line.name: line for line in panel.lines}
    assert panel.sound and lines["印章"].state == "warn"
    assert "盖章纸质件扫描，没有电子印章" in lines["印章"].note
    assert lines["内容完整"].state == "ok"
    assert sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk).state == "signed_for"


def test_a_scan_that_was_changed_on_its_way_is_found_out(world: World) -> None:
    delivery = _sent(world)
    Document.objects.filter(pk=delivery.dispatch.document_id).update(body_digest="0" * 64)
    panel = check_delivery(Delivery.objects.get(pk=delivery.pk))
    assert not panel.sound
    assert [line.name for line in panel.lines if line.state == "bad"] == ["内容完整"]


def test_a_centre_whose_rules_want_seals_refuses_it_with_the_reason(world: World, settings: object) -> None:
    settings.YICHUAN_PROFILE = "jiangmen-2008"  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="要用电子印章盖章后发送"):
        _take(world, _draft(world))


def test_a_unit_that_has_a_seal_uses_it(world: World) -> None:
    with pytest.raises(Refused, match="本单位有在用的电子印章"):
        scanned(world, world.draft())


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"scan": b""}, "scan", "空文件"),
        ({"scan": b"%PDF-1.7 broken"}, "scan", "打不开"),
        ({"scan": SCAN[:-40]}, "scan", "打不开"),
        ({"scan_name": "通知.jpg"}, "scan", "请选择 .pdf"),
        ({"text": b""}, "text", "空文件"),
        ({"text_name": "通知.pdf", "text": SCAN}, "text", "请选择 .txt、.doc、.docx、.wps"),
        ({"text_name": "通知.docx"}, "text", "内容却是"),
    ],
    ids=["empty", "broken", "cut", "picture", "no text", "text as pdf", "misnamed"],
)
def test_both_files_are_wanted_each_as_what_it_is(
    world: World, changed: dict[str, object], field: str, said: str
) -> None:
    document = _draft(world)
    with pytest.raises(Invalid, match=said) as refusal:
        _take(world, document, **changed)
    assert list(refusal.value.errors) == [field]
    document.refresh_from_db()
    assert document.state == "draft" and not document.attachments.exists()


def test_it_goes_back_to_its_clerk_and_comes_again_without_doubling_its_files(world: World) -> None:
    document = scanned(world, _draft(world), HEALTH)
    with pytest.raises(Refused, match="没有在这里盖过章"):
        hand_back(actor=world.clerk[HEALTH], document_id=document.pk, reason="扫歪了")
    reopen(actor=world.clerk[HEALTH], document_id=document.pk)
    again = scanned(world, document, HEALTH)
    assert again.attachments.count() == 2
