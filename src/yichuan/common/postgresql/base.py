"""The `ENGINE` of a centre on PostgreSQL: what makes many rows at once makes them in as many statements as it takes,
and a statement goes to the driver by the shortest way."""

import select
import time
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, features, operations
from django.db.backends.utils import CursorWrapper
from django.utils.asyncio import async_unsafe

MOST_VALUES = 65_535
"""A statement's parameters are counted in two bytes (PostgreSQL's protocol, message Bind)."""
LATELY = 5.0
"""Seconds after its last check for which a connection on which nothing lies unread is taken to stand."""


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many of the rows go into one statement."""
        return min(len(objs), MOST_VALUES // max(len(fields), 1))


class Cursor(CursorWrapper):
    """Django's, whose two calls of nearly every statement go to the driver's without a detour."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        """As Django's: refused in a transaction that is broken, its errors Django's."""
        if self.db.execute_wrappers:
            return super().execute(sql, params)
        self.db.validate_no_broken_transaction()
        with self.db.wrap_database_errors:
            return self.cursor.execute(sql, params)

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with self.db.wrap_database_errors:
            rows: list[Any] = self.cursor.fetchall()
            return rows


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    health_check_enabled: bool
    health_check_done: bool
    _checked = float("-inf")

    @async_unsafe
    def cursor(self) -> Any:
        """As Django's, which for each statement sees to the connection and its time zone again. Both stand once it is
        open and checked: a centre's connections are in UTC from the first."""
        unchecked = self.health_check_enabled and not self.health_check_done
        if self.connection is None or unchecked or self.queries_logged:
            return super().cursor()
        self.validate_thread_sharing()
        with self.wrap_database_errors:
            return Cursor(self.connection.cursor(), self)

    def close_if_health_check_failed(self) -> None:
        """As Django's, which asks `SELECT 1` before each request's first statement, but where the connection was in
        use a moment ago and nothing has come from the server since: one that stops, at once too, closes it, and that
        is there to be read. What was not heard of (a network that forgot it) takes longer than `LATELY`."""
        now = time.monotonic()
        if self.connection is not None and not self.health_check_done:
            self.health_check_done = now - self._checked < LATELY and _silent(self.connection)
            self._checked = now
        super().close_if_health_check_failed()


def _silent(connection: Any) -> bool:
    """Whether it is open and nothing lies unread on it: not its end either."""
    if connection.closed:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)
