"""How the seal and its certificate stood when they were used (R3, J-33): revoked, lost, stamped in time."""

import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.panels import note_of, panel_of, states_of
from support.seals import sealed_ofd
from support.world import World, replace_body
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.check import Line, check_delivery
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
from yichuan.seals.services.withdraw import withdraw_seals


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
        panel = panel_of(delivery)
    assert panel.sound, panel.lines


def _end_seal(world: World, since: datetime) -> None:
    """The sender's seal as a report of loss leaves it."""
    Seal.objects.filter(unit=world.sender).update(state=SealState.SUSPENDED, suspended_at=since, cause=Cause.LOSS)


def _sent_on(delivery: Delivery, day: datetime) -> None:
    Dispatch.objects.filter(pk=delivery.dispatch_id).update(sent_at=day)


def test_a_document_sealed_and_sent_before_its_seal_was_lost_stays_good_and_says_so(world: World) -> None:
    delivery = world.delivery()
    _end_seal(world, delivery.dispatch.sent_at + timedelta(hours=1))
    panel = panel_of(delivery)
    assert states_of(panel)["印章状态"] == "ok"
    assert "已暂停使用（遗失）" in note_of(panel, "印章状态")
    assert panel.sound


def test_the_ledger_of_uses_is_asked_only_where_a_seal_has_ended(world: World) -> None:
    delivery = world.delivery()
    asked = []
    for ended in (False, True):
        if ended:
            _end_seal(world, delivery.dispatch.sent_at + timedelta(hours=1))
        with CaptureQueriesContext(connection) as questions:
            assert panel_of(delivery).sound
        asked.append(sum("seals_sealuse" in each["sql"] for each in questions))
    assert asked == [0, 1]


def test_the_record_of_the_use_proves_a_sealing_before_the_loss_though_it_was_sent_after(world: World) -> None:
    delivery = world.delivery()
    used = SealUse.objects.get(document_id=delivery.dispatch.document_id)
    assert used.ended_at is not None
    SealUse.objects.update(ended_at=used.ended_at - timedelta(days=2))
    _end_seal(world, delivery.dispatch.sent_at - timedelta(days=1))
    panel = panel_of(delivery)
    assert states_of(panel)["印章状态"] == "ok"
    assert "用印登记" in note_of(panel, "印章状态")


def test_a_seal_that_was_lost_before_it_was_used_is_named(world: World) -> None:
    delivery = world.delivery()
    SealUse.objects.all().delete()  # put on elsewhere, with the lost carrier
    _end_seal(world, delivery.dispatch.sent_at - timedelta(days=1))
    panel = panel_of(delivery)
    assert states_of(panel)["印章状态"] == "bad"
    assert "没有时间戳或者用印登记" in note_of(panel, "印章状态")
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
        panel = panel_of(delivery)
    assert states_of(panel)["印章状态"] == "ok", panel.lines
    assert "时间戳" in note_of(panel, "印章状态")


def test_a_strangers_seal_stands_nowhere(world: World) -> None:
    delivery = world.delivery()
    replace_body(delivery.dispatch.document, sealed_ofd(), digest_too=True)
    assert states_of(panel_of(delivery))["印章状态"] == "unknown"
