"""Putting a password into an account: which hash it gets, and what stays behind of the one before."""

from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import get_hashers, make_password

from yichuan.common import clock, profile
from yichuan.people.models import Account, PastPassword


def keep_first_password(account: Account, password: str) -> None:
    """Take a password that `first_password` drew: random, so the quick hash will do. The caller saves the account."""
    account.password = make_password(password, hasher=get_hashers()[-1])
    account.password_set_at = clock.now()
    account.must_change_password = True


def keep_own_password(account: Account, password: str) -> None:
    """Take a password that the person chose, and remember the one before. Part of a step."""
    remember(account)
    account.set_password(password)
    account.password_set_at = clock.now()
    account.must_change_password = False
    account.save(update_fields=["password", "password_set_at", "must_change_password"])


def remember(account: Account) -> None:
    """The hash of the present password goes to the past ones, as many as the profile says. Part of a step."""
    PastPassword.objects.create(account=account, password=account.password, at=clock.now())
    kept = account.past_passwords.order_by("-at").values_list("pk", flat=True)[: profile.current().passwords.history]
    account.past_passwords.exclude(pk__in=list(kept)).delete()


def used_before(account: Account, password: str) -> bool:
    """Whether it is one of the past passwords that may not be taken again. As slow as that many logins."""
    return any(matches(password, past.password) for past in account.past_passwords.all())
