"""待办 that are not documents: reviews, applications, certificates, alarms, hand-overs."""

from collections.abc import Iterator

from django.urls import reverse

from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors import faulty_checks
from yichuan.changes.selectors import hats, waiting_for
from yichuan.org.models import AccessChange
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.access import changes_to_review, headline, replacements
from yichuan.org.selectors.hand_overs import to_confirm
from yichuan.org.services.replace_auditor import party_of
from yichuan.org.states import ChangeState
from yichuan.people.models import Account
from yichuan.people.permissions import PeoplePermission
from yichuan.people.selectors import alarms
from yichuan.people.selectors_certificates import applications
from yichuan.people.states import ApplicationState
from yichuan.portal.task import MOST_OF_A_KIND, Task


def duty_tasks(user: Account, desk: Desk | None) -> Iterator[Task]:
    """What waits for this person apart from documents."""
    yield from _log_faults(user)
    yield from _alarms(user, desk)
    yield from _reviews(user)
    yield from _certificates(user)
    yield from _applications(user)
    yield from _hand_overs(user)
    yield from _replacements(user)


def _log_faults(user: Account) -> Iterator[Task]:
    if not user.has_perm(AuditPermission.SEE_LOG):
        return
    for check in faulty_checks()[:MOST_OF_A_KIND]:
        title = f"日志里发现 {len(check.faults)} 个问题：{check.faults[0]['sentence']}"
        url = reverse("audit:check", args=[check.pk])
        yield Task("日志问题", "x-circle-fill", "", title, check.asked_name, check.asked_at, url, new=True)


def _alarms(user: Account, desk: Desk | None) -> Iterator[Task]:
    if not user.has_perm(PeoplePermission.SEE_LOGINS, desk):
        return
    for alarm in alarms(desk.unit_id if desk else None, waiting=True)[:MOST_OF_A_KIND]:
        name, url = alarm.account.name, reverse("people:alarms")
        yield Task("核实登录", "exclamation-triangle", "", alarm.get_kind_display(), name, alarm.at, url, new=True)


def _reviews(user: Account) -> Iterator[Task]:
    if not user.has_perm(OrgPermission.REVIEW_ACCESS):
        return
    for change in changes_to_review()[:MOST_OF_A_KIND]:
        who = change.requested_by.name if change.requested_by else "交换中心"
        url = reverse("org:change", args=[change.pk])
        yield Task("审核", "check2-square", "", headline(change), who, change.requested_at, url)


def _certificates(user: Account) -> Iterator[Task]:
    if not user.has_perm(PeoplePermission.REVIEW_CERTIFICATES):
        return
    waiting = applications(None, ApplicationState.APPLIED)
    for application in waiting.exclude(account=user)[:MOST_OF_A_KIND]:
        name, url = application.account.name, reverse("people:certificate_applications")
        yield Task("审核证书", "shield-lock", "", f"{name}申请数字证书", name, application.applied_at, url)


def _applications(user: Account) -> Iterator[Task]:
    for application in waiting_for(hats(user)).order_by("changed_at")[:MOST_OF_A_KIND]:
        title, url = (
            f"{application.name}：{application.get_kind_display()}",
            reverse("changes:show", args=[application.pk]),
        )
        number = application.number or ""
        yield Task("单位申请", "clipboard-data", number, title, application.name, application.changed_at, url)


def _hand_overs(user: Account) -> Iterator[Task]:
    for form in to_confirm(user)[:MOST_OF_A_KIND]:
        title, url = f"{form.giver.name}向{form.taker.name}交接岗位", reverse("org:hand_over", args=[form.pk])
        yield Task("确认交接", "people", "", title, form.giver.name, form.proposed_at, url)


def replacements_for(user: Account) -> list[AccessChange]:
    """The proposals of a new auditor that wait for this person's word."""
    if not user.has_perm(OrgPermission.REPLACE_AUDITOR):
        return []
    return [change for change in replacements().filter(state=ChangeState.WAITING) if _has_a_say(user, change)]


def _has_a_say(user: Account, change: AccessChange) -> bool:
    party = party_of(user, change)
    return party is not None and party not in {each.party for each in change.confirmations.all()}


def _replacements(user: Account) -> Iterator[Task]:
    for change in replacements_for(user):
        who = change.requested_by.name if change.requested_by else "交换中心"
        yield Task("更换审计员", "people", "", headline(change), who, change.requested_at, reverse("org:auditor"))
