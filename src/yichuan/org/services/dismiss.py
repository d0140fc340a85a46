"""Ending a post."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Post
from yichuan.org.selectors import not_ended
from yichuan.org.services.appoint import name_of
from yichuan.org.services.filing import file


def dismiss(*, actor: Actor | None, post: Post) -> None:
    """End the post now, and whoever stands in for it. A step; rows of posts stay for ever."""
    require_transaction()
    now = clock.now()
    for each in [post, *not_ended(Post.objects.filter(stands_in_for=post)).select_related("account", "unit", "office")]:
        if each.until is not None and each.until <= now:
            continue
        each.until = max(now, each.since)
        each.save(update_fields=["until"])
        detail = {"duty": each.duty, "account": each.account.username}
        record(verb="org.dismiss", actor=actor, unit_id=each.unit_id, subject=each.account, detail=detail)
        file(actor=actor, account=each.account, unit=each.unit, what=f"{each.account.name}不再任{name_of(each)}")
