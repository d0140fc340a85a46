"""发文: the unit's own documents by number, title, author and day; drafts too, which are not in the search."""

from typing import Any

import pytest

from support.search import delivered, titled
from support.world import World
from yichuan.compose.outgoing import Wanted, outgoing, outgoing_counts
from yichuan.compose.search import Sought
from yichuan.compose.services.index import index_documents


def _found(world: World, **wanted: Any) -> int:
    return outgoing(world.sender.pk, Wanted(**wanted)).count()


def test_sent_ones_and_drafts_are_found_alike(world: World) -> None:
    delivered(world, "关于编报预算的通知", "江府办〔2008〕44号")
    index_documents()
    titled(world, "关于预算草案的函", "江府办〔2008〕45号")
    assert [_found(world, sought=Sought(title=each)) for each in ("预算", "预算的", "gyys", "水利")] == [2, 1, 1, 0]
    assert [_found(world, sought=Sought(number=each)) for each in ("44", "江府办 45", "2008")] == [1, 1, 2]
    assert [_found(world, author=each) for each in ("文市府", "李印")] == [2, 0]
    assert _found(world, state="draft", urgency="平件", sought=Sought(title="预算")) == 1
    assert outgoing_counts(world.sender.pk) == {"draft": 1, "ready": 0, "sealed": 0, "sent": 1, "withdrawn": 0}


def test_where_all_pairs_are_frequent_it_finds_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered(world, "关于编报预算的通知", "江府办〔2008〕44号")
    index_documents()
    monkeypatch.setattr("yichuan.compose.search.FEW", 1)
    assert [_found(world, sought=Sought(title=each)) for each in ("预算", "水利")] == [1, 0]


def test_the_page_shows_its_filter_and_the_way_out(world: World) -> None:
    titled(world, "关于编报预算的通知")
    clerk = world.browser(world.sending_clerk)
    page = clerk.get("/documents/", {"title": "水利"}).content.decode()
    assert "没有符合条件的公文" in page
    assert "显示 0 件，另有 1 件未列出" in page
    assert 'href="/documents/?all=1"' in page
    assert "没有可以查找的字" in clerk.get("/documents/", {"number": "号"}).content.decode()
