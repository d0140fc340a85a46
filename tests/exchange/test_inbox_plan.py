"""However full an inbox is, its first page is read from an index: nothing is sorted."""

import uuid

import pytest
from django.db import connection
from django.db.models import QuerySet

from yichuan.exchange.models import Delivery
from yichuan.exchange.selectors import inbox
from yichuan.exchange.states import DeliveryState

pytestmark = pytest.mark.django_db

UNIT, OFFICE = uuid.uuid4(), uuid.uuid4()


def plan_of(rows: QuerySet[Delivery]) -> str:
    """How the database goes about it. A table as small as a test's is not read from end to end all the same."""
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of an empty table a sort costs nothing: it is left to where no index gives the order.
            off = ("seqscan", "bitmapscan", "sort")
            cursor.execute("; ".join(f"SET LOCAL enable_{each} = off" for each in off))
            cursor.execute(f"EXPLAIN {sql}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


@pytest.mark.parametrize("office", [None, OFFICE], ids=["registry", "office"])
@pytest.mark.parametrize("state", ["", DeliveryState.DELIVERED], ids=["all", "unsigned"])
@pytest.mark.parametrize("order", [("-arrived_at", "-id"), ("arrived_at", "id")], ids=["latest", "oldest"])
def test_a_page_of_an_inbox_is_read_in_the_order_of_an_index(
    office: uuid.UUID | None, state: str, order: tuple[str, str]
) -> None:
    plan = plan_of(inbox(UNIT, office, state=state).select_related(None).order_by(*order)[:14])
    name = {
        ("", True): "inbox",
        ("d", True): "inbox_by_state",
        ("", False): "office_inbox",
        ("d", False): "office_by_state",
    }
    # An empty table costs PostgreSQL the same by the state's index as by the one in the same order without it.
    same = [state[:1], ""] if connection.vendor == "postgresql" else [state[:1]]
    assert any(f"exchange_{name[each, office is None]}" in plan for each in same)
    assert "Sort" not in plan and "TEMP B-TREE" not in plan
