"""Opening an account (J-14, J-16)."""

import secrets
import string
from collections.abc import Sequence

from yichuan.audit.services.record import entry, record_all
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account
from yichuan.people.services.keep_password import keep_first_password

FIRST_PASSWORD_LENGTH = 12
_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OoIl1")))


def first_password() -> str:
    """A first password: easy to read aloud, of three classes of characters, to be changed at the first login."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(FIRST_PASSWORD_LENGTH - 3))
    return body + secrets.choice("ABCDEFGH") + secrets.choice("abcdefgh") + secrets.choice("23456789")


def open_account(*, actor: Actor | None, username: str, name: str, password: str) -> Account:
    """Open an account with a password from `first_password`, to be changed at the first login. A step.

    The password is not logged.
    """
    account = new_account(username=username, name=name, password=password)
    open_accounts(actor=actor, accounts=[account])
    return account


def new_account(*, username: str, name: str, password: str) -> Account:
    """An account that `open_accounts` is to open."""
    account = Account(username=username, name=name)
    keep_first_password(account, password)
    return account


def open_accounts(*, actor: Actor | None, accounts: Sequence[Account]) -> None:
    """Open several at once. A step."""
    require_transaction()
    Account.objects.bulk_create(accounts)
    record_all(
        entry(verb="people.open_account", actor=actor, subject=account, detail={"username": account.username})
        for account in accounts
    )
