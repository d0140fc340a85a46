"""Searching by the beginning of a text, through an index, on either database."""

from django.db import connection
from django.db.models import Q

_LAST = "\U0010ffff"


def starting_with(field: str, text: str) -> Q:
    """Rows whose `field` (declared with `db_index`) begins with `text`, exactly.

    PostgreSQL reads the pattern index that Django makes beside the usual one. SQLite's LIKE folds case and passes the
    index over; a range says the same, because its texts compare by code point.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST})
    return Q(**{f"{field}__startswith": text})
