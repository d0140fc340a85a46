"""Opening an account, and changing one's own password (J-14, J-16)."""

import secrets
import string

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yichuan.audit.services.record import record
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account

FIRST_PASSWORD_LENGTH = 12
_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OoIl1")))


def first_password() -> str:
    """A first password: easy to read aloud, of three classes of characters, to be changed at the first login."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(FIRST_PASSWORD_LENGTH - 3))
    return body + secrets.choice("ABCDEFGH") + secrets.choice("abcdefgh") + secrets.choice("23456789")


def open_account(*, actor: Actor | None, username: str, name: str, password: str) -> Account:
    """Open an account whose password must be changed at the first login. A step. The password is not logged."""
    require_transaction()
    account = Account(username=username, name=name, must_change_password=True)
    account.set_password(password)
    account.save(force_insert=True)
    record(verb="people.open_account", actor=actor, subject=account, detail={"username": username})
    return account


def change_password(*, account: Account, old: str, new: str, again: str) -> None:
    """A person changes their own password. A command; refuses field by field."""
    errors: dict[str, str] = {}
    if not account.check_password(old):
        errors["old"] = "现在的密码不对。"
    if new != again:
        errors["again"] = "两次输入的新密码不一样。"
    if new and new == old:
        errors["new"] = "新密码不能和现在的密码一样。"
    else:
        try:
            validate_password(new, account)
        except ValidationError as error:
            errors["new"] = " ".join(error.messages)
    if errors:
        raise Invalid(errors)
    with command():
        account.set_password(new)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        record(verb="people.change_password", actor=account, subject=account)
