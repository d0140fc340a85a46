"""Appointing a person to a post of a unit."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import Office, Post, Unit
from yichuan.people.models import Account


def appoint(
    *, actor: Actor | None, account: Account, unit: Unit | None, duty: Duty, office: Office | None = None
) -> Post:
    """Put the post into force from now on. A step: what asks for it and who reviews it (P4) stands above this."""
    require_transaction()
    post = Post.objects.create(account=account, unit=unit, office=office, duty=duty, since=clock.now())
    detail = {"duty": duty, "account": account.username}
    record(verb="org.appoint", actor=actor, unit_id=unit.pk if unit else None, subject=account, detail=detail)
    return post
