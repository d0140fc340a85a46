"""The log: written with the act, never changed after it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from support.world import World
from yichuan.audit.canonical import leaf_bytes, mark_of
from yichuan.audit.models import Entry, Pending
from yichuan.audit.selectors import history
from yichuan.audit.services.record import entry, record, record_all
from yichuan.common.transactions import command
from yichuan.keys.services.log_key import log_key


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


def test_those_of_several_acts_stand_in_their_order_and_wait_and_cost_no_more_statements(world: World) -> None:
    statements = []
    for many in (2, 150):
        entries = [entry(verb="people.log_in", actor=world.leader, detail={"count": each}) for each in range(many)]
        with command(), CaptureQueriesContext(connection) as asked:
            record_all(entries)
        statements.append([each["sql"].split()[0] for each in asked if "INSERT" in each["sql"]])
    kept = list(Entry.objects.filter(pk__in=[each.pk for each in entries]).order_by("pk"))
    assert [each.detail["count"] for each in kept] == list(range(150))
    assert [leaf_bytes(each) for each in kept] == [leaf_bytes(each) for each in entries]
    assert Pending.objects.filter(entry__in=kept).count() == 150
    assert len(statements[0]) == len(statements[1])


def test_no_entries_are_no_statement(world: World) -> None:
    with command(), CaptureQueriesContext(connection) as asked:
        record_all([])
    assert not [each for each in asked if "INSERT" in each["sql"]]


@pytest.mark.parametrize(
    "detail",
    [
        {"title": '引号"反斜线\\换行\n制表\t𠮷', "list": [1, [None, True], {"b": "", "a": {}}]},
        {"large": 10**30, "negative": -1, "letters of another plane": "\U0001f4e8", "delete": "\x7f", "bell": "\x07"},
    ],
    ids=["words", "numbers"],
)
def test_whatever_particulars_it_has_come_back_as_they_were_and_bear_the_mark(
    world: World, detail: dict[str, Any]
) -> None:
    with command():
        written = record(verb="org.appoint", actor=world.leader, subject=world.sender, detail=detail)
    kept = Entry.objects.get(pk=written.pk)
    assert kept.detail == detail and leaf_bytes(kept) == leaf_bytes(written)
    key = log_key()
    assert key is not None and bytes(kept.mark or b"") == mark_of(kept, key)


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
