"""Many rows into one table in one statement, without an object for each: COPY on PostgreSQL, one prepared INSERT else.

For the few places where a thousand rows are made in one act, as a send makes them; `bulk_create` everywhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model

from yichuan.common.transactions import require_transaction


def insert_rows(
    model: type[Model], *, same: Mapping[str, object], each: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert `rows`, whose values stand in the order of `each`; `same` holds for every one of them. A step.

    Both name columns as a row has them (`dispatch_id`). What neither names gets the field's own default. Raises what
    `bulk_create` raises.
    """
    require_transaction()
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    unknown = {*same, *each} - {field.attname for field in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    by_name = {field.attname: field for field in fields}
    varying = [by_name[name] for name in each]
    fixed = [field for field in fields if field not in varying]
    behind = [_prepared(field, same.get(field.attname, _default(field))) for field in fixed]
    prepared = [[*map(_prepared, varying, row), *behind] for row in rows]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in [*varying, *fixed])
    _put(quoted(model._meta.db_table), columns, prepared, len(fields))


def _put(table: str, columns: str, rows: list[list[Any]], width: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 - our own names
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _default(field: "Field[Any, Any]") -> object:
    """The default of one that is the same for all: one that is drawn anew for each row belongs into `each`."""
    if field.primary_key:
        raise ValueError(f"{field.attname} is another for each row")
    return field.get_default()


def _prepared(field: "Field[Any, Any]", value: object) -> Any:
    return field.get_db_prep_save(value, connection)
