"""Asking for a permission, beginning a session, finding a unit or a person in a province's address book.

The reference of the first two is one row read by its key in the same database; of the searches, a search's own budget
of 100 ms.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.measure import Figure, figure, rate


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with _centre():
        return [*_permissions()]


@contextmanager
def _centre() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        from benchmarks.large_centre import fill

        call_command("migrate", verbosity=0)
        fill()
        yield
        connection.close()


def _permissions() -> list[Figure]:
    from yichuan.exchange.permissions import ExchangePermission
    from yichuan.org.models import Unit
    from yichuan.people.models import Account

    some = Account.objects.get(username="p0100001")
    unit = Unit.objects.get(order=10_000)

    def read() -> object:
        return Account.objects.get(pk=some.pk)

    def ask_first() -> object:
        return Account.objects.get(pk=some.pk).has_perm(ExchangePermission.SIGN_FOR, unit)

    if not ask_first():
        raise RuntimeError("the clerk may not sign for: nothing would be measured")
    reading = rate(read)
    first, again = rate(ask_first), rate(lambda: some.has_perm(ExchangePermission.SIGN_FOR, unit))
    return [
        figure("permission, first of a request", first, "checks/s", "row by its key", reading),
        figure("permission, again", again, "checks/s", "row by its key", reading),
    ]
