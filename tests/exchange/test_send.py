"""Sending (J-30, J-31)."""

import uuid

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.models import Event
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.send import Recipient, send


@pytest.mark.usefixtures("in_both_centres")
def test_every_recipient_gets_one_delivery_with_its_allowance_and_the_document_is_sent(world: World) -> None:
    document = world.sealed()
    dispatch = send(
        actor=world.sending_clerk,
        document=document,
        recipients=[
            *world.recipients("市环保局", "市卫生局", allowance=5),
            Recipient(world.units["市建设局"].pk, Delivery.Role.COPY, 1),
        ],
        idempotency_key=uuid.uuid4(),
    )
    arrived = dispatch.deliveries.order_by("order")
    found = [(each.unit.short_name, each.role, each.allowance, each.state) for each in arrived]
    assert found == [
        ("市环保局", "main", 5, "delivered"),
        ("市卫生局", "main", 5, "delivered"),
        ("市建设局", "copy", 1, "delivered"),
    ]
    document.refresh_from_db()
    assert document.state == DocumentState.SENT


def test_it_is_logged_and_every_recipient_is_told(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    entry = Entry.objects.get(verb="exchange.send")
    assert (entry.subject_id, entry.actor_name, entry.detail["recipients"]) == (dispatch.pk, "文市府办公室", 2)
    told = set(Event.objects.filter(kind="arrival").values_list("unit_id", flat=True))
    assert told == {world.units["市环保局"].pk, world.units["市卫生局"].pk}


@pytest.mark.usefixtures("in_both_centres")
def test_a_repeated_request_returns_the_first_dispatch(world: World) -> None:
    document, key = world.sealed(), uuid.uuid4()
    first = send(
        actor=world.sending_clerk, document=document, recipients=world.recipients("市环保局"), idempotency_key=key
    )
    second = send(
        actor=world.sending_clerk, document=document, recipients=world.recipients("市环保局"), idempotency_key=key
    )
    assert first == second
    assert Delivery.objects.count() == 1


def test_the_same_key_with_other_recipients_is_refused(world: World) -> None:
    document, key = world.sealed(), uuid.uuid4()
    send(actor=world.sending_clerk, document=document, recipients=world.recipients("市环保局"), idempotency_key=key)
    with pytest.raises(Refused) as refusal:
        send(actor=world.sending_clerk, document=document, recipients=world.recipients("市卫生局"), idempotency_key=key)
    assert refusal.value.code == "key_reused"
    assert Delivery.objects.get().unit == world.units["市环保局"]


def test_the_key_of_another_document_is_refused_and_the_document_waits_on(world: World) -> None:
    first, second, key = world.sealed(), world.sealed(), uuid.uuid4()
    recipients = world.recipients("市环保局")
    send(actor=world.sending_clerk, document=first, recipients=recipients, idempotency_key=key)
    with pytest.raises(Refused) as refusal:
        send(actor=world.sending_clerk, document=second, recipients=recipients, idempotency_key=key)
    assert refusal.value.code == "key_reused"
    second.refresh_from_db()
    assert second.state == DocumentState.SEALED
    assert Delivery.objects.get().dispatch.document == first


@pytest.mark.usefixtures("in_both_centres")
def test_a_document_is_not_sent_a_second_time_under_another_key(world: World) -> None:
    dispatch = world.sent("市环保局")
    with pytest.raises(Refused) as refusal:
        send(
            actor=world.sending_clerk,
            document=dispatch.document,
            recipients=world.recipients("市卫生局"),
            idempotency_key=uuid.uuid4(),
        )
    assert refusal.value.code == "wrong_state"
    assert Dispatch.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "ready"])
def test_a_document_that_is_not_sealed_is_not_sent(world: World, state: str) -> None:
    document = world.draft() if state == "draft" else world.ready()
    with pytest.raises(Refused) as refusal:
        send(
            actor=world.sending_clerk,
            document=document,
            recipients=world.recipients(),
            idempotency_key=uuid.uuid4(),
        )
    assert refusal.value.code == "wrong_state"
    assert not Delivery.objects.exists()


def _refused(world: World, recipients: list[Recipient]) -> dict[str, str]:
    document = world.sealed()
    with pytest.raises(Invalid) as refusal:
        send(actor=world.sending_clerk, document=document, recipients=recipients, idempotency_key=uuid.uuid4())
    assert not Dispatch.objects.exists()
    document.refresh_from_db()
    assert document.state == DocumentState.SEALED
    return refusal.value.errors


def test_it_needs_a_main_recipient(world: World) -> None:
    errors = _refused(world, [Recipient(world.units["市环保局"].pk, Delivery.Role.COPY, 1)])
    assert "主送是空的" in errors["main"]


def test_an_unknown_recipient_is_named_and_nothing_is_sent(world: World) -> None:
    errors = _refused(world, [*world.recipients(), Recipient(uuid.uuid4(), Delivery.Role.MAIN, 1)])
    assert "不在通讯录" in errors["main"]


def test_a_unit_does_not_send_to_itself(world: World) -> None:
    assert "本单位" in _refused(world, world.recipients("市府办公室"))["main"]


def test_a_recipient_stands_only_once(world: World) -> None:
    twice = [*world.recipients("市环保局"), Recipient(world.units["市环保局"].pk, Delivery.Role.COPY, 1)]
    assert "市环保局 重复了" in _refused(world, twice)["copy"]


@pytest.mark.parametrize("allowance", [-1, 100])
def test_an_allowance_out_of_range_is_refused(world: World, allowance: int) -> None:
    assert "0 到 99" in _refused(world, world.recipients(allowance=allowance))["allowance"]


def test_a_custodian_may_not_send(world: World) -> None:
    document = world.sealed()
    with pytest.raises(NotAllowed):
        send(
            actor=world.custodian["市府办公室"],
            document=document,
            recipients=world.recipients(),
            idempotency_key=uuid.uuid4(),
        )


def test_another_units_clerk_may_not_send_it(world: World) -> None:
    document = world.sealed()
    with pytest.raises(NotAllowed):
        send(
            actor=world.clerk["市环保局"],
            document=document,
            recipients=world.recipients("市卫生局"),
            idempotency_key=uuid.uuid4(),
        )
