"""The auditor of the small centre."""

from support.world import World
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.people.models import Account


def auditor(world: World) -> Account:
    """The one of the centre; appointed when first asked for."""
    known = Post.objects.filter(duty=Duty.AUDITOR).select_related("account").first()
    return known.account if known else world.holder(Duty.AUDITOR)
