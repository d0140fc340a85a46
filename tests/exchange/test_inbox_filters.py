"""Narrowing an inbox: by number, words, names, days, urgency and marks; nothing that does not match is shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from support.search import delivered
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.compose.models import Document
from yichuan.compose.search import Sought
from yichuan.compose.services.index import index_documents
from yichuan.exchange.models import Delivery, Dispatch, PaperItem
from yichuan.exchange.selectors import next_unsigned
from yichuan.exchange.selectors_search import Wanted, deliveries, dispatches, matching
from yichuan.exchange.services.sign_for import sign_for

BUDGET, SAFETY = "关于编报2009年市级部门预算的补充通知", "关于开展岁末年初安全生产大检查的通知"


@pytest.fixture
def two(world: World) -> tuple[Delivery, Delivery]:
    """Two deliveries to 市环保局, the first put into the search, the second too new for it."""
    first = delivered(world, BUDGET, "江府办〔2008〕44号")
    index_documents()
    return first, delivered(world, SAFETY, "江府〔2008〕118号")


def _shown(clerk: Client, **asked: str) -> str:
    answer = clerk.get("/inbox/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def _found(world: World, **wanted: Any) -> list[Any]:
    rows = deliveries(world.units["市环保局"].pk, None, Wanted(**wanted)).rows
    return sorted(rows.values_list("dispatch__document__number", flat=True))


FIRST, SECOND = ["江府办〔2008〕44号"], ["江府〔2008〕118号"]


def test_each_way_finds_what_it_should(world: World, two: tuple[Delivery, Delivery]) -> None:
    found = {
        "44": _found(world, sought=Sought(number="44")),
        "[2008]118号": _found(world, sought=Sought(number="[2008]118号")),
        "2008": _found(world, sought=Sought(number="2008")),
        "预算": _found(world, sought=Sought(title="预算")),
        "安全生产": _found(world, sought=Sought(title="安全生产")),
        "gykz": _found(world, sought=Sought(title="gykz")),
        "通知 补充": _found(world, sought=Sought(title="通知 补充")),
        "水质监测": _found(world, sought=Sought(text="水质监测")),
        "nothing": _found(world, sought=Sought(title="水利")),
    }
    assert found == {
        "44": FIRST, "[2008]118号": SECOND, "2008": sorted(FIRST + SECOND), "预算": FIRST, "安全生产": SECOND,
        "gykz": SECOND, "通知 补充": FIRST, "水质监测": FIRST, "nothing": [],
    }  # fmt: skip


def test_where_all_pairs_are_frequent_the_desk_is_looked_through(
    world: World, two: tuple[Delivery, Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuan.compose.search.FEW", 1)
    assert _found(world, sought=Sought(title="预算")) == FIRST
    assert _found(world, sought=Sought(title="水利")) == []


def test_days_urgency_and_marks(world: World, two: tuple[Delivery, Delivery]) -> None:
    first, second = two
    yesterday, today = clock.now() - timedelta(days=1), clock.now() - timedelta(hours=1)
    Delivery.objects.filter(pk=first.pk).update(arrived_at=yesterday, paper_open=True)
    PaperItem.objects.create(delivery=first, kind=PaperItem.Kind.ATTACHMENT, name="表册")
    Document.objects.filter(pk=second.dispatch.document_id).update(urgency="急件")
    Dispatch.objects.filter(pk=second.dispatch_id).update(without_call=True)
    assert _found(world, end=today) == FIRST
    assert _found(world, begin=today) == SECOND
    assert _found(world, urgency="急件") == SECOND
    assert _found(world, mark="no_call") == SECOND
    assert _found(world, mark="paper") == _found(world, mark="dual") == FIRST


def test_a_sender_is_found_by_any_of_its_names(world: World, two: tuple[Delivery, Delivery]) -> None:
    assert [len(_found(world, name=name)) for name in ("市府办", "人民政府办公室", "sfb", "市卫生局")] == [2, 2, 2, 0]


def test_what_another_unit_got_is_not_found(world: World, two: tuple[Delivery, Delivery]) -> None:
    rows = deliveries(world.units["市卫生局"].pk, None, Wanted(Sought(title="预算"))).rows
    assert not rows.exists()


def test_words_are_looked_for_in_number_title_and_text_at_once(world: World, two: tuple[Delivery, Delivery]) -> None:
    unit = world.units["市环保局"].pk
    assert [matching(unit, None, asked).count() for asked in ("预算 水质监测", "江府办〔2008〕44号", "水利局")] == [
        1,
        1,
        0,
    ]


def test_pairs_that_stand_apart_are_no_hit_on_the_page(world: World) -> None:
    delivered(world, "关于水质监测和监测断面的通知")
    index_documents()
    clerk = world.browser(world.clerk["市环保局"])
    assert _found(world, sought=Sought(title="水质监测断面"))  # all pairs are there
    page = _shown(clerk, title="水质监测断面")
    assert "没有符合条件的公文" in page
    assert "显示 0 件" in page


def test_words_found_in_a_text_are_marked_and_looking_is_on_record(
    world: World, two: tuple[Delivery, Delivery]
) -> None:
    clerk = world.browser(world.clerk["市环保局"])
    page = _shown(clerk, text="水质监测 七月底")
    assert "<mark>水质监测</mark>" in page
    assert "<mark>七月底</mark>" in page
    looked = Entry.objects.get(verb="exchange.look")
    assert (looked.subject_id, looked.detail) == (two[0].pk, {"what": "sentence"})
    _shown(clerk, text="水质监测")
    assert Entry.objects.filter(verb="exchange.look").count() == 1


def test_a_filter_shows_its_mark_what_it_hides_and_the_way_out(world: World, two: tuple[Delivery, Delivery]) -> None:
    page = _shown(world.browser(world.clerk["市环保局"]), title="预算", state="delivered")
    assert "标题含：<mark>" not in page
    assert "标题含：预算" in page
    assert "显示 1 件，另有 1 件未列出" in page
    assert 'href="/inbox/?state=delivered"' in page  # the way without the title alone
    assert 'href="/inbox/?all=1"' in page


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"since": "2026-13-40"}, "不是日期"),
        ({"since": "0001-01-01"}, "不是日期"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "没有公文会落在中间"),
        ({"title": "《》"}, "没有可以查找的字"),
        ({"text": "水"}, "至少输入两个字"),
        ({"sender": "市\u202e府"}, "看不见的字符"),
        ({"number": "长" * 61}, "超过 60 个字"),
    ],
)
def test_what_cannot_be_asked_is_said(world: World, asked: dict[str, str], fault: str) -> None:
    assert fault in _shown(world.browser(world.clerk["市环保局"]), **asked)


def test_the_next_one_is_the_next_of_the_list_one_came_from(world: World, two: tuple[Delivery, Delivery]) -> None:
    first, second = two
    third = world.delivery()
    clerk = world.browser(world.clerk["市环保局"])
    _shown(clerk, title="关于开展")
    assert f'href="/deliveries/{second.pk}/"' in clerk.get(f"/deliveries/{third.pk}/").content.decode()
    _shown(clerk, all="1")
    assert f'href="/deliveries/{first.pk}/"' in clerk.get(f"/deliveries/{third.pk}/").content.decode()


def test_of_one_state_the_next_is_the_one_below(world: World, two: tuple[Delivery, Delivery]) -> None:
    third = world.delivery()
    for each in (*two, third):
        sign_for(actor=world.clerk["市环保局"], delivery_id=each.pk)
    signed = Wanted(state="signed_for")
    assert next_unsigned(third, signed) == two[1]
    assert next_unsigned(two[0], signed) == third  # from the last to the first again
    assert next_unsigned(third, Wanted(Sought(title="水利"), state="signed_for")) is None


def test_more_than_a_list_scans_is_said(
    world: World, two: tuple[Delivery, Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuan.exchange.selectors_search.SCANNED", 1)
    assert _found(world, name="市府办") == SECOND
    page = _shown(world.browser(world.clerk["市环保局"]), sender="市府办")
    assert "只查找了最近的" in page


def test_more_than_a_list_counts_is_said(
    world: World, two: tuple[Delivery, Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yichuan.web.lists.MOST", 1)
    page = _shown(world.browser(world.clerk["市环保局"]))
    assert "共 1 以上 件" in page
    assert "这里只列最近的" in page


def test_dispatches_are_found_by_receiver_words_and_how_they_stand(
    world: World, two: tuple[Delivery, Delivery]
) -> None:
    other = world.sent("市卫生局")
    sign_for(actor=world.clerk["市卫生局"], delivery_id=other.deliveries.get().pk)

    def found(**wanted: Any) -> int:
        return dispatches(world.sender.pk, Wanted(**wanted)).rows.count()

    assert [found(name=name) for name in ("环保", "swsj", "市规划局")] == [2, 1, 0]
    assert [found(standing=each) for each in ("waiting", "returned", "withdrawn")] == [2, 0, 0]
    assert [found(sought=Sought(title=each)) for each in ("预算", "安全生产", "水利")] == [1, 1, 0]
    page = world.browser(world.sending_clerk).get("/sent/", {"text": "水质监测", "receiver": "环保"}).content.decode()
    assert "<mark>水质监测</mark>" in page
