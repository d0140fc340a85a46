"""Verification of the whole log against somebody who knows it: combined changes, rows made to stop whoever reads."""

import pytest

from support.log import acts, entry_at, tamper
from support.world import World
from yichuan.audit.faults import FaultKind, NoteKind
from yichuan.audit.models import Checkpoint, Entry, Head, Leaf, Pending, Tile
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services import verify_log as verify_log_module
from yichuan.audit.services.sequence import catch_up, sign_checkpoints
from yichuan.audit.services.verify_log import NOTES_SHOWN, verify_log
from yichuan.common import clock
from yichuan.lib.merkle import read_checkpoint


@pytest.fixture
def log(world: World) -> World:
    acts(300)
    catch_up()
    return world


def kinds() -> set[FaultKind]:
    return {fault.kind for fault in verify_log().faults}


@pytest.mark.parametrize(("level", "number"), [(0, 0), (0, 1), (1, 0)])
@pytest.mark.parametrize("more", [1, 32])
def test_a_tile_that_holds_more_than_it_should(log: World, level: int, number: int, more: int) -> None:
    tile = Tile.objects.get(level=level, number=number)
    tamper("UPDATE audit_tile SET hashes = %s WHERE id = %s", bytes(tile.hashes) + bytes(more), tile.pk)
    assert kinds() == {FaultKind.TILE}


def test_a_tile_of_a_level_that_the_tree_has_not_reached(log: World) -> None:
    Tile.objects.create(level=3, number=0, hashes=bytes(32))
    assert kinds() == {FaultKind.TILE}


def test_a_head_gone_with_tiles_and_checkpoints(log: World) -> None:
    for table in ("tile", "checkpoint", "head"):
        tamper(f"DELETE FROM audit_{table}")  # noqa: S608 - named above
    assert FaultKind.PLACE in kinds()


def test_an_entry_too_deep_to_be_read_stops_nobody(log: World) -> None:
    deep = Entry.objects.create(at=clock.now(), verb="people.log_in", mark=bytes(32))
    tamper("UPDATE audit_entry SET detail = %s WHERE id = %s", "[" * 990 + "]" * 990, deep.pk)
    Pending.objects.create(entry=deep)
    catch_up()
    assert Leaf.objects.filter(entry=deep).exists()
    assert kinds() == {FaultKind.UNREADABLE}


@pytest.mark.parametrize("size", [200, 10_000])
def test_the_device_signs_no_checkpoint_that_the_tree_does_not_lead_to(log: World, size: int) -> None:
    forged = Checkpoint.objects.create(number=2, size=size, root=bytes(32), at=clock.now())
    sign_checkpoints()
    forged.refresh_from_db()
    assert forged.signature is None


def test_of_many_unmarked_entries_none_goes_unsaid(log: World) -> None:
    for _ in range(NOTES_SHOWN + 3):
        acts(1)
        row = Entry.objects.create(at=clock.now(), verb="people.log_in", mark=None)
        Pending.objects.create(entry=row)
    catch_up()
    unmarked = sum(1 for entry in Entry.objects.all() if entry.mark is None)
    assert any(f"共 {unmarked} 条" in note.sentence for note in verify_log().notes)


def test_of_very_many_foreign_entries_the_rest_is_counted(log: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_log_module, "MOST", 5)
    for _ in range(9):
        Pending.objects.create(entry=Entry.objects.create(at=clock.now(), verb="people.log_in", mark=bytes(32)))
    catch_up()
    faults = verify_log().faults
    assert sum(fault.kind == FaultKind.FOREIGN for fault in faults) == 5
    assert [fault.kind for fault in faults if fault.kind != FaultKind.FOREIGN] == [FaultKind.MORE]


def test_a_head_that_says_more_than_there_is(log: World) -> None:
    tamper("UPDATE audit_head SET size = size + 3")
    assert not verify_log().good and Head.objects.get().size


def rebuilt(without: Entry) -> None:
    """The log made anew without one entry: no tree, no checkpoint of before is left, and the centre goes on."""
    tamper("DELETE FROM audit_entry WHERE id = %s", without.pk)
    for table in ("leaf", "tile", "checkpoint", "head"):
        tamper(f"DELETE FROM audit_{table}")  # noqa: S608 - named above
    Pending.objects.bulk_create(Pending(entry=entry) for entry in Entry.objects.order_by("pk"))
    catch_up()


def test_a_whole_log_made_anew_is_seen_by_what_left_the_house_and_by_nothing_else(log: World) -> None:
    """As docs/log.md says: the centre signs what its database holds."""
    newest = newest_checkpoint()
    assert newest is not None
    kept = read_checkpoint(signed_text(newest))
    rebuilt(without=entry_at(200))
    acts(5)
    catch_up()
    assert verify_log().good
    assert {fault.kind for fault in verify_log(kept=[kept]).faults} == {FaultKind.REWRITTEN}


def test_an_altered_entry_in_a_log_made_anew_is_named_by_its_mark(log: World) -> None:
    entry = entry_at(200)
    tamper("UPDATE audit_entry SET actor_name = '某人' WHERE id = %s", entry.pk)
    rebuilt(without=entry_at(100))
    assert [(fault.kind, fault.entry) for fault in verify_log().faults] == [(FaultKind.FOREIGN, entry.pk)]


def test_an_altered_entry_without_its_mark_in_a_log_made_anew_is_noted(log: World) -> None:
    entry = entry_at(200)
    tamper("UPDATE audit_entry SET actor_name = '某人', mark = NULL WHERE id = %s", entry.pk)
    rebuilt(without=entry_at(299))
    verdict = verify_log()
    place = Leaf.objects.get(entry=entry).index + 1
    assert [note.kind for note in verdict.notes if f"第 {place} 条没有标记" in note.sentence] == [NoteKind.UNMARKED]
