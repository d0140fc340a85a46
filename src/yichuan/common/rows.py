"""Rows into one table in one statement, whose SQL follows from the table and is worked out once.

For what every act writes, and for the few places where a thousand rows are made in one act, as a send makes them;
`save` and `bulk_create` everywhere else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
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

from yichuan.common.among import Several
from yichuan.common.transactions import require_transaction

AS_THEY_ARE = (UUIDField, CharField, IntegerField, BooleanField, BinaryField)
"""Fields whose values psycopg writes without Django's help."""
_USUAL = {kind.get_db_prep_value for kind in AS_THEY_ARE}  # a field that seals its value has another way
FEW = 16
"""So many rows are one INSERT on PostgreSQL; COPY, which takes more to begin, makes more of them."""


def insert(row: Model) -> None:
    """Insert an object with a key of its own, as `save(force_insert=True)` does. A step. Raises what that raises."""
    require_transaction()
    plan = _plan(type(row), (), None, connection.vendor)
    values = row.__dict__
    _put(plan, [[values[field.attname] for field in plan.varying]])
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_rows(
    model: type[Model], *, same: Mapping[str, object], each: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert `rows`, whose values stand in the order of `each`; `same` holds for every one of them. A step.

    Both name columns as a row has them (`dispatch_id`). What neither names gets the field's own default. Raises what
    `bulk_create` raises.
    """
    require_transaction()
    plan = _plan(model, tuple(same), tuple(each), connection.vendor)
    behind = [_prepared(field, same[name] if name in same else field.get_default()) for name, field in plan.fixed]
    _put(plan, [[*row, *behind] for row in rows])


def alter_rows(model: type[Model], keys: Sequence[Any], values: Mapping[str, object]) -> None:
    """Give the rows with these keys the same `values` in the columns named: `update`, in SQL that need not be written
    anew. A step, on locked rows."""
    require_transaction()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quoted, by = connection.ops.quote_name, model._meta.pk
    table, key = quoted(model._meta.db_table), quoted(str(by.column))
    new = ", ".join(f"{quoted(str(fields[name].column))} = %s" for name in values)
    given = [_prepared(fields[name], value) for name, value in values.items()]
    these = "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {new} WHERE {key} {these}",  # noqa: S608 - our own names
            [*given, Several(by).get_db_prep_value(keys, connection)],
        )


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


class _Plan(NamedTuple):
    """How rows go into a table: the columns whose values each row has, those that are the same, what is made ready."""

    table: str
    columns: str
    varying: list["Field[Any, Any]"]
    fixed: list[tuple[str, "Field[Any, Any]"]]
    ways: list[tuple[int, Callable[[object], Any]]]


@cache
def _plan(model: type[Model], same: tuple[str, ...], each: tuple[str, ...] | None, vendor: str) -> _Plan:
    """`each` is None for all that a new row says itself: not the number that the database gives it. `vendor` is the
    database's, which the ways are for."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    if each is None:
        each = tuple(field.attname for field in fields)
    unknown = {*same, *each} - {field.attname for field in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    by_name = {field.attname: field for field in fields}
    varying = [by_name.pop(name) for name in each]
    fixed = list(by_name.items())
    for name, field in fixed:
        if name not in same and field.primary_key:
            raise ValueError(f"{name} is another for each row")
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in [*varying, *(field for _, field in fixed)])
    ways = [(at, way) for at, field in enumerate(varying) if (way := _way(field, vendor)) is not None]
    return _Plan(quoted(model._meta.db_table), columns, varying, fixed, ways)


def _put(plan: _Plan, rows: list[list[Any]]) -> None:
    """Write these rows, whose own values are made ready here."""
    if not rows:
        return
    for row in rows:
        for at, way in plan.ways:
            row[at] = way(row[at]) if row[at] is not None else None
    into = f"{plan.table} ({plan.columns})"
    one = f"({', '.join(['%s'] * (len(plan.varying) + len(plan.fixed)))})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(f"INSERT INTO {into} VALUES {one}", rows)  # noqa: S608 - our own names
        elif len(rows) <= FEW:
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO {into} VALUES {', '.join([one] * len(rows))}", values)  # noqa: S608
        else:
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _way(field: "Field[Any, Any]", vendor: str) -> Callable[[object], Any] | None:
    """How a value of the field is made ready; None where the driver takes it as it is."""
    kind = field.target_field if isinstance(field, ForeignKey) else field
    as_it_is = isinstance(kind, AS_THEY_ARE) and type(kind).get_db_prep_value in _USUAL
    return None if as_it_is and vendor == "postgresql" else partial(_prepared, field)


def _prepared(field: "Field[Any, Any]", value: object) -> Any:
    return field.get_db_prep_save(value, connection)
