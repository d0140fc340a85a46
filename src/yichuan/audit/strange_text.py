"""Text that is no UTF-8: SQLite keeps whatever bytes somebody writes, and refuses to give them back as text.

Whoever reads the whole log must not stop at such a row, for then nobody learns which it is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")


def read_anyway(read: Callable[[], T]) -> T:
    """What `read` gives; where that meets text that is no UTF-8, once more, with what is none as lone surrogates, which
    no text that a centre writes holds."""
    try:
        return read()
    except OperationalError as error:
        if not is_strange(error):
            raise
        with _as_it_lies():
            return read()


def is_strange(error: OperationalError) -> bool:
    """Whether this is what SQLite's driver says of such text."""
    return connection.vendor == "sqlite" and "Could not decode" in str(error)


@contextmanager
def _as_it_lies() -> Iterator[None]:
    usual = connection.connection.text_factory
    connection.connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.connection.text_factory = usual
