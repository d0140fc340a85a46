"""Posts open things, in their own unit only (P3, J-15)."""

import pytest
from django.utils import timezone

from support.offices import an_office, of_office
from support.world import LONG_AGO, PASSWORD, World
from yichuan.common.permissions import Permission
from yichuan.common.transactions import command
from yichuan.compose.permissions import ComposePermission as Compose
from yichuan.config.duties import PERMISSIONS
from yichuan.exchange.permissions import ExchangePermission as Exchange
from yichuan.org.duties import ADMINISTRATORS, OFFICE_DUTIES, Duty, permissions_of
from yichuan.org.models import AccessChange, Post, Unit
from yichuan.org.selectors import Desk, opened_by
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_account
from yichuan.seals.permissions import SealsPermission as Seals

EVERY = sorted({permission for opened in PERMISSIONS.values() for permission in opened})


OF_A_UNIT = [duty for duty in Duty if duty not in ADMINISTRATORS]


def _person(world: World, duty: Duty) -> Account:
    """Somebody in this post and no other: of 市府办公室, of its office 秘书科, or of the centre itself."""
    people = {Duty.CLERK: world.sending_clerk, Duty.CUSTODIAN: world.custodian["市府办公室"], Duty.LEADER: world.leader}
    if duty in OFFICE_DUTIES:
        return of_office(an_office(world), duty, duty)
    found = people.get(duty) or world.holder(duty, None if duty in ADMINISTRATORS else "市府办公室")
    return Account.objects.get(pk=found.pk)


@pytest.mark.parametrize("duty", list(Duty))
def test_a_post_opens_what_its_duty_says_and_nothing_else(world: World, duty: Duty) -> None:
    person = _person(world, duty)
    opened = {permission for permission in EVERY if person.has_perm(permission, world.sender)}
    assert opened == {str(permission) for permission in PERMISSIONS[duty]}
    assert opened == {permission for permission in EVERY if person.has_perm(permission)}


@pytest.mark.parametrize("duty", OFFICE_DUTIES)
def test_a_post_of_an_office_opens_nothing_of_another_office_or_of_the_registry(world: World, duty: Duty) -> None:
    person, other = _person(world, duty), an_office(world, "综合科")
    for elsewhere in (Desk(world.sender), Desk(world.sender, other)):
        assert not any(person.has_perm(permission, elsewhere) for permission in EVERY)


@pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))
def test_the_three_administrators_open_the_same_everywhere(world: World, duty: Duty) -> None:
    person = _person(world, duty)
    for unit in Unit.objects.all():
        opened = {permission for permission in EVERY if person.has_perm(permission, unit)}
        assert opened == {str(permission) for permission in PERMISSIONS[duty]}


@pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))
def test_an_administrators_post_opens_its_template_whatever_its_row_says(duty: Duty) -> None:
    forged = Post(duty=duty, permissions=["compose.see", "exchange.see_inbox", "org.review_access"])
    assert opened_by(forged) == {str(permission) for permission in PERMISSIONS[duty]}


def test_no_administrators_template_opens_a_document_or_a_seal() -> None:
    rooms = tuple(str(permission) for room in (Compose, Exchange, Seals) for permission in room)
    for duty in ADMINISTRATORS:
        assert not permissions_of(duty).intersection(rooms)


@pytest.mark.parametrize("duty", list(Duty))
def test_of_what_belongs_to_the_centre_only_its_own_posts_open_something(world: World, duty: Duty) -> None:
    person, of_the_centre = _person(world, duty), AccessChange(unit=None)
    opened = {permission for permission in EVERY if person.has_perm(permission, of_the_centre)}
    assert opened == (set(map(str, PERMISSIONS[duty])) if duty in ADMINISTRATORS else set())


@pytest.mark.parametrize("duty", OF_A_UNIT)
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
    with command():
        someone = open_account(actor=None, username="emperor", name="皇帝", password=PASSWORD)
        Post.objects.create(account=someone, unit=world.sender, duty="emperor", since=LONG_AGO)
    assert not any(someone.has_perm(permission) for permission in EVERY)
    assert not _person(world, Duty.LEADER).has_perm("compose.everything")


def test_every_permission_has_a_chinese_name() -> None:
    for permission in EVERY:
        assert isinstance(permission, Permission)
        assert permission.label
