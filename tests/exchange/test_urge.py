"""催办: the sender asks recipients to sign for a document."""

import uuid
from typing import Any

import pytest

from support.chasing import arrived, at, friday
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound
from yichuan.common.models import Event
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.urge import Urged, urge

HERE = "市环保局"


def asked(world: World, dispatch: Dispatch, *chosen: Delivery) -> Urged:
    return urge(actor=world.sending_clerk, dispatch_id=dispatch.pk, delivery_ids=[each.pk for each in chosen])


def test_who_is_asked_hears_it_and_it_stands_on_record(world: World) -> None:
    [delivery] = arrived(world)
    with at(friday(10)):
        urged = asked(world, delivery.dispatch, delivery)
    assert (urged.done, urged.failed) == ([delivery], {})
    delivery.refresh_from_db()
    assert delivery.urged_at == friday(10)
    assert Event.objects.get(kind="reminder").unit_id == world.units[HERE].pk
    assert Entry.objects.get(verb="exchange.urge").subject_id == delivery.pk


def test_a_desk_is_asked_once_an_hour_whichever_document_it_is_about(world: World) -> None:
    [first], [second] = arrived(world), arrived(world)
    with at(friday(10)):
        asked(world, first.dispatch, first)
    with at(friday(10, 59)):
        refused = asked(world, second.dispatch, second)
    assert (refused.done, list(refused.failed)) == ([], [second])
    assert "一小时以内催办过" in refused.failed[second]
    with at(friday(11, 1)):
        assert asked(world, second.dispatch, second).done == [second]


def test_who_has_signed_meanwhile_is_named_and_the_others_are_asked(world: World) -> None:
    signed, waits = arrived(world, HERE, "市卫生局")
    sign_for(actor=world.clerk[HERE], delivery_id=signed.pk)
    urged = asked(world, signed.dispatch, signed, waits)
    assert (urged.done, urged.failed) == ([waits], {signed: "已签收，不用催办"})
    signed.refresh_from_db()
    assert signed.urged_at is None


def test_nobody_chosen_is_refused_with_what_to_do(world: World) -> None:
    [delivery] = arrived(world)
    with pytest.raises(Invalid, match="没有选择收件单位"):
        asked(world, delivery.dispatch)


def test_another_unit_and_another_dispatchs_recipient_look_as_if_they_were_not_there(world: World) -> None:
    [first], [second] = arrived(world), arrived(world)
    with pytest.raises(NotFound):
        urge(actor=world.clerk[HERE], dispatch_id=first.dispatch_id, delivery_ids=[first.pk])
    with pytest.raises(NotFound):
        asked(world, first.dispatch, second)
    with pytest.raises(NotFound):
        urge(actor=world.sending_clerk, dispatch_id=uuid.uuid4(), delivery_ids=[first.pk])


def test_a_leader_who_only_follows_does_not_ask(world: World) -> None:
    [delivery] = arrived(world)
    with pytest.raises(NotAllowed):
        urge(actor=world.leader, dispatch_id=delivery.dispatch_id, delivery_ids=[delivery.pk])


def test_the_board_shows_who_is_late_and_the_answer_names_each_that_was_not_asked(world: World) -> None:
    signed, waits = arrived(world, HERE, "市卫生局")
    sign_for(actor=world.clerk[HERE], delivery_id=signed.pk)
    clerk, address = world.browser(world.sending_clerk), f"/sent/{waits.dispatch_id}/"
    page = _text(clerk.get(address))
    assert "超时未签收" in page and 'data-kind="late"' in page
    assert f'data-value="{waits.pk}"' in page and f'data-value="{signed.pk}"' not in page
    said = _text(clerk.post(f"{address}urge/", {"delivery": [signed.pk, waits.pk]}, headers={"HX-Request": "true"}))
    assert "1 家成功，1 家没有成功" in said and "已签收，不用催办" in said
    assert "催办过" in _text(clerk.get(address))
    assert clerk.post(f"{address}urge/", {"delivery": ["x"]}).status_code == 404
    assert "没有选择收件单位" in _text(clerk.post(f"{address}urge/", headers={"HX-Request": "true"}))


def test_who_may_not_send_is_offered_no_urging(world: World) -> None:
    [delivery] = arrived(world)
    assert "data-batch" not in _text(world.browser(world.leader).get(f"/sent/{delivery.dispatch_id}/"))


def test_a_board_asks_the_database_no_more_often_for_more_recipients(
    world: World, django_assert_max_num_queries: Any
) -> None:
    delivery, *_ = arrived(world, *(name for name in world.units if name != "市府办公室"))
    clerk = world.browser(world.sending_clerk)
    clerk.get("/")
    with django_assert_max_num_queries(14):
        clerk.get(f"/sent/{delivery.dispatch_id}/")


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())
