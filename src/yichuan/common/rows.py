"""Many rows into one table in one statement, without an object for each: COPY on PostgreSQL, one prepared INSERT else.

For the few places where a thousand rows are made in one act, as a send makes them; `bulk_create` everywhere else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import (
    AutoField,
    BinaryField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    UUIDField,
)

from yichuan.common.transactions import require_transaction

AS_THEY_ARE = (UUIDField, CharField, IntegerField, BooleanField, BinaryField)
"""Fields whose values psycopg writes into a COPY without Django's help."""


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
    fixed = {
        field: _prepared(field, value)
        for field in fields
        if field.attname not in each and (value := same.get(field.attname, _default(field))) is not None
    }  # a column that is not named is null
    behind = list(fixed.values())
    ways = [(at, way) for at, field in enumerate(varying) if (way := _way(field)) is not None]
    prepared = [[*row, *behind] for row in rows]
    for row in prepared:
        for at, way in ways:
            row[at] = way(row[at]) if row[at] is not None else None
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in [*varying, *fixed])
    _put(quoted(model._meta.db_table), columns, prepared, len(varying) + len(fixed))


def fill_rows(model: type[Model], *, column: str, values: Mapping[Any, object]) -> set[Any]:
    """Set `column` of the rows named by their keys, each to its own value, where it is null still: one statement.

    The keys of those that were, so that of two who fill a row each knows whose value it is. A step. Rows are locked as
    the database finds them: two that fill several rows at once must not fill the same ones.
    """
    require_transaction()
    if not values:
        return set()
    key = model._meta.pk
    field = next(each for each in model._meta.concrete_fields if each.attname == column)
    quoted = connection.ops.quote_name
    table, name, by = quoted(model._meta.db_table), quoted(str(field.column)), quoted(str(key.column))
    given = [part for each, value in values.items() for part in (_prepared(key, each), _prepared(field, value))]
    rows = ", ".join(["(%s, %s)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = given.column2 FROM (VALUES {rows}) AS given"  # noqa: S608 - our own names
            f" WHERE {table}.{by} = given.column1 AND {table}.{name} IS NULL RETURNING {table}.{by}",
            given,
        )
        return {key.to_python(each) for (each,) in cursor.fetchall()}


def _put(table: str, columns: str, rows: list[list[Any]], width: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 - our own names
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _way(field: "Field[Any, Any]") -> Callable[[object], Any] | None:
    """How a value of the field is made ready; None where the driver takes it as it is."""
    kind = field.target_field if isinstance(field, ForeignKey) else field
    if connection.vendor == "postgresql" and isinstance(kind, AS_THEY_ARE):
        return None
    return partial(_prepared, field)


def _default(field: "Field[Any, Any]") -> object:
    """The default of one that is the same for all: one that is drawn anew for each row belongs into `each`."""
    if field.primary_key:
        raise ValueError(f"{field.attname} is another for each row")
    return field.get_default()


def _prepared(field: "Field[Any, Any]", value: object) -> Any:
    return field.get_db_prep_save(value, connection)
