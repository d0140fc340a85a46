"""Whose session it is. How somebody proves who they are is the business of `services.log_in`."""

from typing import Any

from yichuan.people.models import Account


class AccountBackend:
    """Finds the account of a session; one that is suspended has none. What it may do, `org` answers."""

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
