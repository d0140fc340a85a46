"""待办 that tell a person something: a refusal, a stand-in, revocation lists that want looking after."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime

from yichuan.common import clock
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.selectors import ending_lists, old_lists
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post
from yichuan.org.selectors.access import headline, refused_lately, visible_change
from yichuan.org.selectors.stand_ins import standing_in
from yichuan.people.models import Account
from yichuan.portal.task import MOST_OF_A_KIND, Task

TOLD_FOR = timedelta(days=7)
PLACES = {AccessChange.Kind.STAND_IN: "org:stand_ins", AccessChange.Kind.HAND_OVER: "org:hand_overs"}


def notices(user: Account) -> Iterator[Task]:
    """What this person is told; most of it for a week."""
    yield from _refusals(user)
    yield from _stand_ins(user)
    yield from _lists(user)


def _refusals(user: Account) -> Iterator[Task]:
    for change in refused_lately(user, clock.now() - TOLD_FOR)[:MOST_OF_A_KIND]:
        who = change.reviewed_by.name if change.reviewed_by else "交换中心"
        said = "审计员有异议" if change.at_once else "没有通过"
        title = f"{headline(change)}：{said}，{change.review_note}"
        url = _page(user, change)
        yield Task("看审核意见", "check2-square", "", title, who, change.reviewed_at or change.requested_at, url)


def _page(user: Account, change: AccessChange) -> str:
    """Where the person may read it: the change itself, else the list it belongs to."""
    if visible_change(user, change.pk) is not None:
        return reverse("org:change", args=[change.pk])
    return reverse(PLACES.get(AccessChange.Kind(change.kind), "portal:workbench"))


def _stand_ins(user: Account) -> Iterator[Task]:
    for post in standing_in(user, clock.now() - TOLD_FOR)[:MOST_OF_A_KIND]:
        giver = post.stands_in_for.account.name if post.stands_in_for else ""
        until = f"，到 {_last_day(post.until)}" if post.until else ""
        title = f"你从 {localtime(post.since):%Y-%m-%d} 起代{giver}的{_place(post)}岗位{until}"
        yield Task("代岗", "people", "", title, giver, post.since, reverse("org:stand_ins"))


def _last_day(until: datetime) -> str:
    """A period ends at the midnight after its last day, or early, in the midst of one."""
    return f"{localtime(until - timedelta(microseconds=1)):%Y-%m-%d}"


def _place(post: Post) -> str:
    where = post.unit.short_name if post.unit else ""
    return f"{where}{post.office.name if post.office else ''}{Duty(post.duty).label}"


def _lists(user: Account) -> Iterator[Task]:
    now = clock.now()
    if user.has_perm(KeysPermission.MANAGE_CERTIFICATES):
        for own in old_lists(now):
            title = "本中心的证书吊销列表两天没有更新，请运行管理员检查服务和密码设备"
            at, url = own.this_update or own.wanted_at, reverse("keys:ledger")
            yield Task("检查吊销列表", "exclamation-triangle", "", title, "交换中心", at, url, new=True)
    if user.has_perm(KeysPermission.MANAGE_TRUST):
        for row in ending_lists(now)[:MOST_OF_A_KIND]:
            end = row.next_update or now
            title = f"「{row.authority.subject}」的吊销列表{'已经过期' if end <= now else '快要到期'}，请导入新的列表"
            url = reverse("keys:trust")
            yield Task("导入吊销列表", "exclamation-triangle", "", title, row.authority.subject, end, url, new=True)
