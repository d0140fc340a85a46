"""What a person keeps, for the form of a hand-over (P5): `YICHUAN_OPEN_WORK` of the room below."""

from yichuan.org.models import Post
from yichuan.org.selectors import opened_by
from yichuan.people.models import Account
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_custody import kept_by


def open_work(account: Account, post: Post) -> list[tuple[str, int]]:
    """The unit's seals that the person keeps: with the post their custodians are to be changed."""
    if post.unit_id is None or SealsPermission.USE not in opened_by(post):
        return []
    kept = kept_by(account).filter(seal__unit_id=post.unit_id).count()
    return [("保管的印章，要办更换保管人", kept)] if kept else []
