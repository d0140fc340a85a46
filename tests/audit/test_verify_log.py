"""Verification of the whole log: whatever is done to it past the database's guards is found, and named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from support.log import acts, entry_at, tamper
from support.world import World
from yichuan.audit.canonical import leaf_bytes, marked_bytes
from yichuan.audit.faults import FaultKind, NoteKind
from yichuan.audit.log_rows import Row, rows_between
from yichuan.audit.models import Checkpoint, Entry, Head, Leaf, Pending, Tile
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.lib.merkle import SignedCheckpoint, leaf_hash, read_checkpoint

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def log(world: World) -> World:
    """Two checkpoints over some seven hundred entries: three tiles and the one above them."""
    acts(300)
    catch_up()
    acts(400)
    catch_up()
    return world


def kept() -> SignedCheckpoint:
    """The newest checkpoint as somebody keeps it."""
    checkpoint = newest_checkpoint()
    assert checkpoint is not None
    return read_checkpoint(signed_text(checkpoint))


def found(*, kept: tuple[SignedCheckpoint, ...] = ()) -> set[tuple[FaultKind, int | None]]:
    """What verification names: kind and place."""
    return {(fault.kind, fault.index) for fault in verify_log(kept=kept).faults}


def test_a_log_as_the_centre_wrote_it_is_good(log: World) -> None:
    acts(3)
    told: list[tuple[int, int]] = []
    verdict = verify_log(kept=[kept()], progress=lambda done, size: told.append((done, size)))
    head = Head.objects.get()
    assert verdict.good and verdict.faults == []
    assert (verdict.size, verdict.root, verdict.checkpoints) == (head.size, bytes(head.root), 2)
    assert told[-1] == (head.size, head.size)
    assert {note.kind for note in verdict.notes} <= {NoteKind.UNMARKED}  # from before the centre had its key
    assert [note.sentence for note in verdict.notes if "开通中心的头几条" not in note.sentence] == []


def test_an_empty_log_is_good(db: None) -> None:
    assert verify_log().good


def test_rows_read_in_bulk_are_the_bytes_of_the_entries(log: World) -> None:
    with command():
        record(
            verb="org.appoint",
            actor=log.leader,
            unit_id=log.sender.pk,
            subject=log.sender,
            detail={"name": '引号"反斜\\杠\n换行\u2028😀', "z": [1, None, True, {"b": 2, "a": "é"}], "a": {}},
        )
    with clock.fixed_at(NOON):
        acts(1)
    catch_up()
    rows = list(rows_between(0, Head.objects.get().size))
    assert len(rows) == Entry.objects.count()
    for row in rows:
        assert isinstance(row, Row)
        entry = Entry.objects.get(pk=row.entry)
        assert (row.leaf, row.marked) == (leaf_bytes(entry), marked_bytes(entry))


@pytest.mark.parametrize("index", [40, 299, 650])
@pytest.mark.parametrize(
    "change", ["actor_name = '某人'", "verb = 'people.log_out'", "mark = NULL", "at = '2020-01-01 00:00:00+00:00'"]
)
def test_an_altered_entry(log: World, index: int, change: str) -> None:
    tamper(f"UPDATE audit_entry SET {change} WHERE id = %s", entry_at(index).pk)  # noqa: S608 - named above
    assert found() == {(FaultKind.ALTERED, index)}


def test_a_deleted_entry(log: World) -> None:
    entry = entry_at(300)
    tamper("DELETE FROM audit_entry WHERE id = %s", entry.pk)
    assert found() == {(FaultKind.MISSING, 300)}


def test_a_deleted_entry_and_its_place(log: World) -> None:
    entry = entry_at(300)
    tamper("DELETE FROM audit_entry WHERE id = %s", entry.pk)
    tamper("DELETE FROM audit_leaf WHERE entry_id = %s", entry.pk)
    assert found() == {(FaultKind.PLACE, 300)}


def test_a_place_whose_row_alone_is_gone(log: World) -> None:
    tamper('DELETE FROM audit_leaf WHERE "index" = 300')
    assert found() == {(FaultKind.PLACE, 300)}


def test_two_entries_that_changed_places(log: World) -> None:
    first, second = entry_at(310).pk, entry_at(500).pk
    tamper('UPDATE audit_leaf SET entry_id = -1 WHERE "index" = 310')
    tamper('UPDATE audit_leaf SET entry_id = %s WHERE "index" = 500', first)
    tamper('UPDATE audit_leaf SET entry_id = %s WHERE "index" = 310', second)
    assert found() == {(FaultKind.REORDERED, 310), (FaultKind.REORDERED, 500)}


def test_entries_whose_contents_were_exchanged(log: World) -> None:
    first, second = entry_at(310), entry_at(311)
    columns = "verb, at, actor_name, detail, mark"
    for entry, other in ((first, second), (second, first)):
        values = [other.verb, other.at, other.actor_name, "{}", other.mark]
        sets = ", ".join(f"{name} = %s" for name in columns.split(", "))
        tamper(f"UPDATE audit_entry SET {sets} WHERE id = %s", *values, entry.pk)  # noqa: S608 - named above
    assert found() == {(FaultKind.ALTERED, 310), (FaultKind.ALTERED, 311)}


def inserted(**changes: object) -> Entry:
    """A row that somebody wrote into the table: a copy of another with some changes."""
    model = entry_at(400)
    fields = {name: getattr(model, name) for name in ("at", "verb", "actor_name", "detail", "mark")}
    return Entry.objects.create(**fields | changes)


def test_an_entry_inserted_beside_the_tree(log: World) -> None:
    row = inserted()
    faults = verify_log().faults
    assert [(fault.kind, fault.entry) for fault in faults] == [(FaultKind.INSERTED, row.pk)]


def test_an_entry_inserted_as_if_it_waited(log: World) -> None:
    row = inserted(actor_name="某人")
    Pending.objects.create(entry=row)
    assert [(fault.kind, fault.entry) for fault in verify_log().faults] == [(FaultKind.FOREIGN, row.pk)]
    catch_up()
    size = Head.objects.get().size
    assert found() == {(FaultKind.FOREIGN, size - 1)} or found() == {(FaultKind.FOREIGN, size - 2)}


def test_an_entry_that_was_doubled(log: World) -> None:
    """A row copied whole, past the guard of names: the centre's own mark is right on it."""
    model, copy = entry_at(400), inserted()
    if connection.vendor == "sqlite":  # where a name in capital letters passes for another one
        tamper("UPDATE audit_entry SET uid = upper(%s) WHERE id = %s", model.uid.hex, copy.pk)
    else:
        with connection.cursor() as cursor:
            guards = connection.introspection.get_constraints(cursor, "audit_entry")
        name = next(name for name, each in guards.items() if each["unique"] and each["columns"] == ["uid"])
        tamper(f'ALTER TABLE audit_entry DROP CONSTRAINT IF EXISTS "{name}"')
        tamper(f'DROP INDEX IF EXISTS "{name}"')
        tamper("UPDATE audit_entry SET uid = %s WHERE id = %s", model.uid, copy.pk)
    Pending.objects.create(entry=copy)
    catch_up()
    faults = verify_log().faults
    assert [fault.entry for fault in faults] == [copy.pk]
    assert faults[0].kind in (FaultKind.DOUBLED, FaultKind.FOREIGN)


