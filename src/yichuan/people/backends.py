"""Whose session it is. How somebody proves who they are is the business of `services.log_in`."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from yichuan.people.models import Account


class AccountBackend(BaseBackend):
    """Finds the account of a session; one that is suspended has none."""

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
