"""All that a database is made of, rows apart, in a form in which two of them can be compared."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from support.migrated import tool


def schema(url: str) -> dict[str, list[str]]:
    """What stands in the database of `url`, by its kind and name.

    On SQLite, where a table is made anew to change a column, the order of its columns and conditions hangs on how
    often that was: it is left out, and every statement of the product names its columns. On PostgreSQL it counts.
    """
    if url.startswith("sqlite:///"):
        return _sqlite(url.removeprefix("sqlite:///"))
    return _postgresql(url)


def _sqlite(path: str) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {f"{kind} {name}": sorted(_parts(sql)) if kind == "table" else [sql] for kind, name, sql in rows}


def _parts(sql: str) -> Iterator[str]:
    """The columns and conditions of a CREATE TABLE, and its head."""
    depth, part = 0, ""
    for word in re.findall(r"""'[^']*'|"[^"]*"|[(),]|[^'"(),]+""", sql):
        depth += (word == "(") - (word == ")")
        if depth == 1 and word in "(,":
            yield part.strip()
            part = ""
        else:
            part += word
    yield part.strip().removesuffix(")")


def _postgresql(url: str) -> dict[str, list[str]]:
    dump = tool("pg_dump", url, "--schema-only", "--no-owner")
    kept = "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))
    heads = re.split(r"^-- Name: (.*)$", kept, flags=re.MULTILINE)
    named = dict(zip(heads[1::2], heads[2::2], strict=True))
    assert len(named) * 2 + 1 == len(heads), "two things of one name"
    return {name: definition.splitlines() for name, definition in named.items()}
