"""Asking the sender for a resend or for more prints, with the reason (R7, J-37)."""

import pytest

from support.requests import asked_for_prints, asked_for_resend
from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.withdraw_request import withdraw_request
from yichuan.exchange.states import DeliveryState


@pytest.mark.usefixtures("in_both_centres")
def test_the_sender_is_told_and_it_is_on_record(world: World) -> None:
    delivery = world.signed_for()
    request = asked_for_prints(world, delivery, 3)
    assert (request.state, request.copies, request.reason) == ("asked", 3, "打印机卡纸，损坏两份")
    entry = Entry.objects.get(verb="exchange.ask", subject_id=delivery.pk)
    assert entry.detail == {"request": "prints", "count": 3}
    told = Event.objects.filter(kind="asked").values_list("unit_id", flat=True)
    assert list(told) == [world.sender.pk]


def test_what_came_damaged_can_be_asked_for_again_before_it_is_signed_for(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    assert asked_for_resend(world, delivery).kind == "resend"
    with pytest.raises(Refused, match="签收以后才能申请追加份数"):
        asked_for_prints(world, delivery)


def test_one_open_request_of_a_kind(world: World) -> None:
    delivery = world.signed_for()
    first = asked_for_prints(world, delivery)
    with pytest.raises(Refused) as refusal:
        asked_for_prints(world, delivery)
    assert refusal.value.code == "asked_already"
    asked_for_resend(world, delivery)
    assert withdraw_request(actor=world.clerk["市环保局"], request_id=first.pk).state == "withdrawn"
    assert asked_for_prints(world, delivery).state == "asked"
    with pytest.raises(Refused, match="已收回"):
        withdraw_request(actor=world.clerk["市环保局"], request_id=first.pk)


def test_what_cannot_be_asked_for_is_refused_by_its_field(world: World) -> None:
    delivery, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]

    def refused(kind: str = "prints", copies: int = 1, reason: str = "卡纸") -> dict[str, str]:
        with pytest.raises(Invalid) as refusal:
            ask(actor=clerk, delivery_id=delivery.pk, kind=kind, copies=copies, reason=reason)
        return refusal.value.errors

    assert "1 到 97" in refused(copies=0)["copies"] == refused(copies=98)["copies"]
    assert "请写明" in refused(reason=" \n")["reason"]
    assert "401 个字" in refused(reason="字" * 401)["reason"]
    assert "看不见的字符" in refused(reason="卡\u202e纸")["reason"]
    assert "请选择" in refused(kind="all")["kind"]
    Delivery.objects.filter(pk=delivery.pk).update(allowance=99)
    assert "最多的 99 份" in refused()["copies"]
    assert not DeliveryRequest.objects.exists()


@pytest.mark.parametrize(
    "state", [DeliveryState.RETURNED, DeliveryState.WITHDRAWN, DeliveryState.FORWARDED, DeliveryState.REPLACED]
)
def test_nothing_is_asked_about_what_left_the_desk(world: World, state: DeliveryState) -> None:
    delivery = world.delivery()
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    for attempt in (asked_for_prints, asked_for_resend):
        with pytest.raises(Refused, match=state.label):
            attempt(world, delivery)


def test_a_return_ends_what_was_asked(world: World) -> None:
    delivery = world.signed_for()
    request = asked_for_resend(world, delivery)
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason="不归我们办")
    request.refresh_from_db()
    assert (request.state, "退回" in request.answer) == ("withdrawn", True)


def test_another_unit_and_a_post_without_the_duty_ask_nothing(world: World) -> None:
    delivery = world.signed_for()
    request = asked_for_prints(world, delivery)
    stranger, leader = world.clerk["市卫生局"], world.appoint_leader("市环保局")
    with pytest.raises(NotFound):
        ask(actor=stranger, delivery_id=delivery.pk, kind="resend", copies=0, reason="要一份")
    with pytest.raises(NotFound):
        withdraw_request(actor=stranger, request_id=request.pk)
    with pytest.raises(NotAllowed):
        ask(actor=leader, delivery_id=delivery.pk, kind="resend", copies=0, reason="要一份")
    assert DeliveryRequest.objects.count() == 1
