"""The database's part of a backup: one snapshot of it while others go on writing, and putting one back.

On SQLite the pages are copied by its online backup within a read transaction, on PostgreSQL `pg_dump` reads in the
snapshot of a transaction of ours. Everything else that a backup says of the database is asked in the same transaction.
The keys of live sessions stay out of it: whoever steals a backup gets into nobody's pages.
"""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import make_conninfo

from yichuan.common.errors import Refused, Unavailable

SESSIONS = Session._meta.db_table


@contextmanager
def snapshot() -> Iterator[str]:
    """A read transaction: every question inside sees the database as it is now. Gives its name, on PostgreSQL."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield str(cursor.fetchone()[0])
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # no lock that a writer would wait for
        try:
            cursor.execute("SELECT count(*) FROM django_migrations")  # from here on nothing moves
            yield ""
        finally:
            cursor.execute("ROLLBACK")


def dump(name: str, path: Path) -> None:
    """Write the snapshot `name` into a file. Raises `Refused` where it cannot be, OSError where the disk refuses."""
    if connection.vendor == "postgresql":
        _postgres(
            "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={name}",
            f"--exclude-table-data={SESSIONS}", f"--file={path}",
        )  # fmt: skip
        return
    try:
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("PRAGMA secure_delete=ON")
            copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608 (a table of ours)
            copy.commit()
            [(said,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        raise OSError(f"SQLite: {error}") from error
    if said != "ok":
        raise Refused("database_damaged", f"数据库本身已经损坏（{said}），没有做成备份。请用上一份备份恢复。")


def put_back(path: Path) -> None:
    """Make the database out of a dump; the place for it was found empty. Raises `Refused` or OSError."""
    if connection.vendor == "postgresql":
        _postgres("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-acl", str(path))
        return
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = target.with_name(f"{target.name}.arriving")
    try:
        with path.open("rb") as source, arriving.open("wb") as file:
            while data := source.read(1024 * 1024):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        arriving.replace(target)
    finally:
        arriving.unlink(missing_ok=True)


def holds_tables() -> bool:
    """Whether there is anything in the database. Asking makes no file where there is none."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return bool(connection.introspection.table_names())


def counts() -> dict[str, int]:
    """Rows a table of ours, sessions left out."""
    tables = set(connection.introspection.table_names())
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} & tables - {SESSIONS}
    return {table: _count(table) for table in sorted(ours)}


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (a table of ours)
        return int(cursor.fetchone()[0])


def applied() -> list[str]:
    """The migrations that the database went through."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def known() -> set[str]:
    """The migrations that this program knows."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _postgres(tool: str, *words: str) -> None:
    """One of PostgreSQL's own commands on the centre's database; the password goes through the environment."""
    named = connection.settings_dict
    asked = {
        "host": named["HOST"], "port": named["PORT"], "user": named["USER"], "dbname": named["NAME"],
        **{key: value for key, value in named["OPTIONS"].items() if isinstance(value, str)},
    }  # fmt: skip
    place = make_conninfo(**{key: value for key, value in asked.items() if value})
    environment = os.environ | ({"PGPASSWORD": named["PASSWORD"]} if named["PASSWORD"] else {})
    try:
        done = subprocess.run(  # noqa: S603 (fixed words)
            [tool, *words, f"--dbname={place}"], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Refused(
            "no_postgres_tools", f"这台机器没有 {tool}。请安装与数据库同版本的 PostgreSQL 客户端（postgresql-client）。"
        ) from error
    if done.returncode != 0:
        said = done.stderr.strip() or f"{tool} 异常结束（{done.returncode}）"
        raise Unavailable("database_tool", f"{tool} 没有做成：{said[-600:]}")
