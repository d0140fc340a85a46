"""Filing with the supervising office (备案, J-14): every change of a unit's accounts and posts, as it happens."""

from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Filing, Unit
from yichuan.people.models import Account


def file(*, actor: Actor | None, account: Account, unit: Unit | None, what: str) -> Filing:
    """Put one line before the supervising office. A step; the act itself has its own entry in the log."""
    require_transaction()
    return Filing.objects.create(
        at=clock.now(), unit=unit, account=account, by_id=actor.pk if actor else None, what=what[:200]
    )
