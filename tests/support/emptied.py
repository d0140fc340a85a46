"""A database emptied after a test that really committed: what the migrations put into it stays, every other row goes.

Django's own flush truncates every table and makes all content types and permissions anew: seconds each time on
PostgreSQL, where this takes a moment. The log's triggers refuse to lose a row, rightly; here they do not watch.
"""

from __future__ import annotations

from django.db import connection, transaction

MIGRATED = ("django_content_type", "auth_permission")


def empty_database() -> None:
    """Delete the rows of every table of the applications but those in `MIGRATED`."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - set(MIGRATED)
    delete = [f"DELETE FROM {connection.ops.quote_name(name)}" for name in sorted(names)]  # noqa: S608 - tables' names
    if connection.vendor == "sqlite":
        _without_watch(delete)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(";".join(["SET LOCAL session_replication_role = replica", *delete]))


def _without_watch(statements: list[str]) -> None:
    """SQLite knows no such role: the triggers are put aside and come back in the same transaction."""
    with connection.cursor() as cursor, connection.constraint_checks_disabled(), transaction.atomic():
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)
        for _, sql in triggers:
            cursor.execute(sql)
