"""Sealing with a key that the unit keeps (J-24): prepared, signed by the carrier, verified, kept."""

from datetime import timedelta

import pytest

from support.carrier_desk import MIDDLE, SESSION, Desk, desk
from support.carriers import on_carrier
from yichuan.audit.models import Entry
from yichuan.common import clock, memory
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.seal_on_carrier import prepare_on_carrier
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.verifying import verify
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.use import Place

__all__ = ["desk"]


def test_what_the_carrier_signed_is_kept_stamped_and_in_the_ledger(desk: Desk) -> None:
    before = read_body(desk.document)
    prepared = desk.prepare()
    document = desk.answer(prepared)
    body = read_body(document)
    (report,) = verify(body, trust=trusted_roots(), at=clock.now()).signatures
    assert report.valid_and_trusted
    assert (document.state, report.time) == ("sealed", "ok"), "a time stamp proves the time"
    use = SealUse.objects.get()
    assert (use.state, use.carrier, use.device, use.custodians) == ("done", "file", "办公室一号机", ["李印"])
    assert (use.number, use.places) == (document.number, [{"page": 1, "x": 140.0, "y": 220.0}])
    assert (use.digest_before, use.digest_after) == (sm3(before).hex(), sm3(body).hex())
    verbs = Entry.objects.filter(verb__in=["seals.begin_use", "seals.use_done", "compose.seal"]).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["seals.begin_use", "seals.use_done", "compose.seal"]


def test_the_page_is_told_what_is_to_be_signed(desk: Desk) -> None:
    prepared = desk.prepare(MIDDLE, Place(0, 60, 100))
    shown = prepared.shown
    assert (shown["title"], shown["number"], shown["pages"]) == (desk.document.title, desk.document.number, 1)
    assert shown["places"] == ["第 1 页，离左 140、离上 220 毫米", "第 1 页，离左 60、离上 100 毫米"]
    assert shown["body"] == sm3(read_body(desk.document)).hex()
    assert shown["digest"] == sm3(prepared.message).hex()
    assert bytes.fromhex(shown["content"]) in prepared.message
    assert shown["seal"] == desk.held.seal.name


def test_the_same_is_prepared_again_byte_for_byte_from_what_is_stored(desk: Desk) -> None:
    first = desk.prepare()
    memory.forget_all()
    with clock.fixed_at(first.use.begun_at):
        second = desk.prepare()
    assert second.message == first.message
    assert second.use.pk != first.use.pk


def test_preparing_puts_no_plain_body_to_rest(desk: Desk) -> None:
    before = set(Document.objects.values_list("body", flat=True))
    prepared = desk.prepare()
    assert set(Document.objects.values_list("body", flat=True)) == before
    kept = [getattr(prepared.use, field.attname) for field in SealUse._meta.concrete_fields]
    assert not any(isinstance(value, bytes | memoryview) for value in kept)
    assert prepared.message.hex() not in "".join(map(str, kept))


def test_each_form_of_seal_takes_its_own_way(desk: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        seal_document(actor=desk.custodian, document_id=desk.document.pk, seal_id=desk.held.seal.pk, places=[MIDDLE])
    assert refusal.value.code == "on_carrier"
    in_device = Seal.objects.get(carrier=Carrier.DEVICE)
    with pytest.raises(Refused) as refusal:
        prepare_on_carrier(
            actor=desk.custodian,
            document_id=desk.document.pk,
            seal_id=in_device.pk,
            places=[MIDDLE],
            session=SESSION,
        )
    assert refusal.value.code == "in_device"
    assert not SealUse.objects.exists()


def test_a_seal_of_another_unit_is_not_prepared(desk: Desk) -> None:
    desk.held = on_carrier(desk.world.units["市卫生局"], desk.world.imprint)
    with pytest.raises(Invalid) as refusal:
        desk.prepare()
    assert "本单位" in refusal.value.errors["seal"]
    assert not SealUse.objects.exists()


def test_an_expired_seal_is_not_prepared(desk: Desk) -> None:
    with clock.fixed_at(clock.now() + timedelta(days=6 * 365)), pytest.raises(Refused) as refusal:
        desk.prepare()
    assert refusal.value.code == "seal_expired"
    assert not SealUse.objects.exists()
