"""The first three administrators (G-5 to G-9). After this founding, posts of theirs go by request and review alone."""

from collections.abc import Mapping

from yichuan.common.characters import skeleton
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import Post
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account


def found(people: Mapping[Duty, Account]) -> None:
    """Put the three in their posts. A step, once a centre: refused as soon as there was any administrator, ever."""
    require_transaction()
    if set(people) != ADMINISTRATORS:
        raise ValueError("a centre is founded with a system administrator, a security officer and an auditor")
    if Post.objects.filter(duty__in=ADMINISTRATORS).exists():
        raise Refused("founded_already", "这个交换中心已经有管理员。变更管理员请走权限变更单，由审计员审核。")
    require_three(people)
    for duty in sorted(ADMINISTRATORS):
        appoint(actor=None, account=people[duty], unit=None, duty=duty)


def require_three(people: Mapping[Duty, Account]) -> None:
    """Three different people: by account, and by name as a reader sees it."""
    held: dict[str, Duty] = {}
    for duty in sorted(people):
        for mark in ("account " + skeleton(people[duty].username), "name " + skeleton(people[duty].name)):
            if mark in held:
                other = held[mark].label
                raise Invalid({duty: f"{duty.label}和{other}必须是不同的人：「{people[duty].name}」写了两次。"})
            held[mark] = duty
