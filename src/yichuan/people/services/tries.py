"""Guessing from one address is slowed, whatever is guessed at: passwords of any account, codes that bind a device."""

from enum import StrEnum

from django.db.models import F

from yichuan.common import clock, profile
from yichuan.common.transactions import require_transaction
from yichuan.people.models import AddressTries
from yichuan.people.selectors import TRIES_WINDOW


class Try(StrEnum):
    """Whether a try may be made. Only the first refusal is worth a row: a flood of tries must not fill the tables."""

    OPEN = "open"
    SLOWED = "slowed"
    STILL_SLOWED = "still_slowed"


def begin_try(address: str) -> Try:
    """Count a try before it is looked at. A step."""
    require_transaction()
    if not address:
        return Try.OPEN
    now = clock.now()
    AddressTries.objects.get_or_create(address=address, defaults={"since": now})
    tries = AddressTries.objects.select_for_update().get(pk=address)
    if tries.since < now - TRIES_WINDOW:
        tries.since, tries.failures = now, 0
    limit = profile.current().passwords.failures_per_address
    if tries.failures > limit:
        return Try.STILL_SLOWED
    tries.failures += 1
    tries.save(update_fields=["since", "failures"])
    return Try.OPEN if tries.failures <= limit else Try.SLOWED


def forgive_try(address: str) -> None:
    """The try was right: it does not count. A step."""
    require_transaction()
    AddressTries.objects.filter(pk=address, failures__gt=0).update(failures=F("failures") - 1)


def forget_tries() -> int:
    """Clear away what lies longer back than it counts; how many. For the ticker."""
    return AddressTries.objects.filter(since__lt=clock.now() - TRIES_WINDOW).delete()[0]
