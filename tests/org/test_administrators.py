"""The database itself keeps the three administrators apart, and posts as they were given (P4, G-5 to G-7).

Nothing here goes through a service: this is what whoever has the database could try.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from support.at_once import at_once
from support.world import LONG_AGO, World
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import Post
from yichuan.people.models import Account

THEN = datetime(2030, 1, 1, tzinfo=UTC)
ADMINISTRATOR = pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))


def put(account: Account, duty: str, world: World | None = None, **values: Any) -> Post:
    """A row of posts as SQL writes it, past every service."""
    unit = world.sender if world else None
    row = Post(account=account, unit=unit, duty=duty, **{"since": LONG_AGO} | values)
    with transaction.atomic():
        Post.objects.bulk_create([row])
    return row


def refused(sql: str, *values: Any) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(refusal.value)


def key(row: Post) -> Any:
    return row.pk.hex if connection.vendor == "sqlite" else row.pk


@ADMINISTRATOR
@pytest.mark.parametrize(
    "dates",
    [{}, {"until": THEN}, {"since": THEN}, {"since": THEN, "until": THEN + timedelta(days=1)}],
    ids=["open", "dated", "future", "future and dated"],
)
def test_an_administrator_is_given_no_other_post(world: World, duty: str, dates: dict[str, datetime]) -> None:
    for other in sorted({*ADMINISTRATORS, Duty.CLERK, Duty.SUPERVISOR, Duty.UNIT_ADMIN} - {Duty(duty)}):
        person = world.holder(Duty(duty), number=len(other) * 100 + ord(other[0]))
        with pytest.raises(IntegrityError):
            put(person, other, None if other in ADMINISTRATORS else world, **dates)


@ADMINISTRATOR
def test_an_administrator_stands_in_for_nobody(world: World, duty: str) -> None:
    stood_for = world.sending_clerk.posts.get()
    with pytest.raises(IntegrityError, match="administrators hold no other post"):
        put(world.holder(Duty(duty)), Duty.CLERK, world, until=THEN, stands_in_for=stood_for)


@ADMINISTRATOR
@pytest.mark.parametrize("dates", [{}, {"until": THEN}, {"since": THEN}])
def test_who_holds_a_post_is_made_no_administrator(world: World, duty: str, dates: dict[str, datetime]) -> None:
    with pytest.raises(IntegrityError, match="administrators hold no other post"):
        put(world.sending_clerk, duty, **dates)


@ADMINISTRATOR
def test_one_post_after_the_other_is_no_overlap(world: World, duty: str) -> None:
    person = world.clerk["市环保局"]
    person.posts.update(until=THEN)
    with pytest.raises(IntegrityError):
        put(person, duty, since=THEN - timedelta(seconds=1))
    put(person, duty, since=THEN)
    assert person.posts.count() == 2


def test_the_end_of_an_earlier_post_is_not_moved_into_an_administrators(world: World) -> None:
    person = world.clerk["市环保局"]
    person.posts.update(until=THEN)
    later = put(person, Duty.AUDITOR, since=THEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        person.posts.exclude(pk=later.pk).update(until=None)


@ADMINISTRATOR
def test_an_administrators_post_takes_no_permissions_of_its_own(world: World, duty: str) -> None:
    person = world.holder(Duty(duty))
    with pytest.raises(IntegrityError, match="template"), transaction.atomic():
        person.posts.update(permissions=["compose.see"])
    newcomer = Account.objects.create(username="newcomer", name="新")
    with pytest.raises(IntegrityError, match="template"):
        put(newcomer, duty, permissions=["compose.see"])


def test_an_administrators_post_stands_in_no_unit_and_a_units_in_one(world: World) -> None:
    newcomer = Account.objects.create(username="newcomer", name="新")
    with pytest.raises(IntegrityError):
        put(newcomer, Duty.AUDITOR, world)
    with pytest.raises(IntegrityError):
        put(newcomer, Duty.CLERK)


@pytest.mark.parametrize("column", ["account_id", "duty", "unit_id", "office_id", "since", "stands_in_for_id", "id"])
def test_a_post_that_stands_is_not_made_another(world: World, column: str) -> None:
    post = world.sending_clerk.posts.get()
    values = {
        "account_id": world.clerk["市环保局"].pk,
        "duty": Duty.CUSTODIAN,
        "unit_id": world.units["市环保局"].pk,
        "office_id": uuid.uuid4(),
        "since": THEN,
        "stands_in_for_id": post.pk,
        "id": uuid.uuid4(),
    }
    with pytest.raises(IntegrityError, match="stays as it was given"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**{column.removesuffix("_id"): values[column]})


def test_raw_sql_is_refused_as_well(world: World) -> None:
    post = world.sending_clerk.posts.get()
    assert "as it was given" in refused("UPDATE org_post SET duty = 'auditor', unit_id = NULL WHERE id = %s", key(post))
    assert "never removed" in refused("DELETE FROM org_post WHERE id = %s", key(post))
    assert "never removed" in refused("DELETE FROM org_post")


def test_an_ended_post_does_not_come_back(world: World) -> None:
    mine = Post.objects.filter(pk=world.sending_clerk.posts.get().pk)
    mine.update(until=THEN)
    for until in (None, THEN + timedelta(days=1)):
        with pytest.raises(IntegrityError, match="stays as it was given"), transaction.atomic():
            mine.update(until=until)
    mine.update(until=THEN - timedelta(days=1))


def test_of_two_posts_given_at_the_same_instant_the_database_takes_one(committed_world: World) -> None:
    person = Account.objects.create(username="newcomer", name="新")
    duties = [Duty.AUDITOR, Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.CLERK]

    def give(number: int) -> None:
        put(person, duties[number], committed_world if duties[number] == Duty.CLERK else None)

    raised = at_once(give, 4)
    assert len(raised) == 3 and all(isinstance(error, IntegrityError) for error in raised)
    assert person.posts.count() == 1
