"""The log read in bulk: each span costs what lies in it, however long the log is."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection, transaction

from support.log import acts, unguarded
from support.world import World
from yichuan.audit.faults import FaultKind
from yichuan.audit.log_rows import rows_between, rows_waiting
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log


def plan_of(read: Callable[[], Iterable[object]]) -> str:
    """How the database goes about the one statement by which this reads, were every other way dear."""
    asked = []

    def note(execute: Any, sql: str, given: Any, *rest: Any) -> Any:
        asked.append((sql, given))
        return execute(sql, given, *rest)

    with connection.execute_wrapper(note):
        list(read())
    [(sql, given)] = asked
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("nestloop", "seqscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}", given)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_entries_of_a_span_are_found_by_their_keys_whatever_the_planner_thinks_of_the_table(world: World) -> None:
    plan = plan_of(lambda: rows_between(0, 10))
    if connection.vendor == "postgresql":
        assert "Nested Loop" in plan and "Index Cond: (id = l.entry_id)" in plan, plan
    else:
        assert "SEARCH e USING INTEGER PRIMARY KEY" in plan, plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs how many wait")
@pytest.mark.parametrize("limit", [1, None])
def test_what_waits_is_found_without_going_through_the_log(world: World, limit: int | None) -> None:
    plan = plan_of(lambda: rows_waiting(limit))
    assert plan.startswith("SCAN p") and "SEARCH e USING INTEGER PRIMARY KEY" in plan, plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes nothing but JSON there")
def test_words_behind_the_particulars_are_an_alteration(world: World) -> None:
    entry = acts(1)[0]
    catch_up()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE audit_entry SET detail = detail || ' {}' WHERE id = %s", [entry.pk])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert FaultKind.ALTERED in {fault.kind for fault in verify_log().faults}
