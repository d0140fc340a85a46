"""Our engine for PostgreSQL: a connection is asked whether it stands where it may not, and statements stay Django's."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
PID = "SELECT pg_backend_pid()"


@pytest.fixture(autouse=True)
def _on_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the engine is PostgreSQL's")


@pytest.fixture
def another() -> Iterator[Any]:
    """A connection of its own, between two requests."""
    made = connection.copy()
    made.ensure_connection()
    _next_request(made)
    try:
        yield made
    finally:
        made.close()


def _next_request(made: Any) -> None:
    made.close_if_unusable_or_obsolete()  # what Django does as a request begins and as it ends


def _one(made: Any, sql: str) -> Any:
    with made.cursor() as cursor:
        cursor.execute(sql)
        [(found,)] = cursor.fetchall()
    return found


def _asked(made: Any, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    said: list[bool] = []
    usable = made.is_usable
    monkeypatch.setattr(made, "is_usable", lambda: said.append(usable()) or said[-1])
    return said


def test_a_connection_is_asked_once_in_a_while_not_at_each_request(
    another: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(another, monkeypatch)
    for _ in range(3):
        _one(another, PID)
        _next_request(another)
    assert asked == [True]
    now = time.monotonic()
    monkeypatch.setattr("yichuan.common.postgresql.base.time.monotonic", lambda: now + 6)
    _one(another, PID)
    assert asked == [True, True]


def test_one_that_the_server_has_just_closed_is_opened_anew_unnoticed(another: Any) -> None:
    first = _one(another, PID)
    _next_request(another)
    assert _one(connection, f"SELECT pg_terminate_backend({first}, 5000)")
    assert _one(another, PID) != first


def test_its_errors_are_djangos_and_a_broken_transaction_takes_no_statement() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        _one(connection, "SELECT nothing_of_the_kind")
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            _one(connection, "INSERT INTO common_calendarday (day) VALUES (NULL) RETURNING 1")
        assert _one(connection, "SELECT 1") == 1
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            _one(connection, "SELECT 1")


def test_statements_can_be_counted_and_stood_between() -> None:
    seen: list[str] = []

    def between(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with CaptureQueriesContext(connection) as counted:
        _one(connection, "SELECT 1")
    with connection.execute_wrapper(between):
        _one(connection, "SELECT 2")
    assert ([each["sql"] for each in counted.captured_queries], seen) == (["SELECT 1"], ["SELECT 2"])
