"""The ticker's round: what was left half-way is settled, what nothing refers to is cleared away."""

import os
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from support.world import World, blob_path, broken_device
from yichuan.common import blobs, clock
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.compose.services.uploads import attach, detach
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.print_numbers import take
from yichuan.exchange.services.send import send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.operations.services.settle import BLOB_GRACE_SECONDS, EVENTS_KEPT, Settled, settle, sweep_blobs
from yichuan.seals.models import Seal
from yichuan.seals.services.use import begin_use


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: object) -> Path:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}"  # type: ignore[attr-defined]
    return tmp_path


def _age(name: str, seconds: float = BLOB_GRACE_SECONDS + 60) -> None:
    then = time.time() - seconds
    os.utime(blob_path(name), (then, then))


def test_what_a_row_refers_to_is_kept(world: World) -> None:
    document = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a,b")
    document = world.ready(document)
    names = {document.content, document.body, attached.blob}
    for name in names:
        _age(name)
    assert sweep_blobs() == 0
    assert names <= {name for name, _ in blobs.store().names()}


def test_what_nothing_refers_to_goes_after_its_grace(world: World) -> None:
    document = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a,b")
    detach(actor=world.sending_clerk, document_id=document.pk, attachment_id=attached.pk)
    _age(attached.blob, BLOB_GRACE_SECONDS - 60)
    assert sweep_blobs() == 0, "it may be on its way into a row"
    _age(attached.blob)
    assert sweep_blobs() == 1
    assert not blob_path(attached.blob).exists()
    assert blob_path(document.content).exists()


def test_the_unsealed_body_stays_to_be_handed_back_until_the_sealed_one_is_sent(world: World) -> None:
    unsealed = world.ready()
    sealed = world.put_seal(unsealed)
    for name in (unsealed.body, sealed.body):
        _age(name)
    assert sweep_blobs() == 0
    send(
        actor=world.sending_clerk,
        document=sealed,
        recipients=world.recipients("市环保局"),
        idempotency_key=uuid.uuid4(),
    )
    assert sweep_blobs() == 1
    assert blob_path(sealed.body).exists()


def test_arrivals_that_never_ended_go_as_well(world: World, own_store: Path) -> None:
    arriving = own_store / "arriving"
    arriving.mkdir(exist_ok=True)
    left = arriving / ("0" * 32)
    left.write_bytes(b"half")
    assert sweep_blobs() == 0
    then = time.time() - BLOB_GRACE_SECONDS - 60
    os.utime(left, (then, then))
    assert sweep_blobs() == 1
    assert not left.exists()


def test_one_round_settles_everything_once(world: World) -> None:
    printing = world.signed_for()
    waiting = world.delivery("市卫生局")
    with broken_device("sign"):
        sign_for(actor=world.clerk["市卫生局"], delivery_id=waiting.pk)
    with command():
        take(uuid.uuid4(), world.clerk["市环保局"], printing, 2)
    with command():
        seal = Seal.objects.get()
        begin_use(actor=world.custodian["市府办公室"], seal=seal, document_id=seal.pk, digest=bytes(32))
    assert Receipt.objects.filter(signature=None).count() == 1
    with clock.fixed_at(clock.now() + timedelta(minutes=6)):
        assert settle() == Settled(uses=1, copies=2, receipts=1, blobs=0)
        assert settle() == Settled(uses=0, copies=0, receipts=0, blobs=0)


def test_events_are_kept_for_a_day(world: World) -> None:
    world.sent("市环保局")
    settle()
    old = set(Event.objects.values_list("pk", flat=True))
    assert old
    with clock.fixed_at(clock.now() + EVENTS_KEPT + timedelta(minutes=1)):
        settle()  # on some days it says something new itself: that nobody has signed for the document yet
    assert not Event.objects.filter(pk__in=old).exists()


def test_one_part_that_fails_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("the database is away")

    delivery = world.delivery()
    with broken_device("sign"):
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    monkeypatch.setattr("yichuan.operations.services.settle.reap_uses", fail)
    assert settle(sweep=False).receipts == 1
