"""What a dispatch notes to come on paper: twins by dual track, attachments, recipients that are not connected."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.papers import dual, items_of, sent_with_papers
from support.world import World
from yichuan.common.errors import Invalid, Refused
from yichuan.exchange.models import Delivery, Dispatch, PaperItem, PaperRecipient
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.send import Recipient, send

AWAY = PaperRecipientWish("五邑大学", address="江门市东成村22号", copies=2)


def test_a_single_track_dispatch_expects_nothing(world: World) -> None:
    dispatch = world.sent("市环保局")
    assert items_of(dispatch) == []
    dispatch.refresh_from_db()
    assert not dispatch.paper_open and not dispatch.deliveries.get().paper_open


def test_dual_track_expects_a_twin_of_each_that_it_holds_for(world: World) -> None:
    dual(world, receiver="市环保局")
    dispatch = sent_with_papers(world, "市环保局", "市卫生局")
    assert items_of(dispatch) == [("市环保局", "twin", "公文纸质件", 1)]
    assert dict(dispatch.deliveries.values_list("unit__short_name", "paper_open")) == {
        "市环保局": True,
        "市卫生局": False,
    }


def test_under_the_other_rules_everybody_gets_a_twin(world: World, settings: Any) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    assert {kind for _, kind, _, _ in items_of(sent_with_papers(world))} == {"twin"}
    assert PaperItem.objects.count() == 4


def test_paper_attachments_go_to_every_recipient(world: World) -> None:
    dispatch = sent_with_papers(world, "市环保局", "市卫生局", attached=[("规划图集", 2), ("年鉴", 1)])
    assert items_of(dispatch) == [
        (unit, "attachment", name, copies)
        for unit in ("市环保局", "市卫生局")
        for name, copies in (("规划图集", 2), ("年鉴", 1))
    ]


def test_who_is_not_connected_stands_apart_from_the_deliveries(world: World) -> None:
    dispatch = sent_with_papers(world, "市环保局", paper=[AWAY])
    row = PaperRecipient.objects.get()
    assert (row.dispatch, row.name, row.address, row.copies) == (dispatch, "五邑大学", "江门市东成村22号", 2)
    assert dispatch.deliveries.count() == 1
    dispatch.refresh_from_db()
    assert dispatch.paper_open


def test_a_dispatch_with_nobody_connected_among_its_main_recipients_is_refused(world: World) -> None:
    document = world.sealed()
    with pytest.raises(Invalid) as refusal:
        copy = [Recipient(world.units["市环保局"].pk, Delivery.Role.COPY, 1)]
        send(actor=world.sending_clerk, document=document, recipients=copy, idempotency_key=uuid.uuid4(), paper=[AWAY])
    assert "至少选一个联网的单位" in refusal.value.errors["main"]


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ([PaperRecipientWish(" ")], "请填写单位名称"),
        ([PaperRecipientWish("长" * 121)], "最多 120 个字"),
        ([PaperRecipientWish("五邑大学\u200b学院")], "看不见的字符"),
        ([PaperRecipientWish("五邑大学", address="东" * 201)], "地址最多 200 个字"),
        ([PaperRecipientWish("五邑大学", copies=0)], "份数应是 1 到 999"),
        ([AWAY, PaperRecipientWish("五邑 大学")], "第 2 行（五邑 大学）：重复了"),
        ([PaperRecipientWish("市卫生局")], "市卫生局已经联网"),
        ([PaperRecipientWish("江门市卫生局")], "市卫生局已经联网"),
    ],
    ids=["empty", "long", "hidden", "address", "copies", "twice", "connected", "connected by full name"],
)
def test_what_cannot_be_noted_is_refused_and_nothing_is_sent(
    world: World, wishes: list[PaperRecipientWish], said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        sent_with_papers(world, "市环保局", paper=wishes)
    assert said in refusal.value.errors["paper"]
    assert not Dispatch.objects.exists()


def test_the_same_key_with_other_papers_is_another_request(world: World) -> None:
    document, key = world.sealed(), uuid.uuid4()
    for _ in range(2):
        send(
            actor=world.sending_clerk,
            document=document,
            recipients=world.recipients("市环保局"),
            idempotency_key=key,
            paper=[AWAY],
        )
    assert PaperRecipient.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        send(actor=world.sending_clerk, document=document, recipients=world.recipients("市环保局"), idempotency_key=key)
    assert refusal.value.code == "key_reused"


def test_four_recipients_take_as_many_statements_as_one(world: World) -> None:
    dual(world)
    counts = []
    for names in (("市环保局",), ("市环保局", "市卫生局", "市建设局", "市规划局")):
        document = world.sealed()
        with CaptureQueriesContext(connection) as asked:
            sent_with_papers(world, *names, document=document)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
