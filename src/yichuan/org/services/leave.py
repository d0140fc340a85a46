"""A person leaves the unit (离岗): an end is asked for of every post they hold (P1, P4)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.org.models import AccessChange, Post
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import in_force
from yichuan.org.services.access import request_change
from yichuan.org.services.looked_after import locked_person
from yichuan.people.models import Account


def leave(*, actor: Account, account_id: uuid.UUID, reason: str) -> list[AccessChange]:
    """Ask for the end of every post of the person in this unit; what was asked. A command.

    A post whose end waits for review already is left as it is. Open work goes by hand-over, not by this.
    """
    with command():
        person = locked_person(actor, account_id, OrgPermission.MANAGE_STAFF)
        waiting = AccessChange.objects.filter(
            account=person.account, kind=AccessChange.Kind.DISMISS, state=AccessChange.State.WAITING
        )
        posts = in_force(Post.objects.filter(account=person.account, unit=person.unit)).exclude(
            pk__in=waiting.values("post")
        )
        asked = [
            request_change(
                actor=actor, kind=AccessChange.Kind.DISMISS, account=person.account, unit=post.unit,
                office=post.office, duty=post.duty, post=post, reason=reason,
            )
            for post in posts.select_related("unit", "office")
        ]  # fmt: skip
        if not asked:
            raise Refused("no_posts", f"{person.account.name}在本单位没有要免去的岗位。")
        detail = {"posts": len(asked)}
        record(verb="org.leave", actor=actor, unit_id=person.unit_id, subject=person, detail=detail)
    return asked
