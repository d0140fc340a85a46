"""What the receiver is shown before signing for (R3, J-33): each check by its name."""

import uuid
from datetime import datetime, timedelta

from support.seals import sealed_ofd
from support.world import World, alter_blob, blob_path, replace_body
from yichuan.common import clock, memory
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import typeset_fields
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.check import Line, Panel, check_delivery
from yichuan.exchange.services.send import send
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.publish import publish_lists, publish_wanted
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.revoke import revoke
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.keys.states import Why
from yichuan.lib.ofd.package import Package
from yichuan.lib.ses.signature import parse_signature
from yichuan.lib.ses.stamping import with_time_stamp
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.issue import issue_seal
from yichuan.seals.services.use import Place, apply, begin_use
from yichuan.seals.services.use_bytes import to_sign
from yichuan.seals.services.withdraw import withdraw_seals

NAMES = ["发文单位", "收件单位", "内容完整", "印章", "印章状态", "证书", "覆盖范围", "发送时间"]


def _panel(delivery: Delivery) -> Panel:
    memory.forget_all()
    return check_delivery(
        Delivery.objects.select_related("dispatch__document", "dispatch__unit", "unit").get(pk=delivery.pk)
    )


def _states(panel: Panel) -> dict[str, str]:
    return {line.name: line.state for line in panel.lines}


def _note(panel: Panel, name: str) -> str:
    return next(line.note for line in panel.lines if line.name == name)


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
    panel = _panel(world.delivery())
    assert _states(panel) == dict.fromkeys(NAMES, "ok")
    assert panel.sound
    assert [line.state for line in panel.lines] == ["ok"] * 8


def test_a_byte_changed_on_the_disk_is_named(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    panel = _panel(delivery)
    assert not panel.sound
    assert _states(panel)["内容完整"] == "bad"
    assert "被改动或损坏" in _note(panel, "内容完整")


def test_a_body_that_is_gone_is_named(world: World) -> None:
    delivery = world.delivery()
    blob_path(delivery.dispatch.document.body).unlink()
    panel = _panel(delivery)
    assert not panel.sound
    assert "读不到" in _note(panel, "内容完整")


def test_a_key_of_another_box_is_named(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    mine, other = dispatch.deliveries.order_by("order")
    mine.wrapped_key = other.wrapped_key
    mine.save()
    assert _states(_panel(mine))["内容完整"] == "bad"


def test_a_body_changed_by_somebody_who_has_the_key_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _with_changed_page(read_body(document)))
    panel = _panel(delivery)
    assert "与发出时不一样" in _note(panel, "内容完整")
    assert not panel.sound


def test_and_the_seal_tells_where_the_database_was_changed_too(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _with_changed_page(read_body(document)), digest_too=True)
    panel = _panel(delivery)
    assert "与盖章时不一样" in _note(panel, "内容完整")
    assert not panel.sound


def test_a_body_without_a_seal_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, _unsealed(document), digest_too=True)
    panel = _panel(delivery)
    assert _states(panel)["印章"] == "bad"
    assert "没有电子印章" in _note(panel, "印章")


def test_a_body_that_is_no_ofd_is_named(world: World) -> None:
    delivery = world.delivery()
    replace_body(delivery.dispatch.document, b"PK\x03\x04 nothing", digest_too=True)
    panel = _panel(delivery)
    assert not panel.sound
    assert not panel.report.readable


def test_a_strangers_seal_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, sealed_ofd(_unsealed(document)), digest_too=True)
    panel = _panel(delivery)
    assert _states(panel)["内容完整"] == "ok", "the stranger's seal itself is sound"
    assert (_states(panel)["印章"], _states(panel)["证书"]) == ("bad", "bad")
    assert not panel.sound


def test_a_strangers_seal_beside_the_senders_is_named(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    replace_body(document, sealed_ofd(read_body(document)), digest_too=True)
    assert not _panel(delivery).sound


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
    panel = _panel(delivery)
    assert "不是发文单位的" in _note(panel, "印章")
    assert not panel.sound
    assert Seal.objects.count() == 2


def test_attachments_are_checked_each_by_its_name(world: World) -> None:
    document = world.draft()
    whole = attach(actor=world.sending_clerk, document_id=document.pk, name="表一.csv", data=b"a,b\n")
    altered = attach(actor=world.sending_clerk, document_id=document.pk, name="表二.csv", data=b"c,d\n")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert "2 个附件与发出时一字不差" in _note(_panel(delivery), "内容完整")
    alter_blob(altered.blob)
    panel = _panel(delivery)
    assert not panel.sound
    assert "表二.csv" in _note(panel, "内容完整")
    assert "表一.csv" not in _note(panel, "内容完整")
    blob_path(whole.blob).unlink()
    assert "表一.csv、表二.csv" in _note(_panel(delivery), "内容完整")


def test_attachments_exchanged_for_one_another_are_named(world: World) -> None:
    document = world.draft()
    one = attach(actor=world.sending_clerk, document_id=document.pk, name="表一.csv", data=b"a,b\n")
    two = attach(actor=world.sending_clerk, document_id=document.pk, name="表二.csv", data=b"c,d\n")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    one.blob, two.blob = two.blob, one.blob
    one.save()
    two.save()
    assert "表一.csv、表二.csv" in _note(_panel(delivery), "内容完整")


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
    assert f"计为 {dispatch.counted_day.month}月{dispatch.counted_day.day}日" in _note(_panel(delivery), "发送时间")


def test_an_attachment_replaced_together_with_its_digest_is_named(world: World) -> None:
    document = world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="一.txt", data=b"one")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert _panel(delivery).sound
    document.attachments.update(digest="0" * 64)
    panel = _panel(delivery)
    assert _states(panel)["内容完整"] == "bad"
    assert "附件清单" in _note(panel, "内容完整")


