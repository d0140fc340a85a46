"""Login by account and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from yichuan.people.models import Account


class PasswordBackend(BaseBackend):
    """Checks the password; counting failures and locking is the business of `services.log_in`."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> Account | None:
        account = Account.objects.filter(username=username).first()
        if account is None:
            Account().set_password(password)  # as slow as a wrong password, so that accounts cannot be probed
            return None
        return account if account.is_active and account.check_password(password) else None

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
