"""Asking for a permission, beginning a session, finding a unit or a person in a province's address book.

The reference of the first two is one row read by its key in the same database; of the pages, what they may take:
100 ms, so that a ratio above 1 keeps within it. Logging in is measured without argon2, which is slow on purpose.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.measure import Figure, figure, rate


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with _centre(), _cheap_hasher():
        return [*_permissions(), _login(), *_pages()]


@contextmanager
def _centre() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        from benchmarks.large_centre import fill
        from yichuan.operations.services.open_centre import open_centre

        call_command("migrate", verbosity=0)
        open_centre("江门市")
        fill()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as the server does by itself some minutes after so many rows
        yield
        connection.close()


@contextmanager
def _cheap_hasher() -> Iterator[None]:
    from django.test import override_settings

    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, ALLOWED_HOSTS=["*"]):
        yield


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


def _login() -> Figure:
    from django.test import Client

    some, password = _known_clerk()
    client = Client()  # one for all: a new one would load the middleware and the list of static files each time

    def log_in() -> object:
        client.cookies.clear()
        return _logged_in(some, password, client)

    logins = rate(log_in)

    def read() -> object:
        return type(some).objects.get(pk=some.pk)

    return figure("login, without argon2", logins, "logins/s", "row by its key", rate(read))


def _known_clerk() -> tuple[Any, str]:
    """A clerk with a password that is known and fresh, in the table of the cheap hasher."""
    from yichuan.common import clock
    from yichuan.people.models import Account
    from yichuan.people.services.open_account import first_password

    some, password = Account.objects.get(username="p0100001"), first_password()
    some.set_password(password)
    some.password_set_at = clock.now()
    some.save(update_fields=["password", "password_set_at"])
    return some, password


def _logged_in(some: Any, password: str, client: Any = None) -> Any:
    from django.test import Client

    client = client or Client()
    answer = client.post("/login/", {"username": some.username, "password": password})
    if answer.status_code != 302:
        raise RuntimeError(f"the login was answered with {answer.status_code}")
    return client


PAGES = {
    "address book, first page": "/contacts/",
    "address book, part of a name": "/contacts/?q=开平环保",
    "address book, initials": "/contacts/?q=kphb",
    "address book, a person": "/contacts/?q=王伟",
    "address book, a number": "/contacts/?q=13800100001",
    "recipients, part of a name": "/recipients/?q=开平环保",
    "recipients, initials": "/recipients/?q=kphb",
}
WITHIN_SECONDS = 0.1


def _pages() -> Iterator[Figure]:
    clerk = _logged_in(*_known_clerk())
    for name, address in PAGES.items():

        def read(address: str = address) -> object:
            answer = clerk.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} was answered with {answer.status_code}")
            return answer

        yield figure(name, rate(read), "pages/s", "100 ms a page", 1 / WITHIN_SECONDS)
    yield figure("sending form's data", rate(_picker), "pages/s", "100 ms a page", 1 / WITHIN_SECONDS)


def _picker() -> object:
    """What the sending form asks for its picker: groups with their sizes, and units that were chosen before."""
    from yichuan.exchange.recipients import AT_ONCE, picker_data
    from yichuan.org.models import Unit

    sender, *chosen = Unit.objects.filter(order__in=(10_000, 17, 4_711, 19_999))
    data = picker_data(sender, chosen)
    if "search" not in data or len(data["units"]) > AT_ONCE:
        raise RuntimeError("the whole address book stands in the page")
    return data
