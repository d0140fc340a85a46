"""导出: what a list shows, as a table, bounded and on record."""

import io
from typing import Any

import openpyxl
import pytest

from support.search import delivered, titled
from support.world import World
from yichuan.audit.models import Entry
from yichuan.compose.services.index import index_documents
from yichuan.exchange.services import export_list
from yichuan.exchange.services.list_views import arrange


def _rows(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store, private"
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_inbox_as_it_is_filtered_in_ones_own_columns(world: World) -> None:
    delivered(world, "关于编报预算的通知", "江府办〔2008〕44号")
    index_documents()
    delivered(world, "=1+1的函", "江府办〔2008〕45号")
    clerk = world.clerk["市环保局"]
    arrange(actor=clerk, listed="inbox", columns=["number", "title", "state"], size=14)
    head, *rows = _rows(world.browser(clerk).post("/inbox/export/?state=delivered"))
    assert head == ("序号", "文号", "标题", "状态")
    assert rows == [
        (1, "江府办〔2008〕45号", "=1+1的函", "未签收"),
        (2, "江府办〔2008〕44号", "关于编报预算的通知", "未签收"),
    ]
    assert len(_rows(world.browser(clerk).post("/inbox/export/?text=水质监测&title=预算"))) == 2
    entry = Entry.objects.filter(verb="exchange.export_list").earliest("pk")
    assert (entry.detail, entry.unit_id) == ({"kind": "收文", "count": 2}, world.units["市环保局"].pk)


def test_what_is_left_out_stands_in_the_last_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_list, "MOST_ROWS", 1)
    world.delivery()
    world.delivery()
    rows = _rows(world.browser(world.clerk["市环保局"]).post("/inbox/export/"))
    assert "只导出了最近的 1 件" in rows[-1][1]
    assert len(rows) == 3


def test_what_was_sent_and_what_is_being_made(world: World) -> None:
    world.sent("市环保局", "市卫生局")
    titled(world, "关于草稿的通知")
    clerk = world.browser(world.sending_clerk)
    sent = _rows(clerk.post("/sent/export/"))
    assert sent[1][-2:] == ("0 / 2", "2 家未签收")
    outgoing = _rows(clerk.post("/documents/export/?state=draft"))
    assert [row[2] for row in outgoing[1:]] == ["关于草稿的通知"]


def test_another_units_documents_are_not_in_it(world: World) -> None:
    world.delivery("市卫生局")
    assert len(_rows(world.browser(world.clerk["市环保局"]).post("/inbox/export/"))) == 1
