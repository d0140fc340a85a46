"""Letters to a unit that is no more (U4, U5): they reach its successor, the sender is told, or they are refused."""

import uuid

import pytest

from support.over_the_years import close, merge_into, rename
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, Refused
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.selectors import inbox
from yichuan.exchange.selectors_board import board
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.services.send import Recipient, send
from yichuan.org.models import Box, UnitName
from yichuan.seals.services.withdraw import withdraw_seals

Role = Delivery.Role


def _send(world: World, *recipients: tuple[str, Role, int], document: Document | None = None) -> Dispatch:
    return send(
        actor=world.sending_clerk,
        document=document or world.sealed(),
        recipients=[Recipient(world.units[name].pk, role, allowance) for name, role, allowance in recipients],
        idempotency_key=uuid.uuid4(),
    )


def test_a_letter_to_the_predecessor_reaches_the_successor_under_the_name_it_bore(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    dispatch = _send(world, ("市环保局", Role.MAIN, 2))
    delivery = dispatch.deliveries.get()
    assert delivery.unit == world.units["市建设局"]
    assert delivery.addressee.name == UnitName.objects.get(unit=world.units["市环保局"]).name
    assert delivery.box == Box.objects.get(unit=world.units["市建设局"], closed_at=None)
    assert delivered_key(delivery)
    assert list(inbox(world.units["市建设局"].pk)) == [delivery]
    assert Event.objects.filter(kind="arrival", unit_id=world.units["市建设局"].pk).exists()


def test_the_sender_is_told_on_the_board_and_the_log_says_it(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    dispatch = _send(world, ("市环保局", Role.MAIN, 2), ("市卫生局", Role.COPY, 2))
    assert [each.unit for each in board(dispatch.pk).passed_on] == ["市建设局"]
    page = world.browser(world.sending_clerk).get(f"/sent/{dispatch.pk}/").content.decode()
    names = [world.units[name].name for name in ("市环保局", "市建设局")]
    assert f"发给{names[0]}的公文，由{names[1]}承继收取。" in page
    detail = Entry.objects.get(verb="exchange.send").detail
    assert detail["routed"] == {names[0]: str(world.units["市建设局"].pk)}


def test_a_chain_of_successors_is_followed_to_its_end(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    merge_into(world, "市建设局", "市规划局")
    assert _send(world, ("市环保局", Role.MAIN, 2)).deliveries.get().unit == world.units["市规划局"]


@pytest.mark.parametrize("turned", [False, True])
def test_what_leads_to_one_box_is_one_delivery_main_before_copy_and_the_larger_allowance(
    world: World, *, turned: bool
) -> None:
    merge_into(world, "市环保局", "市建设局")
    both = [("市环保局", Role.MAIN, 1), ("市建设局", Role.COPY, 5)]
    delivery = _send(world, *(reversed(both) if turned else both)).deliveries.get()
    assert (delivery.role, delivery.allowance) == (Role.MAIN, 5)
    assert delivery.addressee.unit == world.units["市建设局"], "its own name where it was addressed by it too"


def test_a_unit_without_a_successor_is_refused_with_what_its_application_said(world: World) -> None:
    close(world.units["市环保局"], world.units["市府办公室"], kept="archive")
    document = world.sealed()
    with pytest.raises(Invalid) as refusal:
        _send(world, ("市卫生局", Role.MAIN, 2), ("市环保局", Role.COPY, 2), document=document)
    assert refusal.value.field == "copy"
    assert "注销，没有承继单位，公文处理办法是：移交档案部门。请从收件单位里去掉" in refusal.value.message
    assert not Dispatch.objects.exists()
    assert _send(world, ("市卫生局", Role.MAIN, 2), document=document).deliveries.count() == 1


def test_a_letter_that_would_come_back_to_its_sender_is_refused(world: World) -> None:
    merge_into(world, "市环保局", "市府办公室")
    with pytest.raises(Invalid, match="市环保局已经由本单位承继"):
        _send(world, ("市环保局", Role.MAIN, 2))


def test_a_unit_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="不在通讯录里"):
        send(
            actor=world.sending_clerk,
            document=world.sealed(),
            recipients=[Recipient(uuid.uuid4(), Role.MAIN, 2)],
            idempotency_key=uuid.uuid4(),
        )


def test_old_documents_are_found_by_the_name_of_then_and_of_now(world: World) -> None:
    delivery = world.delivery("市环保局")
    rename(world.sender, "市府办")
    for typed in ("府办公室", "市府办", "sfb"):
        assert list(inbox(world.units["市环保局"].pk, sender=typed)) == [delivery], typed
    page = world.browser(world.clerk["市环保局"]).get("/inbox/").content.decode()
    assert "市府办公室（现：市府办）" in page


def test_a_document_sealed_before_the_seal_was_withdrawn_is_not_sent(world: World) -> None:
    document = world.sealed()
    with command():
        assert len(withdraw_seals(actor=None, unit=world.sender, reason="更名")) == 1
    with pytest.raises(Refused, match="重新盖章"):
        _send(world, ("市环保局", Role.MAIN, 2), document=document)
    document.refresh_from_db()
    assert document.state == "sealed"
