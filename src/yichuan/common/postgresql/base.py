"""The `ENGINE` of a centre on PostgreSQL: what makes many rows at once makes them in as many statements as it takes."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, features, operations

MOST_VALUES = 65_535
"""A statement's parameters are counted in two bytes (PostgreSQL's protocol, message Bind)."""


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many of the rows go into one statement."""
        return min(len(objs), MOST_VALUES // max(len(fields), 1))


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
