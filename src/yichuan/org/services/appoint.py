"""Appointing a person to a post of a unit."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import Post, Unit
from yichuan.people.models import Account


def appoint(*, actor: Actor | None, account: Account, unit: Unit, duty: Duty) -> Post:
    """Give the post from now on. A step. The review by the auditor (P4) comes with the three administrators."""
    require_transaction()
    post = Post.objects.create(account=account, unit=unit, duty=duty, since=clock.now())
    detail = {"duty": duty, "account": account.username}
    record(verb="org.appoint", actor=actor, unit_id=unit.pk, subject=account, detail=detail)
    return post
