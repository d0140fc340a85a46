"""Filing with the supervising office (备案, J-14): every change of a unit's accounts and posts, as it happens."""

from collections.abc import Iterable

from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Filing, Unit
from yichuan.people.models import Account


def file(*, actor: Actor | None, account: Account, unit: Unit | None, what: str) -> Filing:
    """Put one line before the supervising office. A step; the act itself has its own entry in the log."""
    filed = filing(actor=actor, account=account, unit=unit, what=what)
    file_all([filed])
    return filed


def file_all(filings: Iterable[Filing]) -> None:
    """Put the lines of several acts of one transaction at once. A step."""
    require_transaction()
    Filing.objects.bulk_create(filings)


def filing(*, actor: Actor | None, account: Account, unit: Unit | None, what: str) -> Filing:
    """A line that `file_all` is to put."""
    return Filing(at=clock.now(), unit=unit, account=account, by_id=actor.pk if actor else None, what=what[:200])
