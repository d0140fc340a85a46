"""The log read in bulk: each span costs what lies in it, however long the log is."""

import pytest
from django.db import connection, transaction

from support.log import acts, unguarded
from support.world import World
from yichuan.audit.faults import FaultKind
from yichuan.audit.log_rows import rows_between
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log


def test_the_entries_of_a_span_are_found_by_their_keys_whatever_the_planner_thinks_of_the_table(world: World) -> None:
    asked = []
    with connection.execute_wrapper(
        lambda execute, sql, given, *rest: asked.append((sql, given)) or execute(sql, given, *rest)
    ):
        list(rows_between(0, 10))
    [(sql, given)] = asked
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("nestloop", "seqscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}", given)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    if connection.vendor == "postgresql":
        assert "Nested Loop" in plan and "Index Cond: (id = l.entry_id)" in plan, plan
    else:
        assert "SEARCH e USING INTEGER PRIMARY KEY" in plan, plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes nothing but JSON there")
def test_words_behind_the_particulars_are_an_alteration(world: World) -> None:
    entry = acts(1)[0]
    catch_up()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE audit_entry SET detail = detail || ' {}' WHERE id = %s", [entry.pk])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert FaultKind.ALTERED in {fault.kind for fault in verify_log().faults}
