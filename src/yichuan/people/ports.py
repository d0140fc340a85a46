"""What this room asks of the rooms above it; `config` says who answers."""

import uuid

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.common.permissions import Actor
from yichuan.people.models import Account


def unit_of(account: Account) -> uuid.UUID | None:
    """The unit whose administrator looks after the account; None for people of the centre itself."""
    found: uuid.UUID | None = import_string(settings.YICHUAN_UNIT_OF_ACCOUNT)(account)
    return found


def may_suspend(actor: Actor, account: Account) -> bool:
    """Whether `actor` may suspend this account."""
    return bool(import_string(settings.YICHUAN_MAY_SUSPEND)(actor, account))


def suspend_person(*, actor: Actor, account: Account, reason: str) -> None:
    """Suspend the account at once and put it before the auditor (P4). A step; checks the permission."""
    import_string(settings.YICHUAN_SUSPEND_PERSON)(actor=actor, account=account, reason=reason)
