"""Commands and steps (architecture, contract 4).

A *command* is what pages, the interface, tasks and handlers call: it opens a durable transaction of its own. A *step*
is what commands share: it refuses to run outside one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def command() -> Iterator[None]:
    """One durable transaction: all of the command happens, or nothing of it."""
    with transaction.atomic(durable=True):
        yield


def require_transaction() -> None:
    """First line of every step. A step outside a transaction could leave half of its work behind."""
    if not connection.in_atomic_block:
        raise RuntimeError("a step was called outside of a command's transaction")
