"""Putting a post into force."""

from collections.abc import Iterable
from datetime import datetime

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import Office, Post, Unit
from yichuan.org.services.filing import file
from yichuan.people.factors import Demand
from yichuan.people.models import Account
from yichuan.people.services.end_sessions import end_sessions


def appoint(
    *,
    actor: Actor | None,
    account: Account,
    unit: Unit | None,
    duty: Duty,
    office: Office | None = None,
    permissions: Iterable[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    stands_in_for: Post | None = None,
) -> Post:
    """Put the post into force, from now on unless `since` says otherwise. A step.

    What asks for it, who reviews it (P4) and whether the person qualifies (P8) stand above this.
    """
    require_transaction()
    post = Post.objects.create(
        account=account,
        unit=unit,
        office=office,
        duty=duty,
        permissions=None if permissions is None else sorted(permissions),
        since=since or clock.now(),
        until=until,
        stands_in_for=stands_in_for,
    )
    detail = {"duty": duty, "account": account.username}
    record(verb="org.appoint", actor=actor, unit_id=unit.pk if unit else None, subject=account, detail=detail)
    file(actor=actor, account=account, unit=unit, what=f"{account.name}任{name_of(post)}")
    if profile.current().login_demand(duty) != Demand.EITHER:
        end_sessions(account)  # they were begun by what the duties until now asked for
    return post


def name_of(post: Post) -> str:
    """The post in a clerk's words: 收文员（秘书科）, 文件管理员（代岗）."""
    notes = [post.office.name] if post.office else []
    if post.stands_in_for_id:
        notes.append("代岗")
    label = next((duty.label for duty in Duty if duty == post.duty), post.duty)
    return f"{label}（{'，'.join(notes)}）" if notes else label
