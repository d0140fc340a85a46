"""The receiver confirms a paper twin or a paper attachment (J-28, D4)."""

import uuid

import pytest

from support.papers import dual, sent_with_papers
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.exchange.models import Delivery, PaperItem
from yichuan.exchange.selectors_paper import awaited, paper_sent
from yichuan.exchange.services.paper_arrived import paper_arrived
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.org.duties import Duty

UNIT = "市环保局"


def a_twin(world: World) -> PaperItem:
    dual(world, receiver=UNIT)
    sent_with_papers(world, UNIT)
    return PaperItem.objects.get()


def test_it_is_noted_with_who_when_and_what_is_to_be_said(world: World) -> None:
    item = a_twin(world)
    assert list(awaited(world.units[UNIT].pk)) == [item.delivery]
    noted = paper_arrived(
        actor=world.clerk[UNIT], delivery_id=item.delivery_id, item_id=item.pk, remark="信封破损，内容完整"
    )
    assert noted.recorded_by == world.clerk[UNIT] and noted.arrived_at and noted.remark == "信封破损，内容完整"
    assert Entry.objects.get(verb="exchange.paper_arrived").detail["reason"] == "信封破损，内容完整"
    assert not awaited(world.units[UNIT].pk).exists()
    assert not paper_sent(world.sender.pk).exists()


def test_as_long_as_one_paper_is_missing_it_stays_in_both_lists(world: World) -> None:
    sent_with_papers(world, UNIT, attached=[("图集", 1), ("年鉴", 1)])
    first = PaperItem.objects.order_by("order")[0]
    paper_arrived(actor=world.clerk[UNIT], delivery_id=first.delivery_id, item_id=first.pk)
    assert awaited(world.units[UNIT].pk).exists() and paper_sent(world.sender.pk).exists()


def test_noted_twice_the_first_time_stands(world: World) -> None:
    item = a_twin(world)
    first, second = (
        paper_arrived(actor=world.clerk[UNIT], delivery_id=item.delivery_id, item_id=item.pk, remark=remark)
        for remark in ("早", "晚")
    )
    assert (first.arrived_at, second.remark) == (second.arrived_at, "早")
    assert Entry.objects.filter(verb="exchange.paper_arrived").count() == 1


def test_another_units_delivery_and_another_deliverys_paper_do_not_exist(world: World) -> None:
    item = a_twin(world)
    with pytest.raises(NotFound):
        paper_arrived(actor=world.clerk["市卫生局"], delivery_id=item.delivery_id, item_id=item.pk)
    with pytest.raises(NotFound):
        paper_arrived(actor=world.clerk[UNIT], delivery_id=item.delivery_id, item_id=uuid.uuid4())
    with pytest.raises(NotFound):
        paper_arrived(actor=world.clerk[UNIT], delivery_id=uuid.uuid4(), item_id=item.pk)


def test_a_leader_looks_and_notes_nothing(world: World) -> None:
    item = a_twin(world)
    with pytest.raises(NotAllowed):
        paper_arrived(actor=world.holder(Duty.LEADER, UNIT), delivery_id=item.delivery_id, item_id=item.pk)


@pytest.mark.parametrize("remark", ["长" * 201, "破\u202e损"], ids=["long", "hidden"])
def test_a_remark_that_cannot_stand_is_refused(world: World, remark: str) -> None:
    item = a_twin(world)
    with pytest.raises(Invalid):
        paper_arrived(actor=world.clerk[UNIT], delivery_id=item.delivery_id, item_id=item.pk, remark=remark)


def test_what_was_returned_awaits_no_paper(world: World) -> None:
    item = a_twin(world)
    return_delivery(actor=world.clerk[UNIT], delivery_id=item.delivery_id, reason="缺附件")
    assert not awaited(world.units[UNIT].pk).exists()
    with pytest.raises(Refused) as refusal:
        paper_arrived(actor=world.clerk[UNIT], delivery_id=item.delivery_id, item_id=item.pk)
    assert refusal.value.code == "wrong_state"
    assert Delivery.objects.get().paper_open
