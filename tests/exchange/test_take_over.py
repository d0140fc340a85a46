"""A box changes hands (U4, U5): all that lies in it goes under a new key, nothing is lost, and all is on record."""

import json

import pytest

from support.offices import an_office
from support.over_the_years import box_of_office, close, merge_into, rename
from support.printing import print_original
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.common.errors import NotFound, Refused, Unavailable
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, Receipt, Rewrap, TakeOver
from yichuan.exchange.selectors import inbox
from yichuan.exchange.services.check import check_delivery, delivered_key
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_over import (
    finish_take_over,
    plan_take_over,
    settle_take_overs,
    take_over,
)
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.org.models import Box, Post, Unit, UnitName
from yichuan.org.services.close_unit import close_unit
from yichuan.people.models import Account


def _open(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("box", "dispatch__document").get(pk=delivery.pk)


def test_the_successor_signs_for_prints_and_returns_what_the_predecessor_received(world: World) -> None:
    to_sign, to_return, printed = world.delivery("市环保局"), world.delivery("市环保局"), world.signed_for("市环保局")
    merge_into(world, "市环保局", "市建设局")
    clerk = world.clerk["市建设局"]
    assert {each.pk for each in inbox(world.units["市建设局"].pk)} == {to_sign.pk, to_return.pk, printed.pk}
    assert sign_for(actor=clerk, delivery_id=to_sign.pk).state == "signed_for"
    assert return_delivery(actor=clerk, delivery_id=to_return.pk, reason="不归我们办").state == "returned"
    assert print_original(actor=clerk, delivery_id=printed.pk, copies=1).numbers == (1,)


def test_the_predecessors_people_open_nothing_any_more(world: World) -> None:
    delivery = world.delivery("市环保局")
    merge_into(world, "市环保局", "市建设局")
    gone = Account.objects.get(pk=world.clerk["市环保局"].pk)
    with pytest.raises(NotFound):
        sign_for(actor=gone, delivery_id=delivery.pk)
    assert not Post.objects.filter(unit=world.units["市环保局"], until=None).exists()


def test_the_box_lies_under_a_new_key_and_the_old_one_is_destroyed(world: World) -> None:
    delivery, other = world.delivery("市环保局"), world.delivery("市建设局")
    before, key = _open(delivery), delivered_key(_open(delivery))
    old = before.box.wrapping_label
    merge_into(world, "市环保局", "市建设局")
    after = _open(delivery)
    assert (after.box_id, after.box.generation) == (before.box_id, 2)
    assert bytes(after.wrapped_key) != bytes(before.wrapped_key)
    assert delivered_key(after) == key
    assert not device().has(old)
    after.box = other.box
    with pytest.raises(NotFound):
        delivered_key(after)
    assert not Rewrap.objects.exists()
    entry = Entry.objects.get(verb="exchange.take_over")
    assert (entry.detail["deliveries"], entry.detail["documents"], entry.detail["unreadable"]) == (1, 0, 0)
    assert (entry.detail["from"], entry.detail["to"]) == (before.unit.name, world.units["市建设局"].name)
    assert Entry.objects.filter(verb="exchange.destroy_key", subject_id=before.box_id).count() == 1


def test_what_the_predecessor_sent_and_drafted_is_the_successors(world: World) -> None:
    draft, dispatch = world.draft(), world.sent("市环保局")
    body = read_body(dispatch.document)
    merge_into(world, "市府办公室", "市规划局")
    for each in (draft, dispatch.document, dispatch):
        each.refresh_from_db()
        assert each.unit == world.units["市规划局"]
    assert read_body(dispatch.document) == body
    assert dispatch.sender.name != world.units["市规划局"].name
    assert dispatch.sender_name == "市府办公室（现：市规划局）"


def test_the_document_keeps_passing_every_check_after_the_sender_is_gone(world: World) -> None:
    delivery = world.delivery("市环保局")
    merge_into(world, "市府办公室", "市规划局")
    panel = check_delivery(_open(delivery))
    assert panel.sound, panel.lines
    assert panel.lines[0].note == "由市府办公室（现：市规划局）发出，与通讯录一致。"


def test_a_receipt_after_it_names_the_addressee_of_the_day_and_who_acts(world: World) -> None:
    delivery = world.delivery("市环保局")
    name = world.units["市环保局"].name
    merge_into(world, "市环保局", "市建设局")
    sign_for(actor=world.clerk["市建设局"], delivery_id=delivery.pk)
    receipt = Receipt.objects.get(delivery=delivery)
    said = json.loads(bytes(receipt.payload))
    assert (said["unit"], said["acting_unit"]) == (name, world.units["市建设局"].name)
    assert verify_receipt(receipt)


def test_a_receipt_from_before_still_verifies(world: World) -> None:
    receipt = Receipt.objects.get(delivery=world.signed_for("市环保局"))
    merge_into(world, "市环保局", "市建设局")
    assert verify_receipt(Receipt.objects.get(pk=receipt.pk))


def test_what_arrives_between_planning_and_moving_is_moved_too(world: World) -> None:
    early = world.delivery("市环保局")
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    late = world.delivery("市环保局")
    with command():
        take_over(actor=None, plan=plan)
    finish_take_over(plan)
    for delivery in (early, late):
        assert delivered_key(_open(delivery))
        assert _open(delivery).unit == world.units["市建设局"]


def test_too_much_arriving_meanwhile_has_it_planned_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yichuan.exchange.services.take_over.MOST_UNDER_LOCK", 1)
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    deliveries = [world.delivery("市环保局"), world.delivery("市环保局")]
    with pytest.raises(Refused, match="又收到很多公文"), command():
        take_over(actor=None, plan=plan)
    assert {_open(each).unit for each in deliveries} == {world.units["市环保局"]}
    again = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    assert again == plan, "what was prepared is used again"
    with command():
        take_over(actor=None, plan=again)
    assert all(delivered_key(_open(each)) for each in deliveries)


def test_a_plan_that_was_carried_out_is_not_carried_out_again(world: World) -> None:
    delivery = world.delivery("市环保局")
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    with command():
        take_over(actor=None, plan=plan)
    with pytest.raises(Refused) as refusal, command():
        take_over(actor=None, plan=plan)
    assert refusal.value.code == "box_changed"
    assert delivered_key(_open(delivery))


def test_until_it_is_moved_the_old_key_opens_everything(world: World) -> None:
    delivery = world.delivery("市环保局")
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    assert delivered_key(_open(delivery))
    assert finish_take_over(plan) == 0, "nothing was moved, so nothing is destroyed"
    assert device().has(delivery.box.wrapping_label)


def test_a_process_that_died_before_destroying_the_old_key_is_finished_by_the_ticker(world: World) -> None:
    delivery = world.delivery("市环保局")
    old = delivery.box.wrapping_label
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    with command():
        take_over(actor=None, plan=plan)
    assert device().has(old)
    assert settle_take_overs() == 1
    assert settle_take_overs() == 0
    assert not device().has(old)
    assert delivered_key(_open(delivery))


def test_a_device_that_fails_leaves_all_as_it_was(world: World) -> None:
    delivery = world.delivery("市环保局")
    with broken_device(), pytest.raises(Unavailable):
        plan_take_over(world.units["市环保局"], world.units["市建设局"])
    assert not TakeOver.objects.filter(moved_at__isnull=False).exists()
    merge_into(world, "市环保局", "市建设局")
    assert delivered_key(_open(delivery))


def test_one_altered_wrap_does_not_keep_the_unit_from_being_merged(world: World) -> None:
    sound, altered = world.delivery("市环保局"), world.delivery("市环保局")
    wrong = bytes(altered.wrapped_key)[:-1] + bytes([bytes(altered.wrapped_key)[-1] ^ 1])
    Delivery.objects.filter(pk=altered.pk).update(wrapped_key=wrong)
    merge_into(world, "市环保局", "市建设局")
    assert Entry.objects.get(verb="exchange.take_over").detail["unreadable"] == 1
    assert delivered_key(_open(sound))
    assert bytes(_open(altered).wrapped_key) == wrong
    assert not check_delivery(_open(altered)).sound


def test_an_archive_keeps_the_boxes_and_nobody_acts_on_them(world: World) -> None:
    delivery = world.delivery("市环保局")
    close(world.units["市环保局"], world.units["市府办公室"], kept="archive")
    box = Box.objects.get(pk=delivery.box_id)
    assert (box.unit, box.held_for) == (world.units["市府办公室"], world.units["市环保局"])
    assert not inbox(world.units["市府办公室"].pk).exists()
    with pytest.raises(NotFound):
        sign_for(actor=world.sending_clerk, delivery_id=delivery.pk)
    assert delivered_key(_open(delivery))


def test_boxes_go_on_from_hand_to_hand(world: World) -> None:
    delivery, kept = world.delivery("市环保局"), world.delivery("市卫生局")
    merge_into(world, "市环保局", "市建设局")
    close(world.units["市卫生局"], world.units["市建设局"], kept="archive")
    merge_into(world, "市建设局", "市规划局")
    assert _open(delivery).unit == world.units["市规划局"]
    assert _open(delivery).box.generation == 3
    assert delivered_key(_open(delivery))
    held = _open(kept)
    assert (held.unit, held.box.unit) == (world.units["市卫生局"], world.units["市规划局"])
    assert delivered_key(held)


def test_nothing_goes_to_a_unit_that_closed_meanwhile(world: World) -> None:
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    with command():
        close_unit(actor=None, unit=world.units["市建设局"], successor=None, disposal="export")
    with pytest.raises(Refused) as refusal, command():
        take_over(actor=None, plan=plan)
    assert refusal.value.code == "unit_closed"


def test_a_renamed_units_old_documents_show_both_names_and_open_as_before(world: World) -> None:
    delivery = world.delivery("市环保局")
    rename(world.units["市环保局"], "市生态环境局")
    after = _open(delivery)
    assert after.addressee_name == "市环保局（现：市生态环境局）"
    assert after.box.generation == 1
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    rows = UnitName.objects.filter(unit=after.unit).order_by("pk")
    assert [row.valid_to is None for row in rows] == [False, True]


def test_the_destroyed_key_opens_nothing_of_a_stolen_copy_of_the_table(world: World) -> None:
    before = world.delivery("市环保局")
    context, wrapped = before.dispatch.document.key_context, bytes(before.wrapped_key)
    merge_into(world, "市环保局", "市建设局")
    with pytest.raises(DeviceError):
        device().unwrap(before.box.wrapping_label, wrapped, context)


def test_a_closed_unit_takes_no_change_any_more(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    with pytest.raises(Refused, match="已经注销"):
        rename(world.units["市环保局"], "市生态环境局")
    with pytest.raises(Refused), command():
        close_unit(actor=None, unit=world.units["市环保局"], successor=None, disposal="export")
    with pytest.raises(Refused), command():
        close_unit(
            actor=None,
            unit=world.units["市建设局"],
            successor=Unit.objects.get(short_name="市建设局"),
            disposal="hand_over",
        )


def test_a_box_that_was_opened_after_the_planning_is_not_left_behind(world: World) -> None:
    plan = plan_take_over(world.units["市环保局"], world.units["市建设局"])
    office = an_office(world, "监测科", "市环保局")
    box_of_office(office)
    with pytest.raises(Refused) as refusal, command():
        take_over(actor=None, plan=plan)
    assert refusal.value.code == "box_changed"
    merge_into(world, "市环保局", "市建设局")
    assert not Box.objects.filter(unit=world.units["市环保局"]).exists()


def test_a_device_that_fails_at_the_end_leaves_the_old_key_to_the_ticker(world: World) -> None:
    delivery = world.delivery("市环保局")
    old = delivery.box.wrapping_label
    with broken_device("destroy"):
        merge_into(world, "市环保局", "市建设局")
    assert device().has(old)
    assert delivered_key(_open(delivery))
    assert settle_take_overs() == 1
    assert not device().has(old)
