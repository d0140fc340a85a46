"""Ending somebody's open sessions: the next request of each is refused, and its page hears of it at once."""

import uuid

from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account, Device, OpenSession

SIGNED_OUT = "signed_out"


def end_sessions(
    account: Account, *, end: OpenSession.End = OpenSession.End.ENDED, keep: uuid.UUID | None = None
) -> int:
    """End every open session of the account but `keep`; how many. A step.

    The word goes out under the account's own id: it concerns a person, not a unit.
    """
    require_transaction()
    standing = OpenSession.objects.filter(account=account, ended_at=None)
    standing = standing.exclude(pk=keep) if keep else standing
    ended = standing.update(ended_at=clock.now(), end=end)
    if ended:
        publish(SIGNED_OUT, [account.pk])
    return ended


def end_sessions_at(device: Device) -> int:
    """End every open session that began at this device, whoever's it is; how many. A step."""
    require_transaction()
    standing = OpenSession.objects.select_for_update().filter(device=device, ended_at=None)
    people = {session.account_id for session in standing}
    ended = standing.update(ended_at=clock.now(), end=OpenSession.End.DEVICE)
    publish(SIGNED_OUT, people)
    return ended
