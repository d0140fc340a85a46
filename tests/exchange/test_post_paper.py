"""Noting that papers were posted (J-28, D4, D6)."""

import uuid

import pytest

from support.papers import dual, sent_with_papers
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.exchange.models import Dispatch, PaperItem, PaperRecipient
from yichuan.exchange.selectors_paper import paper_sent, tallies
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.post_paper import post_paper

AWAY = PaperRecipientWish("五邑大学", address="江门市东成村22号")


def some(world: World) -> Dispatch:
    dual(world)
    return sent_with_papers(world, "市环保局", "市卫生局", paper=[AWAY])


def test_one_or_many_are_noted_at_once_and_logged(world: World) -> None:
    dispatch = some(world)
    items = list(PaperItem.objects.values_list("pk", flat=True))
    recipients = list(PaperRecipient.objects.values_list("pk", flat=True))
    done = post_paper(
        actor=world.sending_clerk, dispatch_id=dispatch.pk, items=items, recipients=recipients, remark="挂号 123"
    )
    assert done == 3
    assert not PaperItem.objects.filter(posted_at=None).exists()
    row = PaperRecipient.objects.get()
    assert (row.posted_by, row.remark) == (world.sending_clerk, "挂号 123")
    detail = Entry.objects.get(verb="exchange.post_paper").detail
    assert (detail["paper_items"], detail["paper_recipients"]) == (2, 1)
    assert tallies([dispatch])[dispatch.pk].words == "2 份没有收到"


def test_noted_again_the_first_time_stands(world: World) -> None:
    dispatch = some(world)
    row = PaperRecipient.objects.get()
    post_paper(actor=world.sending_clerk, dispatch_id=dispatch.pk, recipients=[row.pk], remark="第一次")
    assert post_paper(actor=world.sending_clerk, dispatch_id=dispatch.pk, recipients=[row.pk], remark="再来") == 0
    row.refresh_from_db()
    assert row.remark == "第一次"
    assert Entry.objects.filter(verb="exchange.post_paper").count() == 1


def test_when_all_unconnected_are_posted_to_and_nothing_else_waits_it_leaves_the_list(world: World) -> None:
    dispatch = sent_with_papers(world, "市环保局", paper=[AWAY])
    assert list(paper_sent(world.sender.pk)) == [dispatch]
    post_paper(actor=world.sending_clerk, dispatch_id=dispatch.pk, recipients=[PaperRecipient.objects.get().pk])
    assert not paper_sent(world.sender.pk).exists()


def test_papers_of_another_dispatch_are_left_alone(world: World) -> None:
    first, second = some(world), sent_with_papers(world, "市建设局")
    item = PaperItem.objects.get(delivery__dispatch=second)
    assert post_paper(actor=world.sending_clerk, dispatch_id=first.pk, items=[item.pk]) == 0
    item.refresh_from_db()
    assert item.posted_at is None


def test_nothing_ticked_is_said(world: World) -> None:
    with pytest.raises(Invalid):
        post_paper(actor=world.sending_clerk, dispatch_id=some(world).pk)


def test_another_units_dispatch_does_not_exist(world: World) -> None:
    dispatch = some(world)
    with pytest.raises(NotFound):
        post_paper(actor=world.clerk["市环保局"], dispatch_id=dispatch.pk, items=[uuid.uuid4()])


def test_of_a_document_that_was_taken_back_nothing_is_posted(world: World) -> None:
    dispatch = some(world)
    Dispatch.objects.filter(pk=dispatch.pk).update(withdrawn_at=clock.now())
    with pytest.raises(Refused) as refusal:
        post_paper(actor=world.sending_clerk, dispatch_id=dispatch.pk, items=[PaperItem.objects.all()[0].pk])
    assert refusal.value.code == "withdrawn"
    assert not paper_sent(world.sender.pk).exists()
