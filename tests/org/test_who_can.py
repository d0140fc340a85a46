"""「谁能办什么」 and 「这个人能办什么」 (P3, J-15)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from support.access import OTHER, SUPERVISING, Kind, Parties, fresh, parties
from support.world import World
from yichuan.common.transactions import command
from yichuan.config.duties import ALL, PERMISSIONS
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import Post, Unit
from yichuan.org.selectors.permission_words import GROUPS, every_permission, grouped
from yichuan.org.selectors.who_can import holders
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


def test_every_room_with_permissions_has_a_group() -> None:
    assert {str(permission).partition(".")[0] for room in ALL for permission in room} == set(GROUPS)
    assert sum(len(group.permissions) for group in grouped(every_permission())) == len(every_permission())


def test_the_page_says_the_same_as_the_guard(centre: Parties) -> None:
    """Whoever is listed may, whoever may is listed: every permission, every person, every unit."""
    clerk = centre.world.clerk["市卫生局"]
    clerk.posts.update(permissions=["compose.see", "seals.use"])
    centre.world.leader.posts.update(until=timezone.now())
    Account.objects.filter(pk=centre.world.custodian[SUPERVISING].pk).update(is_active=False)
    people, units = list(Account.objects.all()), list(Unit.objects.all())
    for permission in every_permission().values():
        for unit in units:
            listed = set(holders(permission, unit).values_list("account", flat=True))
            assert listed == {person.pk for person in people if person.has_perm(permission, unit)}, permission
        everywhere = set(holders(permission).values_list("account", flat=True))
        assert everywhere == {person.pk for person in people if person.has_perm(permission)}, permission


def test_a_name_that_is_part_of_another_is_not_it(centre: Parties) -> None:
    centre.world.clerk["市卫生局"].posts.update(permissions=["compose.see_all"])
    assert centre.world.clerk["市卫生局"].pk not in holders("compose.see").values_list("account", flat=True)


def test_the_administrator_of_a_unit_sees_the_own_unit(centre: Parties) -> None:
    browser = centre.world.browser(centre.unit_admin)
    page = browser.get("/access/who/", {"permission": "compose.write"}).content.decode()
    assert centre.world.clerk[OTHER].name in page
    assert centre.world.clerk[SUPERVISING].name not in page
    narrowed = browser.get("/access/who/", {"permission": "compose.write", "unit_name": SUPERVISING}).content.decode()
    assert centre.world.clerk[SUPERVISING].name not in narrowed


@pytest.mark.parametrize("who", ["auditor", "system_admin"])
def test_the_centres_own_people_see_all_units_or_one(centre: Parties, who: str) -> None:
    browser = centre.world.browser(getattr(centre, who))
    page = browser.get("/access/who/", {"permission": "compose.write"}).content.decode()
    assert all(clerk.name in page for clerk in centre.world.clerk.values())
    one = browser.get("/access/who/", {"permission": "compose.write", "unit_name": OTHER}).content.decode()
    assert centre.world.clerk[OTHER].name in one and centre.world.clerk[SUPERVISING].name not in one
    several = browser.get("/access/who/", {"permission": "compose.write", "unit_name": "市"}).content.decode()
    assert "请选一个" in several
    assert "没有名称含" in browser.get("/access/who/", {"unit_name": "没有这个"}).content.decode()
    assert "先选办什么" in browser.get("/access/who/", {"permission": "compose.everything"}).content.decode()


def test_a_persons_page_names_posts_permissions_requests_and_what_was(centre: Parties) -> None:
    clerk = centre.world.clerk[OTHER]
    with command():
        appoint(
            actor=None, account=clerk, unit=centre.unit, duty=Duty.CUSTODIAN, until=timezone.now() - timedelta(days=1),
            since=timezone.now() - timedelta(days=9),
        )  # fmt: skip
    centre.asked(clerk, kind=Kind.DISMISS, post=clerk.posts.get(until=None))
    page = centre.world.browser(centre.unit_admin).get(f"/access/people/{clerk.pk}/").content.decode()
    for words in ("文件管理员", "按岗位规定", "等审核的", "免去", "以前的岗位", "印章管理员", "在编"):
        assert words in page, words
    for permission in PERMISSIONS[Duty.CLERK]:
        assert permission.label in page


def test_of_somebody_of_another_unit_only_the_post_here_is_shown(centre: Parties) -> None:
    guest = centre.world.clerk["市卫生局"]
    with command():
        appoint(actor=None, account=guest, unit=centre.unit, duty=Duty.LEADER)
    browser = centre.world.browser(centre.unit_admin)
    page = browser.get(f"/access/people/{guest.pk}/").content.decode()
    assert "主管领导" in page and "文件管理员" not in page
    assert browser.get(f"/access/people/{centre.world.clerk[SUPERVISING].pk}/").status_code == 404
    assert browser.get(f"/access/people/{centre.auditor.pk}/").status_code == 404
    assert centre.world.browser(centre.auditor).get(f"/access/people/{guest.pk}/").status_code == 200


def test_who_may_not_see_it_does_not(centre: Parties) -> None:
    for person in (centre.world.clerk[OTHER], centre.security_officer, centre.supervisor):
        for address in ("/access/who/", f"/access/people/{person.pk}/"):
            assert centre.world.browser(person).get(address).status_code == 403


def test_asking_for_permissions_costs_one_question_a_request(centre: Parties) -> None:
    for person in (centre.world.clerk[OTHER], centre.auditor):
        asked = fresh(person)
        with CaptureQueriesContext(connection) as queries:
            for permission in every_permission().values():
                asked.has_perm(permission)
                asked.has_perm(permission, centre.unit)
        assert len(queries) == 1


def test_the_templates_of_posts_hold_no_permission_that_nobody_declared() -> None:
    for opened in PERMISSIONS.values():
        assert set(map(str, opened)) <= set(every_permission())
    assert set(PERMISSIONS) == set(Duty)
    assert not Post(duty=Duty.CLERK).permissions
    assert set(PERMISSIONS) >= ADMINISTRATORS
