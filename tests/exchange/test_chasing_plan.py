"""However much was ever delivered, chasing reads only what nobody has signed for."""

import uuid

import pytest
from django.db import connection

from support.chasing import friday
from yichuan.exchange.half_days import halves_of
from yichuan.exchange.selectors_chasing import not_signed_for, sent_by, signed

pytestmark = pytest.mark.django_db


def plan_of(sql: str, parameters: tuple[object, ...]) -> str:
    """How the database goes about it; a small table is not read from end to end all the same, nor row by row beside
    another, which pays only where there is next to nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "nestloop"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", parameters)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


def test_what_nobody_signed_for_is_read_from_its_own_index() -> None:
    rows = not_signed_for(friday(11))
    assert "exchange_not_signed_for" in plan_of(*rows.values("unit_id", "office_id").query.sql_with_params())


def test_what_nobody_signed_for_of_one_sender_is_read_by_an_index_of_either_side() -> None:
    """By what is open, or by the sender's dispatches: which is less, the server's statistics say."""
    rows = sent_by(uuid.uuid4(), not_signed_for(friday(11)))
    plan = plan_of(*rows.values("unit_id", "office_id").query.sql_with_params())
    by_dispatch = ("exchange_delivery_of_unit", "exchange_delivered_once")
    assert any(index in plan for index in ("exchange_not_signed_for", *by_dispatch)), plan


def test_who_signed_in_a_half_day_is_read_from_an_index() -> None:
    rows = signed(halves_of(friday(9).date())[0]).values("unit_id", "office_id").distinct()
    assert "exchange_signed_for" in plan_of(*rows.query.sql_with_params())
