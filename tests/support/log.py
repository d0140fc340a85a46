"""The log's tree in tests: entries in a row, and what somebody with the database's own password could do to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from yichuan.audit.models import Entry, Leaf
from yichuan.audit.services.record import entry, record_all
from yichuan.common.transactions import command

GUARDED = ("entry", "leaf", "tile", "checkpoint", "head")


def acts(number: int) -> list[Entry]:
    """So many entries more, as one act would write them."""
    made = [entry(verb="people.log_in", actor=None, detail={"count": each}) for each in range(number)]
    with command():
        record_all(made)
    return made


def entry_at(index: int) -> Entry:
    """The entry at this place of the tree."""
    return Leaf.objects.select_related("entry").get(index=index).entry


def tamper(statement: str, *values: object) -> None:
    """Run SQL past every guard: triggers are taken off and put back behind it."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def spoil(entry_id: int, column: str) -> None:
    """SQLite: put a byte that begins no letter behind what stands there."""
    text = '\'{"a":"\'' if column == "detail" else column
    end = "'\"}'" if column == "detail" else "''"
    value = f"CAST(CAST({text} AS BLOB) || x'ff' || CAST({end} AS BLOB) AS TEXT)"
    tamper(f"UPDATE audit_entry SET {column} = {value} WHERE id = %s", entry_id)  # noqa: S608 - named above


def fill_with_bytes(entry_id: int, column: str) -> None:
    """SQLite: put bytes in the place of what stands there."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        tamper(f"UPDATE audit_entry SET {column} = x'ff00' WHERE id = %s", entry_id)  # noqa: S608 - named by tests
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


@contextmanager
def unguarded() -> Iterator[None]:
    """The log's tables without their triggers."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE audit_{table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            cursor.execute(sql)
