"""SQLite keeps bytes that are no text: such a row is named, and neither the sequencer nor verification stops at it."""

import uuid

import pytest
from django.db import connection

from support.log import acts, entry_at, spoil, tamper
from support.world import World
from yichuan.audit.faults import FaultKind
from yichuan.audit.models import Entry, Head, Leaf, LogCheck, Pending
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.exchange.services.receipts import ENTRY
from yichuan.keys.services.log_key import forget_log_key

COLUMNS = ("verb", "actor_name", "subject_kind", "detail", "at", "uid")


@pytest.fixture
def log(world: World) -> World:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    acts(300)
    catch_up()
    return world


@pytest.mark.parametrize("column", COLUMNS)
def test_an_entry_of_the_tree_is_named_by_its_place_and_row(log: World, column: str) -> None:
    entry = entry_at(200).pk
    spoil(entry, column)
    (fault,) = verify_log().faults
    assert (fault.kind, fault.index, fault.entry) == (FaultKind.ALTERED, 200, entry)


def test_several_of_them_hide_nothing_else(log: World) -> None:
    for index in (40, 41, 300):
        spoil(entry_at(index).pk, "actor_name")
    tamper("DELETE FROM audit_entry WHERE id = %s", entry_at(250).pk)
    found = {(fault.kind, fault.index) for fault in verify_log().faults}
    assert found == {(FaultKind.ALTERED, index) for index in (40, 41, 300)} | {(FaultKind.MISSING, 250)}


@pytest.mark.parametrize("device_open", [True, False])
def test_one_that_waits_is_put_in_told_and_named_ever_after(log: World, device_open: bool) -> None:
    size, (before, strange, behind) = Head.objects.get().size, acts(3)
    spoil(strange.pk, "actor_name")
    if not device_open:
        tamper("UPDATE audit_entry SET mark = NULL WHERE id = %s", strange.pk)
        forget_log_key()
    waiting = verify_log().faults
    assert [(fault.kind, fault.entry) for fault in waiting] == [(FaultKind.UNREADABLE, strange.pk)]
    catch_up()
    assert not Pending.objects.exists()
    order = Leaf.objects.filter(index__gte=size).order_by("index").values_list("entry_id", flat=True)
    assert list(order)[:3] == [before.pk, strange.pk, behind.pk]
    (told,) = LogCheck.objects.get().faults
    assert told["kind"] == "unreadable" and f"行号 {strange.pk} " in told["sentence"]
    (fault,) = verify_log().faults
    assert (fault.kind, fault.index, fault.entry) == (FaultKind.UNREADABLE, size + 1, strange.pk)


def test_one_that_was_put_in_without_the_tree_is_named(log: World) -> None:
    added = Entry.objects.create(at=entry_at(0).at, verb="people.log_in")
    spoil(added.pk, "verb")
    (fault,) = verify_log().faults
    assert (fault.kind, fault.entry) == (FaultKind.INSERTED, added.pk)


def test_the_entry_of_a_receipt(log: World) -> None:
    added = Entry.objects.create(at=entry_at(0).at, verb=ENTRY, subject_id=uuid.uuid4())
    catch_up()
    spoil(added.pk, "detail")
    kinds = {fault.kind for fault in verify_log().faults}
    assert kinds >= {FaultKind.WITNESS}
