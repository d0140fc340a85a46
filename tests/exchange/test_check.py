"""What the receiver is shown before signing for (R3, J-33): each check by its name."""

from support.panels import note_of, panel_of, states_of
from support.seals import sealed_ofd
from support.world import World, alter_blob, blob_path, replace_body
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import typeset_fields
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import attach
from yichuan.exchange.services.check import check_delivery
from yichuan.lib.ofd.package import Package
from yichuan.seals.models import Seal
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.use import Place, apply, begin_use
from yichuan.seals.services.use_bytes import to_sign

NAMES = ["发文单位", "收件单位", "内容完整", "印章", "印章状态", "证书", "覆盖范围", "发送时间"]


def _with_changed_page(body: bytes) -> bytes:
    """The OFD with one number of its first page's content changed: something on the page moves."""
    package = Package.open(body)
    name = next(name for name in package.names() if name.endswith("Content.xml"))
    content = package.read(name)
    changed = content.replace(b'Boundary="', b'Boundary="1', 1)
    assert changed != content
    return package.replace({name: changed})


def _unsealed(document: Document) -> bytes:
    return typeset_fields(document.pk, *read_content(document)).ofd


def test_a_sound_document_passes_every_check_by_its_name(world: World) -> None:
    panel = panel_of(world.delivery())
    assert states_of(panel) == dict.fromkeys(NAMES, "ok")
    assert panel.sound
    assert [line.state for line in panel.lines] == ["ok"] * 8


def test_a_byte_changed_on_the_disk_is_named(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    panel = panel_of(delivery)
    assert not panel.sound
    assert states_of(panel)["内容完整"] == "bad"
    assert "被改动或损坏" in note_of(panel, "内容完整")


def test_a_body_that_is_gone_is_named(world: World) -> None:
    delivery = world.delivery()
    blob_path(delivery.dispatch.document.body).unlink()
    panel = panel_of(delivery)
    assert not panel.sound
    assert "读不到" in note_of(panel, "内容完整")


def test_a_key_of_another_box_is_named(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    mine, other = dispatch.deliveries.order_by("order")
    mine.wrapped_key = other.wrapped_key
    mine.save()
    assert states_of(panel_of(mine))["内容完整"] == "bad"


def test_a_body_changed_by_somebody_who_has_the_key_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _with_changed_page(read_body(document)))
    panel = panel_of(delivery)
    assert "与发出时不一样" in note_of(panel, "内容完整")
    assert not panel.sound


def test_and_the_seal_tells_where_the_database_was_changed_too(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _with_changed_page(read_body(document)), digest_too=True)
    panel = panel_of(delivery)
    assert "与盖章时不一样" in note_of(panel, "内容完整")
    assert not panel.sound


def test_a_body_without_a_seal_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _unsealed(document), digest_too=True)
    panel = panel_of(delivery)
    assert states_of(panel)["印章"] == "bad"
    assert "没有电子印章" in note_of(panel, "印章")


def test_a_body_that_is_no_ofd_is_named(world: World) -> None:
    delivery = world.delivery()
    replace_body(delivery.dispatch.document, b"PK\x03\x04 nothing", digest_too=True)
    panel = panel_of(delivery)
    assert not panel.sound
    assert not panel.report.readable


def test_a_strangers_seal_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, sealed_ofd(_unsealed(document)), digest_too=True)
    panel = panel_of(delivery)
    assert states_of(panel)["内容完整"] == "ok", "the stranger's seal itself is sound"
    assert (states_of(panel)["印章"], states_of(panel)["证书"]) == ("bad", "bad")
    assert not panel.sound


def test_a_strangers_seal_beside_the_senders_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, sealed_ofd(read_body(document)), digest_too=True)
    assert not panel_of(delivery).sound


def test_a_seal_of_another_unit_of_the_centre_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    with command():
        other = issue_seal(actor=None, unit=world.units["市卫生局"], imprint=world.imprint)
    custodian = world.appoint_custodian("市卫生局")
    with command():
        use = begin_use(actor=custodian, seal=other, document_id=document.pk, digest=bytes(32))
    waiting = to_sign(other, _unsealed(document), [Place(0, 140, 220)], clock.now())
    replace_body(document, apply(use, waiting), digest_too=True)
    panel = panel_of(delivery)
    assert "不是发文单位的" in note_of(panel, "印章")
    assert not panel.sound
    assert Seal.objects.count() == 2


def test_attachments_are_checked_each_by_its_name(world: World) -> None:
    document = world.draft()
    whole = attach(actor=world.sending_clerk, document_id=document.pk, name="表一.csv", data=b"a,b\n")
    altered = attach(actor=world.sending_clerk, document_id=document.pk, name="表二.csv", data=b"c,d\n")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert "2 个附件与发出时一字不差" in note_of(panel_of(delivery), "内容完整")
    alter_blob(altered.blob)
    panel = panel_of(delivery)
    assert not panel.sound
    assert "表二.csv" in note_of(panel, "内容完整")
    assert "表一.csv" not in note_of(panel, "内容完整")
    blob_path(whole.blob).unlink()
    assert "表一.csv、表二.csv" in note_of(panel_of(delivery), "内容完整")


def test_attachments_exchanged_for_one_another_are_named(world: World) -> None:
    document = world.draft()
    one = attach(actor=world.sending_clerk, document_id=document.pk, name="表一.csv", data=b"a,b\n")
    two = attach(actor=world.sending_clerk, document_id=document.pk, name="表二.csv", data=b"c,d\n")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    one.blob, two.blob = two.blob, one.blob
    one.save()
    two.save()
    assert "表一.csv、表二.csv" in note_of(panel_of(delivery), "内容完整")


def test_the_page_of_a_broken_body_opens_and_offers_to_return_it(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    browser = world.browser(world.clerk["市环保局"])
    page = browser.get(f"/deliveries/{delivery.pk}/")
    assert page.status_code == 200
    assert "被改动或损坏" in page.content.decode()
    assert f"/deliveries/{delivery.pk}/return/" in page.content.decode()
    assert browser.post(f"/deliveries/{delivery.pk}/return/", {"reason": "坏了"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "returned"


def test_what_was_sent_after_the_cut_off_says_which_day_it_counts_for(world: World) -> None:
    delivery = world.delivery()
    dispatch = delivery.dispatch
    local = dispatch.sent_at
    dispatch.counted_day = local.replace(year=local.year + 1).date()
    dispatch.save()
    assert f"计为 {dispatch.counted_day.month}月{dispatch.counted_day.day}日" in note_of(panel_of(delivery), "发送时间")


def test_an_attachment_replaced_together_with_its_digest_is_named(world: World) -> None:
    document = world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="一.txt", data=b"one")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert panel_of(delivery).sound
    document.attachments.update(digest="0" * 64)
    panel = panel_of(delivery)
    assert states_of(panel)["内容完整"] == "bad"
    assert "附件清单" in note_of(panel, "内容完整")


def test_verbs_read_attachments_again_that_the_page_has_found_intact(world: World) -> None:
    document = world.draft()
    file = attach(actor=world.sending_clerk, document_id=document.pk, name="一.txt", data=b"one")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert check_delivery(delivery).sound
    alter_blob(file.blob)
    assert not check_delivery(delivery, anew=True).sound
