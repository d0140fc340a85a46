"""However much there is, what a list asks of the database goes by an index and ends at a bound."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from support.world import World
from yichuan.common import clock
from yichuan.compose.models import Document, SearchTerm
from yichuan.compose.outgoing import Wanted as WantedDocuments
from yichuan.compose.outgoing import outgoing
from yichuan.compose.search import Holders, Sought
from yichuan.compose.services.index import INDEXED
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.selectors import inbox_counts
from yichuan.exchange.selectors_search import Wanted, deliveries, desk_rows, dispatches
from yichuan.keys.services.search_key import search_key

pytestmark = pytest.mark.django_db

UNIT = uuid.uuid4()


def plan_of(rows: QuerySet[Any]) -> str:
    """How the database goes about it. A table as small as a test's is not read from end to end all the same."""
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            off = ("seqscan", "bitmapscan", "sort")
            cursor.execute("; ".join(f"SET LOCAL enable_{each} = off" for each in off))
            cursor.execute(f"EXPLAIN {sql}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


def _scanned(plan: str) -> bool:
    """Whether a table is read from end to end."""
    return "Seq Scan" in plan or any(line.startswith("SCAN ") and "INDEX" not in line for line in plan.splitlines())


def test_a_pair_is_looked_up_in_its_index() -> None:
    rows = SearchTerm.objects.filter(place=1, term=7).order_by().values_list("document_id", flat=True)[:2000]
    plan = plan_of(rows)
    assert "compose_search_term" in plan
    assert not _scanned(plan)


def test_what_a_search_found_is_looked_up_by_document() -> None:
    found = [uuid.uuid4() for _ in range(3)]
    plan = plan_of(desk_rows(UNIT, None).filter(dispatch__document__in=found))
    assert not _scanned(plan)
    assert "exchange_" in plan


@pytest.mark.parametrize(("seldom", "often"), [(1, False), (0, False), (0, True)], ids=["few", "many", "nearly all"])
def test_pairs_are_asked_by_index_however_frequent(seldom: int, often: bool) -> None:
    among = Holders(((1, 7), (1, 8)), seldom, often).among("dispatch_id", Dispatch)
    plan = plan_of(desk_rows(UNIT, None).filter(among)[:14])
    assert "exchange_" in plan
    assert "compose_searchterm" in plan or "compose_search_term" in plan
    assert not _scanned(plan)
    if not seldom:
        assert "exchange_inbox" in plan  # in the order of the list: the page is full before the end
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


def test_documents_that_are_not_in_the_search_yet_are_few_and_have_an_index() -> None:
    waiting = Document.objects.filter(state__in=INDEXED, indexed_at=None)
    assert "compose_document_unindexed" in plan_of(waiting)


@pytest.mark.parametrize("state", ["", "delivered"], ids=["all", "unsigned"])
def test_days_are_a_range_of_the_index(state: str) -> None:
    now = clock.now()
    rows = deliveries(UNIT, None, Wanted(state=state, begin=now - timedelta(days=7), end=now)).rows[:14]
    plan = plan_of(rows)
    assert "exchange_inbox" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_papers_that_did_not_arrive_have_an_index() -> None:
    assert not _scanned(plan_of(deliveries(UNIT, None, Wanted(mark="paper")).rows[:14]))


def test_what_has_no_index_is_looked_for_among_the_newest_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.delivery()
    monkeypatch.setattr("yichuan.exchange.selectors_search.SCANNED", 2)
    monkeypatch.setattr("yichuan.compose.outgoing.SCANNED", 2)
    unit = world.units["市环保局"].pk
    named = Wanted(name="市")
    for found in (deliveries(unit, None, named), dispatches(world.sender.pk, named)):
        assert found.cut
        assert len(found.rows) == 2
        assert "IN (SELECT" not in str(found.rows.query)  # a list of keys, read again for each row of something else
    assert len(outgoing(world.sender.pk, WantedDocuments(author=world.sending_clerk.name))) == 2


def test_a_page_of_dispatches_and_one_of_documents_are_read_in_the_order_of_an_index() -> None:
    plan = plan_of(dispatches(UNIT, Wanted()).rows[:14])
    assert "exchange_dispatch_list" in plan
    assert "TEMP B-TREE" not in plan
    plan = plan_of(outgoing(UNIT, WantedDocuments()).select_related(None)[:14])
    assert "compose_document_latest" in plan
    assert "TEMP B-TREE" not in plan


def test_counts_end_at_a_bound(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        inbox_counts(world.units["市环保局"].pk)
    assert queries.captured_queries
    assert all("LIMIT 1000" in query["sql"] for query in queries.captured_queries)


def test_a_search_takes_few_questions_however_long_the_sentence(world: World) -> None:
    world.delivery()
    search_key()
    sought = Sought(text="各单位要在七月底前报送水质监测断面调整情况，逾期的说明原因" * 3)
    with CaptureQueriesContext(connection) as queries:
        list(deliveries(world.units["市环保局"].pk, None, Wanted(sought)).rows[:14])
    assert len(queries) <= 6


def test_what_followed_a_delivery_is_looked_up_among_the_few_that_followed_one() -> None:
    assert "exchange_follows" in plan_of(Delivery.objects.filter(follows_id=UNIT).order_by())
