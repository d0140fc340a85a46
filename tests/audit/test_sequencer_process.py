"""The sequencer's own process: killed at any instruction, kept out by a lock, without room on the disk. It goes on."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from support.killed import environment, killed
from support.log import acts
from support.world import World, broken_device
from yichuan.audit.models import Checkpoint, Entry, Head, Leaf, Pending
from yichuan.audit.services.sequence import catch_up, sequence, work_off
from yichuan.audit.services.verify_log import verify_log
from yichuan.cli.supervisor import commands
from yichuan.operations.sequencer import AFTER_A_FAILURE_SECONDS, EVERY_SECONDS, one_round

# The sequencer's process: it stops dead behind one instruction of the real service and waits there to be killed.
CHILD = """
import signal, sys
from datetime import timedelta
import django
django.setup()
from yichuan.audit.services import sequence as service
from yichuan.audit.models import Checkpoint, Head, Leaf, Tile

def stopping(holder, name):
    real = getattr(holder, name)
    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        print("here", flush=True)
        signal.pause()
        return result
    setattr(holder, name, wrapped)

point = sys.argv[1]
service.CHECKPOINT_EVERY = timedelta(0)
if point == "the head is locked":
    stopping(service, "locked_head")
elif point == "the tiles are written":
    stopping(Tile.objects, "bulk_create")
elif point == "the places are written":
    stopping(service, "insert_rows")
elif point == "all is written, not committed":
    stopping(service, "_append")
elif point == "the entries stand in the tree":
    stopping(service, "sequence")
elif point == "the checkpoint stands unsigned":
    stopping(service, "checkpoint")
elif point == "the device has signed, nothing is kept":
    from yichuan.keys.services.sign_checkpoints import _Signer
    stopping(_Signer, "sign")
service.work_off()
print("never here", flush=True)
"""
BEFORE = ["the head is locked", "the tiles are written", "the places are written", "all is written, not committed"]
BEHIND = ["the entries stand in the tree", "the checkpoint stands unsigned", "the device has signed, nothing is kept"]


@pytest.mark.parametrize("point", [*BEFORE, *BEHIND])
def test_one_that_is_killed_leaves_all_or_nothing_and_the_next_goes_on(committed_world: World, point: str) -> None:
    catch_up()
    size = Head.objects.get().size
    acts(300)
    killed(CHILD, point)
    put_in = size + 300 if point in BEHIND else size
    assert Head.objects.get().size == Leaf.objects.count() == put_in
    assert verify_log().good
    catch_up()
    verdict = verify_log()
    assert verdict.good and verdict.size == Entry.objects.count() and not Pending.objects.exists()
    assert Checkpoint.objects.latest("size").size == verdict.size
    assert not Checkpoint.objects.filter(signature=None).exists()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A database that refuses the head while the list holds why."""
    why: list[str] = []
    real = Head.save

    def save(self: Head, **fields: object) -> None:
        if why:
            raise OperationalError(why[0])
        real(self, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(Head, "save", save)
    yield why


@pytest.mark.parametrize("why", ["database is locked", "database or disk is full"])
def test_a_locked_database_or_a_full_disk_delays_it_and_leaves_nothing_half(
    world: World, failing: list[str], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up()
    size = Head.objects.get().size
    acts(300)
    failing.append(why)
    assert one_round() == AFTER_A_FAILURE_SECONDS
    assert why in caplog.text
    assert (Head.objects.get().size, Leaf.objects.count(), Pending.objects.count()) == (size, size, 300)
    assert verify_log().good
    failing.clear()
    assert one_round() == EVERY_SECONDS
    assert Head.objects.get().size == size + 300 and not Pending.objects.exists()
    assert verify_log().good


def test_a_disk_that_is_really_full_leaves_nothing_half(committed_world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk is not ours to fill; what it says then is tried above")
    catch_up()
    acts(3_000)
    size = Head.objects.get().size
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
        try:
            with pytest.raises(OperationalError, match="full"):
                sequence()
            assert (Head.objects.get().size, Leaf.objects.count(), Pending.objects.count()) == (size, size, 3_000)
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    catch_up()
    assert verify_log().good and not Pending.objects.exists()


def test_a_closed_device_delays_signatures_alone(world: World) -> None:
    with broken_device("sign"):
        assert one_round() == EVERY_SECONDS
    assert not Pending.objects.exists() and Checkpoint.objects.get().signature is None
    one_round()
    assert Checkpoint.objects.get().signature is not None


def test_a_round_without_work_is_a_few_short_looks(world: World) -> None:
    catch_up()
    with CaptureQueriesContext(connection) as asked:
        assert work_off() == 0
    said = [each["sql"] for each in asked]
    assert len(said) <= 4 and all(sql.startswith("SELECT") for sql in said), said


def test_it_runs_with_the_other_processes() -> None:
    assert commands("127.0.0.1", 8000)["sequencer"][1:] == ["-m", "yichuan.operations.sequencer"]


def test_the_process_ends_when_it_is_told_to(committed_world: World) -> None:
    process = subprocess.Popen([sys.executable, "-m", "yichuan.operations.sequencer"], env=environment())
    try:
        for _ in range(400):
            if not Pending.objects.exists() and Checkpoint.objects.filter(signature__isnull=False).exists():
                break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    verdict = verify_log()
    assert verdict.good and verdict.size == Entry.objects.count() and verdict.checkpoints == 1
