"""Guessing from one address is slowed, whatever is guessed at: passwords of any account, codes that bind a device."""

from enum import StrEnum

from django.db import connection
from django.db.models import F

from yichuan.common import clock, profile
from yichuan.common.transactions import require_transaction
from yichuan.people.models import AddressTries
from yichuan.people.selectors import TRIES_WINDOW

# One statement, which holds the row of the address to the transaction's end. Beyond the limit nothing is written.
_COUNTED = """
    INSERT INTO people_addresstries AS kept (address, since, failures) VALUES (%s, %s, 1)
    ON CONFLICT (address) DO UPDATE SET
        failures = CASE WHEN kept.since < %s THEN 1 ELSE kept.failures + 1 END,
        since = CASE WHEN kept.since < %s THEN excluded.since ELSE kept.since END
    WHERE kept.since < %s OR kept.failures <= %s
    RETURNING failures
"""


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
    limit, now = profile.current().passwords.failures_per_address, clock.now()
    written = AddressTries._meta.get_field("since").get_db_prep_value
    since, over = written(now, connection), written(now - TRIES_WINDOW, connection)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [address, since, over, over, over, limit])
        counted = cursor.fetchone()
    if counted is None:
        return Try.STILL_SLOWED
    return Try.OPEN if counted[0] <= limit else Try.SLOWED


def forgive_try(address: str) -> None:
    """The try was right: it does not count. A step."""
    require_transaction()
    AddressTries.objects.filter(pk=address, failures__gt=0).update(failures=F("failures") - 1)


def forget_tries() -> int:
    """Clear away what lies longer back than it counts; how many. For the ticker."""
    return AddressTries.objects.filter(since__lt=clock.now() - TRIES_WINDOW).delete()[0]
