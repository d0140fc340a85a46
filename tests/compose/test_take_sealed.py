"""A body that the unit's own office system sealed: checked, entered into the ledger, and ready to be sent."""

import pytest

from support.carriers import CarrierSeal, on_carrier
from support.making import sealed_elsewhere, unsealed_body
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.compose.models import Document
from yichuan.compose.services.read import read_body
from yichuan.compose.services.take_sealed import take_sealed
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.send import send
from yichuan.org.duties import Duty
from yichuan.seals.models import Seal, SealUse


@pytest.fixture
def held(world: World) -> CarrierSeal:
    """市府办公室 has a seal on a carrier of its own."""
    return on_carrier(world.sender, world.imprint)


def _take(world: World, data: bytes, document: Document | None = None, name: str = "通知.ofd") -> Document:
    document = document or world.draft()
    return take_sealed(actor=world.sending_clerk, document_id=document.pk, name=name, data=data)


def test_it_is_kept_byte_for_byte_and_its_seal_enters_the_ledger(world: World, held: CarrierSeal) -> None:
    data = sealed_elsewhere(held, unsealed_body(world))
    document = Document.objects.get(pk=_take(world, data).pk)
    assert (document.state, document.source, document.pages) == ("sealed", "upload", 1)
    assert read_body(document) == data
    use = SealUse.objects.get(document_id=document.pk)
    assert (use.seal, use.state, use.device, use.digest_after) == (held.seal, "done", "办公系统", document.body_digest)
    assert (use.custodian, use.number) == (world.sending_clerk, document.number)
    assert Entry.objects.filter(verb="seals.use_elsewhere", subject_id=use.pk).count() == 1


def test_an_office_systems_account_takes_and_sends_it_and_the_receiver_finds_the_seal_good(
    world: World, held: CarrierSeal
) -> None:
    import uuid

    system = world.holder(Duty.OFFICE_SYSTEM, "市府办公室")
    data, draft = sealed_elsewhere(held, unsealed_body(world)), world.draft()
    document = take_sealed(actor=system, document_id=draft.pk, name="通知.ofd", data=data)
    recipients = world.recipients("市环保局")
    dispatch = send(actor=system, document=document, recipients=recipients, idempotency_key=uuid.uuid4())
    panel = check_delivery(dispatch.deliveries.get())
    assert panel.sound, [(line.name, line.note) for line in panel.lines]


def test_a_body_without_a_seal_is_not_taken(world: World, held: CarrierSeal) -> None:
    with pytest.raises(Invalid, match="没有盖过电子印章"):
        _take(world, unsealed_body(world))
    with pytest.raises(Invalid, match="不是"):
        _take(world, b"%PDF-1.7 x", name="通知.pdf")
    assert not SealUse.objects.filter(seal=held.seal).exists()


def test_another_units_seal_is_not_taken(world: World) -> None:
    other = on_carrier(world.units["市卫生局"], world.imprint)
    with pytest.raises(Invalid, match="不是本单位"):
        _take(world, sealed_elsewhere(other, unsealed_body(world)))


def test_what_was_changed_after_sealing_is_not_taken(world: World, held: CarrierSeal) -> None:
    import io
    import zipfile

    data, out = sealed_elsewhere(held, unsealed_body(world)), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            changed.writestr(name, content + b" " if name.endswith("Content.xml") else content)
    with pytest.raises(Invalid, match="没有通过校验"):
        _take(world, out.getvalue())


def test_a_seal_that_may_not_be_used_now_is_refused_by_its_name(world: World, held: CarrierSeal) -> None:
    data = sealed_elsewhere(held, unsealed_body(world))
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=clock.now())
    with pytest.raises(Refused, match="暂停使用"):
        _take(world, data)
    Seal.objects.filter(pk=held.seal.pk).update(suspended_at=None, quorum=2)
    with pytest.raises(Refused, match="只能在交换系统里由保管人盖"):
        _take(world, data)
    in_device = read_body(world.sealed()) if Seal.objects.filter(pk=held.seal.pk).delete() else b""
    with pytest.raises(Refused, match="只能在交换系统里由保管人盖"):
        _take(world, in_device)


def test_who_does_not_write_documents_takes_none(world: World, held: CarrierSeal) -> None:
    data, draft = sealed_elsewhere(held, unsealed_body(world)), world.draft()
    with pytest.raises(NotAllowed):
        take_sealed(actor=world.custodian["市府办公室"], document_id=draft.pk, name="通知.ofd", data=data)
