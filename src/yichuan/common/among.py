"""`column__among=values`: as `__in`, with all values in one parameter, so that the SQL is the same for however many.

A query of it can be prepared, by us (`common.prepared`) and by the database, and none of it is written out a thousand
times.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Field, Lookup


class Several:
    """Any number of values of one field, as the lookup hands them to the database: an array, or a list in JSON."""

    def __init__(self, of: "Field[Any, Any]") -> None:
        self.of = of

    def get_db_prep_value(self, values: Iterable[Any], connection: Any) -> Any:
        """The parameter. PostgreSQL takes ids and words as they are."""
        if connection.vendor == "postgresql":
            return list(values)
        return json.dumps([self.of.get_db_prep_value(each, connection) for each in values])


@Field.register_lookup
class Among(Lookup):
    """Of fields that hold ids or words; a foreign key is asked by `unit__pk__among`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The SQL of every database but PostgreSQL: SQLite's."""
        column, given = self.process_lhs(compiler, connection)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a column, no value
        return sql, (*given, self._several(connection))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Of an array."""
        column, given = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*given, self._several(connection))

    def _several(self, connection: Any) -> Any:
        return Several(self.lhs.output_field).get_db_prep_value(self.rhs, connection)
