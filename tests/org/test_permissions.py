"""Posts open things, in their own unit only (P3, J-15)."""

import pytest
from django.utils import timezone

from support.world import World
from yichuan.common.permissions import Permission
from yichuan.config.duties import PERMISSIONS
from yichuan.org.duties import Duty
from yichuan.org.models import Post, Unit
from yichuan.people.models import Account

EVERY = sorted({permission for opened in PERMISSIONS.values() for permission in opened})


def _person(world: World, duty: Duty) -> Account:
    people = {Duty.CLERK: world.sending_clerk, Duty.CUSTODIAN: world.custodian["市府办公室"], Duty.LEADER: world.leader}
    return Account.objects.get(pk=people[duty].pk)


@pytest.mark.parametrize("duty", list(Duty))
def test_a_post_opens_what_its_duty_says_and_nothing_else(world: World, duty: Duty) -> None:
    person = _person(world, duty)
    opened = {permission for permission in EVERY if person.has_perm(permission, world.sender)}
    assert opened == {str(permission) for permission in PERMISSIONS[duty]}
    assert opened == {permission for permission in EVERY if person.has_perm(permission)}


@pytest.mark.parametrize("duty", list(Duty))
def test_no_post_opens_anything_of_another_unit(world: World, duty: Duty) -> None:
    person = _person(world, duty)
    others = Unit.objects.exclude(pk=world.sender.pk)
    assert not any(person.has_perm(permission, unit) for permission in EVERY for unit in others)


def test_an_object_counts_by_its_own_unit(world: World) -> None:
    document, clerk, other = world.draft(), _person(world, Duty.CLERK), world.clerk["市卫生局"]
    assert clerk.has_perm("compose.write", document)
    assert not other.has_perm("compose.write", document)


def test_what_belongs_to_no_unit_is_opened_by_nobody(world: World) -> None:
    assert not _person(world, Duty.CLERK).has_perm("compose.write", object())


def test_a_post_that_has_ended_opens_nothing(world: World) -> None:
    Post.objects.filter(account=world.sending_clerk).update(until=timezone.now())
    person = _person(world, Duty.CLERK)
    assert not any(person.has_perm(permission) for permission in EVERY)
    assert world.browser(person).get("/inbox/").status_code == 403


def test_a_closed_account_opens_nothing(world: World) -> None:
    Account.objects.filter(pk=world.sending_clerk.pk).update(is_active=False)
    assert not _person(world, Duty.CLERK).has_perm("compose.write", world.sender)


def test_an_unknown_permission_or_duty_opens_nothing(world: World) -> None:
    Post.objects.filter(account=world.sending_clerk).update(duty="emperor")
    assert not _person(world, Duty.CLERK).has_perm("compose.write")
    assert not _person(world, Duty.LEADER).has_perm("compose.everything")


def test_every_permission_has_a_chinese_name() -> None:
    for permission in EVERY:
        assert isinstance(permission, Permission)
        assert permission.label
