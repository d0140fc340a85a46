"""Who may ask for which change of access, and for whom (P3, P4, P8, J-14, G-5, G-6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from support.access import OPERATING, OTHER, SUPERVISING, Kind, Parties, fresh, parties, posts_of
from support.offices import an_office
from support.world import World
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.config.duties import PERMISSIONS
from yichuan.org.duties import ADJUSTABLE_DUTIES, ADMINISTRATORS, UNIT_DUTIES, Duty
from yichuan.org.models import Unit
from yichuan.org.services.access import note_at_once, request_change
from yichuan.org.states import ChangeState
from yichuan.people.models import Account


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


def refusal(centre: Parties, error: type[Refused] = Refused, **values: Any) -> str:
    with pytest.raises(error) as raised:
        centre.asked(**values)
    return raised.value.message


def test_a_request_waits_and_changes_nothing(centre: Parties) -> None:
    change = centre.asked()
    assert (change.state, change.requested_by) == (ChangeState.WAITING, centre.unit_admin)
    assert not posts_of(change.account)
    assert not fresh(change.account).has_perm("compose.write")


@pytest.mark.parametrize("duty", UNIT_DUTIES)
def test_a_unit_administrator_asks_for_every_post_of_the_own_unit(centre: Parties, duty: Duty) -> None:
    assert centre.asked(duty=duty).duty == duty


def test_and_for_posts_of_the_units_offices(centre: Parties) -> None:
    office = an_office(centre.world, unit=OTHER)
    assert centre.asked(duty=Duty.RECEIVER, office=office).office == office
    assert "处室" in refusal(centre, Invalid, account=centre.newcomer("n2"), duty=Duty.RECEIVER)
    elsewhere = an_office(centre.world, unit=SUPERVISING)
    assert "处室" in refusal(centre, Invalid, account=centre.newcomer("n3"), duty=Duty.RECEIVER, office=elsewhere)
    assert "不选处室" in refusal(centre, Invalid, account=centre.newcomer("n4"), duty=Duty.CLERK, office=office)


def test_not_for_another_unit(centre: Parties) -> None:
    stranger = centre.newcomer(unit=SUPERVISING)
    with pytest.raises(NotAllowed):
        centre.asked(stranger, unit=centre.world.units[SUPERVISING])
    assert "不是这个单位的人员" in refusal(centre, Invalid, account=stranger)


def test_nobody_makes_themselves_unit_administrator(centre: Parties) -> None:
    clerk_admin = centre.unit_admin
    with command():
        post = clerk_admin.posts.get()
    assert post.duty == Duty.UNIT_ADMIN
    with pytest.raises(NotAllowed, match="不能给自己申请"):
        centre.asked(clerk_admin, duty=Duty.UNIT_ADMIN)


@pytest.mark.parametrize("duty", sorted({*ADMINISTRATORS, Duty.SUPERVISOR, Duty.OPERATOR, Duty.LIAISON}))
def test_a_unit_administrator_asks_for_no_post_of_the_centre(centre: Parties, duty: str) -> None:
    with pytest.raises(NotAllowed):
        centre.asked(duty=duty, unit=None if duty in ADMINISTRATORS else centre.unit)


@pytest.mark.parametrize(
    ("duty", "unit"),
    [
        (Duty.UNIT_ADMIN, OTHER),
        (Duty.SUPERVISOR, SUPERVISING),
        (Duty.OPERATOR, OPERATING),
        (Duty.LIAISON, OPERATING),
        (Duty.SYSTEM_ADMIN, None),
        (Duty.SECURITY_OFFICER, None),
    ],
)
def test_the_system_administrator_asks_for_these(centre: Parties, duty: Duty, unit: str | None) -> None:
    person = centre.newcomer(unit=unit or OTHER)
    where = centre.world.units[unit] if unit else None
    assert centre.asked(person, duty, actor=centre.system_admin, unit=where).duty == duty


@pytest.mark.parametrize(
    ("duty", "unit"), [(Duty.SUPERVISOR, OTHER), (Duty.OPERATOR, SUPERVISING), (Duty.LIAISON, OTHER)]
)
def test_the_two_parties_posts_stand_in_their_own_units_only(centre: Parties, duty: Duty, unit: str) -> None:
    person, where = centre.newcomer(unit=unit), centre.world.units[unit]
    assert "只能设在" in refusal(centre, Invalid, account=person, duty=duty, actor=centre.system_admin, unit=where)


@pytest.mark.parametrize("duty", sorted(ADJUSTABLE_DUTIES - {Duty.RECEIVER, Duty.OFFICE_HEAD}))
def test_the_system_administrator_asks_for_no_post_that_sees_documents(centre: Parties, duty: str) -> None:
    with pytest.raises(NotAllowed):
        centre.asked(duty=duty, actor=centre.system_admin)


def test_nobody_asks_for_an_auditor(centre: Parties) -> None:
    person = centre.newcomer()
    message = refusal(centre, account=person, duty=Duty.AUDITOR, actor=centre.system_admin, unit=None)
    assert "更换审计员" in message
    post = centre.auditor.posts.get()
    given = {"account": centre.auditor, "post": post, "actor": centre.system_admin}
    assert "更换审计员" in refusal(centre, kind=Kind.DISMISS, **given)


@pytest.mark.parametrize("duty", [Duty.LEADER, Duty.CLERK, Duty.CUSTODIAN])
def test_who_has_no_duty_of_asking_is_refused(centre: Parties, duty: Duty) -> None:
    for actor in (centre.auditor, centre.security_officer, centre.supervisor, centre.world.clerk[OTHER]):
        with pytest.raises(NotAllowed):
            centre.asked(centre.newcomer(f"n-{actor.username[:8]}-{actor.pk.hex[:4]}"), duty, actor=actor)


def test_an_administrator_is_given_no_other_post_and_a_post_holder_is_made_no_administrator(centre: Parties) -> None:
    centre.security_officer.staff.unit = centre.unit
    centre.security_officer.staff.save()
    assert "三员" in refusal(centre, Invalid, account=centre.security_officer)
    clerk = centre.world.clerk[OTHER]
    message = refusal(centre, Invalid, account=clerk, duty=Duty.SYSTEM_ADMIN, actor=centre.system_admin, unit=None)
    assert "不兼任" in message


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (lambda: {"established": False}, "在编"),
        (lambda: {"trained_on": None}, "培训"),
        (lambda: {"trained_on": timezone.localdate() + timedelta(days=1)}, "还没有参加"),
    ],
)
def test_a_post_is_asked_for_only_for_who_qualifies(
    centre: Parties, facts: Callable[[], dict[str, Any]], words: str
) -> None:
    assert words in refusal(centre, Invalid, account=centre.newcomer(**facts()))


def test_for_a_suspended_account_nothing_is_asked(centre: Parties) -> None:
    person = centre.newcomer()
    Account.objects.filter(pk=person.pk).update(is_active=False)
    assert "停用" in refusal(centre, Invalid, account=person)


def test_for_a_closed_unit_nothing_is_asked(centre: Parties) -> None:
    Unit.objects.filter(pk=centre.unit.pk).update(closed_at=timezone.now())
    assert "注销" in refusal(centre, Invalid, unit=Unit.objects.get(pk=centre.unit.pk))


def test_permissions_come_from_what_posts_of_a_unit_can_have(centre: Parties) -> None:
    change = centre.asked(permissions=["compose.see", "seals.use", "compose.see"])
    assert change.permissions == ["compose.see", "seals.use"]
    newcomer = centre.newcomer("n2")
    for wrong in (
        ["org.review_access"],
        ["compose.everything"],
        ["org.manage_staff"],
        [" compose.see"],
        ["changes.approve"],
    ):
        assert "刷新页面" in refusal(centre, Invalid, account=newcomer, permissions=wrong), wrong
    assert "至少勾选" in refusal(centre, Invalid, account=newcomer, permissions=[])


@pytest.mark.parametrize("duty", sorted(set(Duty) - ADJUSTABLE_DUTIES - {Duty.AUDITOR, Duty.OFFICE_SYSTEM}))
def test_an_administrators_template_is_not_adjusted(centre: Parties, duty: str) -> None:
    places = {Duty.SUPERVISOR: SUPERVISING, Duty.OPERATOR: OPERATING, Duty.LIAISON: OPERATING, Duty.UNIT_ADMIN: OTHER}
    unit = places.get(Duty(duty))
    person = centre.newcomer(unit=unit or OTHER)
    where = centre.world.units[unit] if unit else None
    template = [str(each) for each in PERMISSIONS[duty]]
    message = refusal(
        centre, Invalid, account=person, duty=duty, actor=centre.system_admin, unit=where, permissions=template
    )
    assert "不能单独调整" in message


def test_a_post_that_is_held_or_asked_for_already_is_not_asked_for_again(centre: Parties) -> None:
    assert "已经在这个岗位" in refusal(centre, Invalid, account=centre.world.clerk[OTHER])
    change = centre.asked()
    assert "已经申请过" in refusal(centre, account=change.account)


def test_the_last_holder_of_an_administrators_post_is_not_dismissed(centre: Parties) -> None:
    post = centre.security_officer.posts.get()
    given = {"kind": Kind.DISMISS, "post": post, "actor": centre.system_admin, "account": centre.security_officer}
    assert "先任命接任的人" in refusal(centre, **given)
    centre.world.holder(Duty.SECURITY_OFFICER, number=2)
    assert centre.asked(**given).post == post


def test_an_ended_post_is_neither_dismissed_nor_adjusted(centre: Parties) -> None:
    post = centre.world.clerk[OTHER].posts.get()
    post.until = timezone.now()
    post.save()
    for kind, permissions in ((Kind.DISMISS, None), (Kind.ADJUST, ["compose.see"])):
        message = refusal(centre, account=post.account, kind=kind, post=post, permissions=permissions)
        assert "已经结束" in message


@pytest.mark.parametrize("reason", ["", "  ", "看\u202e不见", "长" * 201])
def test_a_reason_that_can_be_read_is_needed(centre: Parties, reason: str) -> None:
    with pytest.raises(Invalid) as raised:
        centre.asked(reason=reason)
    assert list(raised.value.errors) == ["reason"]


def test_what_acts_at_once_is_not_asked_for_and_the_other_way_round(centre: Parties) -> None:
    person = centre.newcomer()
    with command():
        for kind in (Kind.SUSPEND, Kind.UNLOCK, Kind.RESET, Kind.STAND_IN, Kind.REPLACE_AUDITOR):
            with pytest.raises(ValueError, match="request_change"):
                request_change(actor=centre.unit_admin, kind=kind, account=person, reason="x")
        for kind in (Kind.APPOINT, Kind.DISMISS, Kind.ADJUST, Kind.HAND_OVER, Kind.RESUME, Kind.REPLACE_AUDITOR):
            with pytest.raises(ValueError, match="at once"):
                note_at_once(actor=centre.unit_admin, kind=kind, account=person, reason="x")


def test_outside_a_command_nothing_is_asked(committed_world: World) -> None:
    clerk = committed_world.clerk[OTHER]
    with pytest.raises(RuntimeError):
        request_change(actor=None, kind=Kind.APPOINT, account=clerk, reason="x")