def test_verbs_read_attachments_again_that_the_page_has_found_intact(world: World) -> None:
    document = world.draft()
    file = attach(actor=world.sending_clerk, document_id=document.pk, name="一.txt", data=b"one")
    delivery = world.sent("市环保局", document=document).deliveries.get()
    assert check_delivery(delivery).sound
    alter_blob(file.blob)
    assert not check_delivery(delivery, anew=True).sound


def _sent_after_a_revocation(world: World, *, before_sealing: timedelta) -> dict[str, Line]:
    """The panel of a document whose seal's certificate was revoked, as the list says, so long before it was sealed."""
    document = world.sealed()
    certificate = row_of(Seal.objects.get(unit=world.sender).key_label)
    with command():
        revoke(actor=None, certificate=certificate, reason=Why.KEY_COMPROMISE)
    IssuedCertificate.objects.filter(pk=certificate.pk).update(revoked_at=document.changed_at - before_sealing)
    publish_wanted()
    with clock.fixed_at(document.changed_at + timedelta(hours=2)):
        dispatch = send(
            actor=world.sending_clerk,
            document=document,
            recipients=world.recipients("市环保局"),
            idempotency_key=uuid.uuid4(),
        )
        return {line.name: line for line in check_delivery(dispatch.deliveries.get()).lines}


def test_a_seal_whose_certificate_was_revoked_before_it_was_used_is_named(world: World) -> None:
    line = _sent_after_a_revocation(world, before_sealing=timedelta(hours=1))["证书"]
    assert line.state == "bad"
    assert "吊销" in line.note


def test_a_certificate_revoked_between_sealing_and_sending_takes_nothing_from_what_was_stamped(world: World) -> None:
    assert _sent_after_a_revocation(world, before_sealing=-timedelta(hours=1))["证书"].state == "ok"


def test_a_certificate_revoked_after_the_sending_takes_nothing_from_what_was_sent(world: World) -> None:
    delivery = world.delivery()
    with clock.fixed_at(delivery.arrived_at + timedelta(days=40)):
        with command():
            withdraw_seals(actor=None, unit=world.sender, reason="更名")
        publish_lists()
        panel = _panel(delivery)
    assert panel.sound, panel.lines


def _end_seal(world: World, since: datetime) -> None:
    """The sender's seal as a report of loss leaves it."""
    Seal.objects.filter(unit=world.sender).update(state=SealState.SUSPENDED, suspended_at=since, cause=Cause.LOSS)


def _sent_on(delivery: Delivery, day: datetime) -> None:
    Dispatch.objects.filter(pk=delivery.dispatch_id).update(sent_at=day)


def test_a_document_sealed_and_sent_before_its_seal_was_lost_stays_good_and_says_so(world: World) -> None:
    delivery = world.delivery()
    _end_seal(world, delivery.dispatch.sent_at + timedelta(hours=1))
    panel = _panel(delivery)
    assert _states(panel)["印章状态"] == "ok"
    assert "已暂停使用（遗失）" in _note(panel, "印章状态")
    assert panel.sound


def test_the_record_of_the_use_proves_a_sealing_before_the_loss_though_it_was_sent_after(world: World) -> None:
    delivery = world.delivery()
    used = SealUse.objects.get(document_id=delivery.dispatch.document_id)
    assert used.ended_at is not None
    SealUse.objects.update(ended_at=used.ended_at - timedelta(days=2))
    _end_seal(world, delivery.dispatch.sent_at - timedelta(days=1))
    panel = _panel(delivery)
    assert _states(panel)["印章状态"] == "ok"
    assert "用印登记" in _note(panel, "印章状态")


def test_a_seal_that_was_lost_before_it_was_used_is_named(world: World) -> None:
    delivery = world.delivery()
    SealUse.objects.all().delete()  # put on elsewhere, with the lost carrier
    _end_seal(world, delivery.dispatch.sent_at - timedelta(days=1))
    panel = _panel(delivery)
    assert _states(panel)["印章状态"] == "bad"
    assert "没有时间戳或者用印登记" in _note(panel, "印章状态")
    assert not panel.sound


def test_a_time_stamp_proves_a_sealing_before_the_loss(world: World) -> None:
    delivery = world.delivery()
    document = delivery.dispatch.document
    SealUse.objects.all().delete()
    package = Package.open(read_body(document))
    name = next(each for each in package.names() if each.endswith("SignedValue.dat"))
    value = package.read(name)
    if parse_signature(value).time_stamp is None:
        value = with_time_stamp(value, time_stamp(parse_signature(value).signature))
    replace_body(document, package.replace({name: value}), digest_too=True)
    later = clock.now() + timedelta(days=2)
    _sent_on(delivery, later)
    _end_seal(world, later - timedelta(days=1))
    with clock.fixed_at(later):
        publish_lists()
        panel = _panel(delivery)
    assert _states(panel)["印章状态"] == "ok", panel.lines
    assert "时间戳" in _note(panel, "印章状态")


def test_a_strangers_seal_stands_nowhere(world: World) -> None:
    delivery = world.delivery()
    replace_body(delivery.dispatch.document, sealed_ofd(), digest_too=True)
    assert _states(_panel(delivery))["印章状态"] == "unknown"
