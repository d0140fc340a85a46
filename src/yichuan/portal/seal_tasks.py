"""待办 around seals: imprints, applications, sessions, custody, openings, verification seals."""

from collections.abc import Iterator

from django.urls import reverse

from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.task import MOST_OF_A_KIND, Task
from yichuan.seals.kinds import ApplicationState as State
from yichuan.seals.kinds import OpeningMatter
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.selectors_applications import hats, waiting_for
from yichuan.seals.selectors_ceremonies import open_for, verification_seals_of
from yichuan.seals.selectors_custody import kept_by
from yichuan.seals.selectors_custody import waiting_for as openings_waiting_for
from yichuan.seals.selectors_imprints import imprints_of

APPLICATION_VERBS = {
    State.DRAFT: "继续申请",
    State.RETURNED: "补正申请",
    State.TO_SIGN: "签署申请",
    State.SUBMITTED: "审批申请",
    State.APPROVED: "召集会签",
}


def seal_tasks(user: Account, desk: Desk | None) -> Iterator[Task]:
    """What waits for this person; what others wait for at their screens comes first."""
    yield from _ceremonies(user)
    yield from _openings(user)
    yield from _imprints(user, desk)
    yield from _applications(user)
    yield from _shares(user, desk)
    yield from _verification_seals(user, desk)


def _ceremonies(user: Account) -> Iterator[Task]:
    for each in open_for(user)[:MOST_OF_A_KIND]:
        unit, matter = each.application.unit, each.application.get_matter_display()
        title, url = f"{matter}印章：{unit.name}", _at("ceremony", each.pk)
        yield Task("到场会签", "people", each.number, title, unit.short_name, each.opened_at, url)


def _openings(user: Account) -> Iterator[Task]:
    for each in openings_waiting_for(user)[:MOST_OF_A_KIND]:
        verb = "同意用印" if each.matter == OpeningMatter.USE else "同意换人"
        title, url = f"{each.get_matter_display()}：{each.seal.name}", _at("opening", each.pk)
        yield Task(verb, "shield-lock", "", title, each.asked_by.name, each.asked_at, url)


def _imprints(user: Account, desk: Desk | None) -> Iterator[Task]:
    if desk is None or not user.has_perm(May.SIGN_APPLICATION, desk):
        return
    for each in imprints_of(desk.unit).filter(approved_at=None)[:MOST_OF_A_KIND]:
        title, url = f"印模：{each.name}", _at("imprint", each.pk)
        yield Task("批准印模", "patch-check", "", title, each.made_by.name, each.made_at, url)


def _applications(user: Account) -> Iterator[Task]:
    waiting = waiting_for(hats(user)).select_related("unit").order_by("changed_at")
    for each in waiting[:MOST_OF_A_KIND]:
        verb, title = APPLICATION_VERBS[State(each.state)], f"{each.get_matter_display()}印章：{each.unit.name}"
        url = _at("application", each.pk)
        yield Task(verb, "patch-check", each.number or "", title, each.unit.short_name, each.changed_at, url)


def _shares(user: Account, desk: Desk | None) -> Iterator[Task]:
    if not user.has_perm(May.USE, desk):
        return
    for each in kept_by(user).filter(index__gt=0, share_set_at=None)[:MOST_OF_A_KIND]:
        title, url = f"{each.seal.name}：设置以后才能同意用印", _at("share", each.pk)
        yield Task("设保管密码", "shield-lock", "", title, each.seal.unit.short_name, each.since, url)


def _verification_seals(user: Account, desk: Desk | None) -> Iterator[Task]:
    if not user.has_perm(May.HOLD_VERIFICATION, desk):
        return
    for each in verification_seals_of(user).filter(taken_at=None)[:MOST_OF_A_KIND]:
        seal = each.seal
        title, url = f"验证印章：{seal.name}", _at("take_verification", seal.pk)
        yield Task("接管印章", "patch-check", "", title, seal.unit.short_name, seal.issued_at, url)


def _at(route: str, key: object) -> str:
    return reverse(f"seals:{route}", args=[key])
