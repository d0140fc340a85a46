"""Queries that a request asks in every case, compiled once: their SQL is the same each time but for its values.

Of a query with many joins Django spends more on writing its SQL than the database on answering it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    QuerySet,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)

from yichuan.common.among import Several

Row = TypeVar("Row")
Fields = Mapping[str, "models.Field[Any, Any] | Several"]


class PreparedSql:
    """The same of SQL that `write(**values)` gives with its parameters: the rows as the database hands them over."""

    def __init__(
        self, write: Callable[..., tuple[str, Sequence[Any]]], **values: "models.Field[Any, Any] | Several"
    ) -> None:
        self._write, self._fields = write, values
        self._kept: dict[str, tuple[str, Sequence[Any], dict[int, str]]] = {}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values, read now."""
        database = connections[DEFAULT_DB_ALIAS]
        kept = self._kept.get(database.vendor)
        if kept is None:
            stand_ins = _stand_ins(self._fields)
            sql, usual = self._write(**stand_ins)
            kept = self._kept[database.vendor] = (sql, usual, _places(self._fields, stand_ins, usual, database))
        sql, usual, places = kept
        with database.cursor() as cursor:
            cursor.execute(sql, _filled(self._fields, values, usual, places, database))
            return list(cursor.fetchall())


class Prepared(Generic[Row]):
    """A query as `rows(**values)` writes it, each value of a `models.UUIDField`, `CharField`, `DateField` or
    `DateTimeField`, or `Several` of one for the lookup `__among`.

    `rows` is asked once for each kind of database, with values that stand for those to come: it may not look at them,
    and what it reads besides (the time, say) must be a value too. How a row becomes what the query gives follows from
    its columns, and is kept with its SQL.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Row]], **values: "models.Field[Any, Any] | Several") -> None:
        self._rows, self._fields = rows, values
        self._kept: dict[str, _Written[Row]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values, read now."""
        database = connections[DEFAULT_DB_ALIAS]
        kept = self._kept.get(database.vendor)
        if kept is None:
            kept = self._kept[database.vendor] = self._written(database)
        with database.cursor() as cursor:
            cursor.execute(kept.sql, _filled(self._fields, values, kept.usual, kept.places, database))
            found = cursor.fetchall()
        if kept.converters:
            found = [_converted(row, kept.converters, database) for row in found]
        return [kept.made(row) for row in found]

    def _written(self, database: Any) -> "_Written[Row]":
        stand_ins = _stand_ins(self._fields)
        query = self._rows(**stand_ins)
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, asked = compiler.as_sql()
        places = _places(self._fields, stand_ins, asked, database)
        columns = [column for column, *_ in compiler.select]
        converters = [(at, each) for at, each in compiler.get_converters(columns).items()]
        return _Written(sql, list(asked), places, converters, _way_of_making(query, compiler))


class _Written(NamedTuple, Generic[Row]):
    """A query's SQL with its usual parameters, which of them is which value, and what is made of a row."""

    sql: str
    usual: list[Any]
    places: dict[int, str]
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]
    made: Callable[[Any], Row]


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Any]], database: Any) -> list[Any]:
    values = list(row)
    for at, (ways, column) in converters:
        for way in ways:
            values[at] = way(values[at], column, database)
    return values


def _way_of_making(query: Any, compiler: Any) -> Callable[[Any], Any]:
    """What Django's own iterables do with a row, without finding out each time what follows from the query."""
    kind = query._iterable_class
    if query._prefetch_related_lookups or query._known_related_objects or compiler.has_extra_select:
        raise TypeError("a prepared query is one statement, whose columns are those that it gives")
    if kind is ModelIterable:
        return _objects(compiler)
    if kind is ValuesListIterable:
        return tuple
    if kind is FlatValuesListIterable:
        return itemgetter(0)
    if kind is ValuesIterable:
        asked = query.query
        names = asked.selected or (*asked.extra_select, *asked.values_select, *asked.annotation_select)
        return lambda row: dict(zip(names, row, strict=True))
    raise TypeError(f"a prepared query gives no {kind.__name__}")


def _objects(compiler: Any) -> Callable[[Any], Any]:
    model, fields = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    begin, end = fields[0], fields[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[begin:end]]
    populators: Any = get_related_populators  # the stubs are those of a later Django
    related = populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
    noted = list((compiler.annotation_col_map or {}).items())

    def made(row: Any) -> Any:
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[begin:end])
        for each in related:
            each.populate(row, found)
        for name, at in noted:
            setattr(found, name, row[at])
        return found

    return made


def _stand_ins(fields: Fields) -> dict[str, Any]:
    return {name: _stand_in(field, at) for at, (name, field) in enumerate(fields.items())}


def _places(fields: Fields, stand_ins: Mapping[str, Any], asked: Sequence[Any], database: Any) -> dict[int, str]:
    """Which parameter of the SQL is which value."""
    names = _for_database(fields, stand_ins, database)
    places = {at: name for at, value in enumerate(asked) for name, stood in names.items() if value == stood}
    if set(places.values()) != set(fields):
        raise TypeError("a value of a prepared query does not stand in its SQL as it is")
    return places


def _filled(
    fields: Fields, values: Mapping[str, Any], usual: Sequence[Any], places: Mapping[int, str], database: Any
) -> list[Any]:
    prepared = _for_database(fields, values, database)
    return [prepared[places[at]] if at in places else value for at, value in enumerate(usual)]


def _for_database(fields: Fields, values: Mapping[str, Any], database: Any) -> dict[str, Any]:
    return {name: fields[name].get_db_prep_value(value, database) for name, value in values.items()}


def _stand_in(field: "models.Field[Any, Any] | Several", at: int) -> Any:
    """A value of the field's kind that no query holds of itself."""
    if isinstance(field, Several):
        return [_stand_in(field.of, at)]
    drawn = uuid.uuid4()
    if isinstance(field, models.UUIDField):
        return drawn
    if isinstance(field, models.DateTimeField):
        return datetime(1970, 1, 1, microsecond=drawn.int % 999_983 + 1, second=at, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(1, 1, 1) + timedelta(days=10 * (drawn.int % 9_973) + at)
    return drawn.hex