def test_an_entry_that_waits_again(log: World) -> None:
    Pending.objects.create(entry=entry_at(400))
    catch_up()
    faults = verify_log().faults
    assert [(fault.kind, fault.entry) for fault in faults] == [(FaultKind.DOUBLED, entry_at(400).pk)]


def test_an_entry_that_was_taken_away_while_it_waited(log: World) -> None:
    gone = acts(1)[0]
    tamper("DELETE FROM audit_entry WHERE id = %s", gone.pk)
    assert [(fault.kind, fault.entry) for fault in verify_log().faults] == [(FaultKind.MISSING, gone.pk)]


def altered(hashes: bytes, at: int) -> bytes:
    """These digests with one changed."""
    return hashes[: at * 32] + bytes(32) + hashes[at * 32 + 32 :]


@pytest.mark.parametrize(("level", "number", "slot", "index"), [(0, 1, 5, 261), (0, 2, 100, 612), (1, 0, 1, 0)])
def test_an_altered_tile(log: World, level: int, number: int, slot: int, index: int) -> None:
    tile = Tile.objects.get(level=level, number=number)
    tamper("UPDATE audit_tile SET hashes = %s WHERE id = %s", altered(bytes(tile.hashes), slot), tile.pk)
    assert found() == {(FaultKind.TILE, index)}


def test_a_deleted_tile(log: World) -> None:
    tamper("DELETE FROM audit_tile WHERE level = 0 AND number = 1")
    tamper("DELETE FROM audit_tile WHERE level = 1")
    assert found() == {(FaultKind.TILE, 256), (FaultKind.TILE, 0)}


def test_a_tile_of_a_larger_tree(log: World) -> None:
    Tile.objects.create(level=0, number=9, hashes=bytes(32))
    assert {kind for kind, _ in found()} == {FaultKind.TILE}


