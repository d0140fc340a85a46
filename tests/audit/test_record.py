"""The log: written with the act, never changed after it."""

import pytest
from django.db import DatabaseError, connection, transaction

from support.world import World
from yichuan.audit.models import Entry
from yichuan.audit.selectors import history
from yichuan.audit.services.record import record
from yichuan.common.transactions import command


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        record(verb="people.log_in", actor=None)
    assert not Entry.objects.exists()


def test_an_act_that_fails_leaves_no_entry(world: World) -> None:
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), command():
        record(verb="org.appoint", actor=world.leader)
        raise ZeroDivisionError
    assert Entry.objects.count() == before


def test_it_says_who_what_where_and_when(world: World) -> None:
    with command():
        entry = record(
            verb="org.appoint",
            actor=world.leader,
            unit_id=world.sender.pk,
            subject=world.sender,
            detail={"duty": "clerk"},
        )
    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.actor_id, kept.actor_name) == (world.leader.pk, "赵领")
    assert (kept.subject_kind, kept.subject_id, kept.detail) == ("org.unit", world.sender.pk, {"duty": "clerk"})
    assert history([world.sender.pk])[0] == kept


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor_name = 'nobody'",
        "UPDATE audit_entry SET detail = detail",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_one(world: World, sql: str) -> None:
    before = list(Entry.objects.order_by("id").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(Entry.objects.order_by("id").values()) == before


def test_nor_through_the_models(world: World) -> None:
    entry = Entry.objects.latest("id")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(verb="people.log_in")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
