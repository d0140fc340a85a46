"""A body that was sealed in an office system goes out once: void stays void, and no seal serves two documents."""

import io
import uuid
import zipfile

import pytest

from support.carriers import CarrierSeal, on_carrier
from support.making import sealed_elsewhere, unsealed_body
from support.world import World
from yichuan.common.errors import Refused
from yichuan.compose.services.finish import reopen
from yichuan.compose.services.hand_back import hand_back
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal_on_carrier import finish_on_carrier, prepare_on_carrier
from yichuan.compose.services.take_sealed import take_sealed
from yichuan.exchange.services.send import send
from yichuan.seals.models import SealUse
from yichuan.seals.places import Place


@pytest.fixture
def held(world: World) -> CarrierSeal:
    return on_carrier(world.sender, world.imprint)


def test_what_was_sent_under_one_number_is_not_taken_for_another(world: World, held: CarrierSeal) -> None:
    data, clerk = sealed_elsewhere(held, unsealed_body(world)), world.sending_clerk
    first = take_sealed(actor=clerk, document_id=world.draft().pk, name="通知.ofd", data=data)
    recipients = world.recipients("市环保局")
    send(actor=clerk, document=first, recipients=recipients, idempotency_key=uuid.uuid4())
    second = world.draft()
    with pytest.raises(Refused, match="已经用在"):
        take_sealed(actor=clerk, document_id=second.pk, name="通知.ofd", data=data)
    second.refresh_from_db()
    assert (second.state, second.body) == ("draft", "")
    assert SealUse.objects.filter(seal=held.seal).count() == 1


def test_a_seal_that_was_made_void_does_not_come_back(world: World, held: CarrierSeal) -> None:
    data, clerk = sealed_elsewhere(held, unsealed_body(world)), world.sending_clerk
    document = take_sealed(actor=clerk, document_id=world.draft().pk, name="通知.ofd", data=data)
    reopen(actor=clerk, document_id=document.pk)
    with pytest.raises(Refused, match="已作废"):
        take_sealed(actor=clerk, document_id=document.pk, name="通知.ofd", data=data)
    document.refresh_from_db()
    assert document.state == "draft"


def test_nor_in_another_package(world: World, held: CarrierSeal) -> None:
    """The same files packed anew are other bytes and the same signature."""
    data, clerk, out = sealed_elsewhere(held, unsealed_body(world)), world.sending_clerk, io.BytesIO()
    take_sealed(actor=clerk, document_id=world.draft().pk, name="通知.ofd", data=data)
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in whole.namelist():
            again.writestr(name, whole.read(name))
    assert out.getvalue() != data
    with pytest.raises(Refused, match="已经用在"):
        take_sealed(actor=clerk, document_id=world.draft().pk, name="通知.ofd", data=out.getvalue())


def test_nor_what_the_custodian_sealed_here_and_took_back(world: World, held: CarrierSeal) -> None:
    """Sealed on the page with the carrier, handed back by the sender: the clerk's copy of the sealed body is void."""
    clerk, custodian = world.sending_clerk, world.custodian["市府办公室"]
    login = str(uuid.UUID(int=1))
    prepared = prepare_on_carrier(
        actor=custodian, document_id=world.ready().pk, seal_id=held.seal.pk, places=[Place(0, 140, 220)], session=login
    )
    signature = held.key.sign(prepared.message)
    document = finish_on_carrier(
        actor=custodian, use_id=prepared.use.pk, certificate=held.certificate, signature=signature, session=login
    )
    data = read_body(document)
    hand_back(actor=clerk, document_id=document.pk, reason="日期不对")
    hand_back(actor=custodian, document_id=document.pk, reason="日期不对")
    with pytest.raises(Refused, match="已作废"):
        take_sealed(actor=clerk, document_id=document.pk, name="通知.ofd", data=data)
