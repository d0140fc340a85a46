"""The unit that looks after an account: `YICHUAN_UNIT_OF_ACCOUNT` of the room below."""

import uuid

from yichuan.org.models import Staff
from yichuan.people.models import Account


def unit_of_account(account: Account) -> uuid.UUID | None:
    """The unit on the person's card; None for people of the centre itself."""
    return Staff.objects.filter(pk=account.pk).values_list("unit_id", flat=True).first()
