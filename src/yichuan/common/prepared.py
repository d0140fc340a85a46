"""Queries that a request asks in every case, compiled once: their SQL is the same each time but for its values.

Of a query with many joins Django spends more on writing its SQL than the database on answering it.
"""

import uuid
from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import QuerySet

from yichuan.common.among import Several

Row = TypeVar("Row")


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
        prepared = {name: self._for_database(name, value) for name, value in values.items()}
        asked = [prepared[places[at]] if at in places else value for at, value in enumerate(usual)]
        compiler = copy(compiler)
        compiler.connection, compiler.as_sql = connections[DEFAULT_DB_ALIAS], lambda: (sql, tuple(asked))
        compiler.get_converters = lambda _: converters  # they follow from the columns and the kind of database
        found = query.all()
        found.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(found)

    def _written(self) -> tuple[QuerySet[Any, Row], Any, Any, str, list[Any], dict[int, str]]:
        stand_ins = {name: _stand_in(field, at) for at, (name, field) in enumerate(self._fields.items())}
        query = self._rows(**stand_ins)
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, asked = compiler.as_sql()
        names = {name: self._for_database(name, value) for name, value in stand_ins.items()}
        places = {at: name for at, value in enumerate(asked) for name, stood in names.items() if value == stood}
        if set(places.values()) != set(self._fields):
            raise TypeError("a value of a prepared query does not stand in its SQL as it is")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return query, compiler, converters, sql, list(asked), places

    def _for_database(self, name: str, value: Any) -> Any:
        return self._fields[name].get_db_prep_value(value, connection)


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