def test_an_entry_and_its_tile_altered_together(log: World) -> None:
    """Then the head and the checkpoints are left, and the mark names the entry."""
    entry = entry_at(400)
    tamper("UPDATE audit_entry SET actor_name = '某人' WHERE id = %s", entry.pk)
    tile = Tile.objects.get(level=0, number=1)
    digest = leaf_hash(leaf_bytes(Entry.objects.get(pk=entry.pk)))
    hashes = bytes(tile.hashes)
    tamper("UPDATE audit_tile SET hashes = %s WHERE id = %s", hashes[: 144 * 32] + digest + hashes[145 * 32 :], tile.pk)
    first = Checkpoint.objects.earliest("size").size
    assert found() == {
        (FaultKind.FOREIGN, 400),
        (FaultKind.REWRITTEN, first),
        (FaultKind.TILE, 0),
        (FaultKind.HEAD, None),
    }


@pytest.mark.parametrize("change", ["root = %s", "signature = %s"])
def test_an_altered_checkpoint(log: World, change: str) -> None:
    first = Checkpoint.objects.earliest("size")
    tamper(f"UPDATE audit_checkpoint SET {change} WHERE size = %s", bytes(32), first.size)  # noqa: S608 - named above
    assert found() == {(FaultKind.CHECKPOINT, first.size - 1)}


def test_a_checkpoint_with_another_time(log: World) -> None:
    first = Checkpoint.objects.earliest("size")
    tamper("UPDATE audit_checkpoint SET at = %s WHERE size = %s", first.at - timedelta(days=1), first.size)
    assert found() == {(FaultKind.CHECKPOINT, first.size - 1)}


@pytest.mark.parametrize("which", ["min", "max"])
def test_a_deleted_checkpoint(log: World, which: str) -> None:
    tamper(f"DELETE FROM audit_checkpoint WHERE size = (SELECT {which}(size) FROM audit_checkpoint)")  # noqa: S608
    assert found() == {(FaultKind.CHECKPOINT, None)}


def test_a_head_with_another_root(log: World) -> None:
    tamper("UPDATE audit_head SET root = %s", bytes(32))
    assert found() == {(FaultKind.HEAD, None)}


def roll_back_to(size: int) -> None:
    """What an older copy of the database holds."""
    entries = list(Leaf.objects.filter(index__gte=size).values_list("entry_id", flat=True))
    places = ", ".join(["%s"] * len(entries))
    tamper(f"DELETE FROM audit_entry WHERE id IN ({places})", *entries)  # noqa: S608 - numbers
    for table in ("leaf", "tile", "checkpoint", "head"):
        tamper(f"DELETE FROM audit_{table}")  # noqa: S608 - named above
    Pending.objects.bulk_create(Pending(entry=entry) for entry in Entry.objects.order_by("pk"))
    catch_up()


def test_the_whole_database_rolled_back_is_seen_against_a_kept_checkpoint(log: World) -> None:
    checkpoint = kept()
    roll_back_to(400)
    assert verify_log().good
    faults = verify_log(kept=[checkpoint]).faults
    assert [(fault.kind, fault.index) for fault in faults] == [(FaultKind.ROLLED_BACK, 400)]
    assert f"写明有 {checkpoint.checkpoint.size} 条，现在只有 400 条" in faults[0].sentence


def test_also_when_the_log_has_grown_again_since(log: World) -> None:
    checkpoint = kept()
    roll_back_to(400)
    acts(1_000)
    catch_up()
    assert verify_log().good
    faults = verify_log(kept=[checkpoint]).faults
    assert [fault.kind for fault in faults] == [FaultKind.REWRITTEN]
    assert "外存检查点" in faults[0].sentence


def test_a_log_that_was_truncated(log: World) -> None:
    tamper('DELETE FROM audit_leaf WHERE "index" >= 600')
    tamper("UPDATE audit_head SET size = 600")
    kinds = {kind for kind, _ in found()}
    assert FaultKind.ROLLED_BACK in kinds and FaultKind.INSERTED in kinds


def test_a_kept_checkpoint_that_the_centre_has_lost(log: World) -> None:
    checkpoint = kept()
    tamper("DELETE FROM audit_checkpoint WHERE size = %s", checkpoint.checkpoint.size)
    assert (FaultKind.CHECKPOINT, checkpoint.checkpoint.size - 1) in found(kept=(checkpoint,))


def test_a_checkpoint_of_another_centre_or_of_nobody_proves_nothing(log: World) -> None:
    text = signed_text(Checkpoint.objects.latest("size"))
    other = read_checkpoint(text.replace("江门市", "阳江市"))
    forged = read_checkpoint(text.replace("+08:00", "+09:00"))
    for each in (other, forged):
        assert found(kept=(each,)) == {(FaultKind.NOT_OURS, None)}
