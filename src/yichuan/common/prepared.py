"""Queries that a request asks in every case, compiled once: their SQL is the same each time but for its values.

Of a query with many joins Django spends more on writing its SQL than the database on answering it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import QuerySet

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
        kept = self._kept.get(connection.vendor)
        if kept is None:
            stand_ins = _stand_ins(self._fields)
            sql, usual = self._write(**stand_ins)
            kept = self._kept[connection.vendor] = (sql, usual, _places(self._fields, stand_ins, usual))
        sql, usual, places = kept
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(self._fields, values, usual, places))
            return list(cursor.fetchall())


class Prepared(Generic[Row]):
    """A query as `rows(**values)` writes it, each value of a `models.UUIDField`, `CharField`, `DateField` or
    `DateTimeField`, or `Several` of one for the lookup `__among`.

    `rows` is asked once for each kind of database, with values that stand for those to come: it may not look at them,
    and what it reads besides (the time, say) must be a value too.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Row]], **values: "models.Field[Any, Any] | Several") -> None:
        self._rows, self._fields = rows, values
        self._kept: dict[str, tuple[QuerySet[Any, Row], Any, Any, str, list[Any], dict[int, str]]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values, read now."""
        kept = self._kept.get(connection.vendor)
        if kept is None:
            kept = self._kept[connection.vendor] = self._written()
        query, compiler, converters, sql, usual, places = kept
        asked = _filled(self._fields, values, usual, places)
        compiler = copy(compiler)
        compiler.connection, compiler.as_sql = connections[DEFAULT_DB_ALIAS], lambda: (sql, tuple(asked))
        compiler.get_converters = lambda _: converters  # they follow from the columns and the kind of database
        found = query.all()
        found.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(found)

    def _written(self) -> tuple[QuerySet[Any, Row], Any, Any, str, list[Any], dict[int, str]]:
        stand_ins = _stand_ins(self._fields)
        query = self._rows(**stand_ins)
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, asked = compiler.as_sql()
        places = _places(self._fields, stand_ins, asked)
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return query, compiler, converters, sql, list(asked), places


def _stand_ins(fields: Fields) -> dict[str, Any]:
    return {name: _stand_in(field, at) for at, (name, field) in enumerate(fields.items())}


def _places(fields: Fields, stand_ins: Mapping[str, Any], asked: Sequence[Any]) -> dict[int, str]:
    """Which parameter of the SQL is which value."""
    names = _for_database(fields, stand_ins)
    places = {at: name for at, value in enumerate(asked) for name, stood in names.items() if value == stood}
    if set(places.values()) != set(fields):
        raise TypeError("a value of a prepared query does not stand in its SQL as it is")
    return places


def _filled(fields: Fields, values: Mapping[str, Any], usual: Sequence[Any], places: Mapping[int, str]) -> list[Any]:
    prepared = _for_database(fields, values)
    return [prepared[places[at]] if at in places else value for at, value in enumerate(usual)]


def _for_database(fields: Fields, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name].get_db_prep_value(value, connection) for name, value in values.items()}


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
