"""What the workbench tells a person: a refusal, a stand-in, revocation lists that want looking after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from support.access import parties
from support.certificates import DAY, accepted, officer, outside
from support.offices import an_office, of_office
from support.world import World
from yichuan.common import clock
from yichuan.keys.services.publish import publish_lists
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.services.review_access import confirm, refuse
from yichuan.org.services.stand_in import appoint_stand_in
from yichuan.people.models import Account
from yichuan.portal.notices import notices


def told(person: Account) -> list[str]:
    return [f"{task.verb} {task.title}" for task in notices(Account.objects.get(pk=person.pk))]


def test_who_asked_learns_for_a_week_that_the_auditor_refused_and_why(world: World) -> None:
    centre = parties(world)
    change = centre.asked()
    assert told(centre.unit_admin) == []
    refuse(actor=centre.auditor, change_id=change.pk, note="没有培训记录")
    (said,) = told(centre.unit_admin)
    assert "没有通过，没有培训记录" in said
    assert told(centre.security_officer) == []
    page = world.browser(centre.unit_admin).get("/").content.decode()
    assert "没有培训记录" in page and f"/access/changes/{change.pk}/" in page
    with clock.fixed_at(clock.now() + 8 * DAY):
        assert told(centre.unit_admin) == []


def test_what_was_confirmed_is_no_news(world: World) -> None:
    centre = parties(world)
    confirm(actor=centre.auditor, change_id=centre.asked().pk)
    assert told(centre.unit_admin) == []


def test_a_stand_in_is_told_and_who_named_them_hears_the_objection(world: World) -> None:
    office = an_office(world, unit="市环保局")
    head = of_office(office, Duty.OFFICE_HEAD, "head-1")
    receiver = of_office(office, Duty.RECEIVER, "receiver-1")
    clerk, auditor = world.clerk["市环保局"], world.holder(Duty.AUDITOR)
    today = timezone.localdate(clock.now())
    post = appoint_stand_in(
        actor=head, post_id=Post.objects.get(account=receiver).pk, account_id=clerk.pk,
        since=today + timedelta(days=2), until=today + timedelta(days=20), reason="出差",
    )  # fmt: skip
    (said,) = told(clerk)
    assert f"从 {today + timedelta(days=2)} 起" in said and receiver.name in said
    assert f"到 {today + timedelta(days=20)}" in said
    assert told(receiver) == []
    with clock.fixed_at(clock.now() + 12 * DAY):
        assert told(clerk) == [], "it has been known for a week"
    refuse(actor=auditor, change_id=post.changes.get().pk, note="应由本处室人员代岗")
    assert told(clerk) == []
    assert "审计员有异议，应由本处室人员代岗" in told(head)[0]
    assert world.browser(head).get("/").status_code == 200


@pytest.mark.parametrize(("days", "number"), [(1, 0), (3, 2)])
def test_the_security_officer_is_told_of_old_lists_of_the_centre(world: World, days: int, number: int) -> None:
    person = officer(world)
    with clock.fixed_at(clock.now() + days * DAY):
        assert len(told(person)) == number
        publish_lists()
        assert told(person) == []
        assert told(world.holder(Duty.AUDITOR)) == []


def test_the_security_officer_is_told_before_a_list_of_an_authority_outside_ends(world: World) -> None:
    accepted(world, outside())
    person = officer(world)
    for days, said in ((2, ""), (4, "快要到期"), (7, "已经过期")):
        with clock.fixed_at(clock.now() + days * DAY):
            publish_lists()
            assert [said in each for each in told(person)] == ([True] if said else [])
