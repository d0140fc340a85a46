"""`yichuan backup` cut off or spoiled: killed, a full disk, a body that is gone, a store that does not answer."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.backups import at_once, files_in, here, make, own_store
from support.world import World, blob_path
from yichuan.common import blobs, clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.models import SweepHold
from yichuan.operations.services import backup as service
from yichuan.operations.services.restore import choose

__all__ = ["at_once", "own_store"]
pytestmark = pytest.mark.usefixtures("committed_world")


def test_killed_half_way_it_is_no_backup_and_the_next_one_clears_it_away(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    slow = (
        "import sys, time\nfrom yichuan.cli.centre import set_up\nset_up()\n"
        "from yichuan.operations.services import backup_bodies\n"
        "def wait(*words):\n    print('now', flush=True)\n    time.sleep(60)\n"
        "backup_bodies.copy_out = wait\n"
        "from yichuan.cli import main\nmain(['backup', sys.argv[1]])"
    )
    process = subprocess.Popen([sys.executable, "-c", slow, str(folder)], env=here(), stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"now\n"
    with pytest.raises(Refused, match="另一个备份正在写入"):
        make(folder)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    [left] = folder.glob("unfinished-*")
    with pytest.raises(Refused, match="只有没有做完的备份") as refusal:
        choose(folder)
    assert left.name in refusal.value.message
    with pytest.raises(Refused, match="没有做完"):
        choose(folder, left.name)
    assert SweepHold.objects.get().until <= clock.now() + service.LONGEST, "the sweep is held off a day at most"
    made = make(folder)
    assert list(folder.glob("unfinished-*")) == []
    assert choose(folder).folder == made.folder


def test_a_full_disk_is_said_and_leaves_nothing_half_made(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed_world.draft()
    folder = tmp_path / "backups"

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("yichuan.common.blobs.os.fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            make(folder)
    assert [path for path in files_in(folder) if path != ".lock"] == []
    assert not SweepHold.objects.exists()
    assert make(folder).manifest.missing == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_disk_that_is_too_small_is_said_in_a_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk], check=True)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "yichuan.cli", "backup", disk / "backups"], env=here(), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert len([line for line in done.stderr.splitlines() if line.startswith("Error:")]) == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert list((disk / "backups").glob("*.manifest*")) == list((disk / "backups").glob("unfinished-*")) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.usefixtures("at_once")
def test_a_body_that_is_gone_or_damaged_in_the_store_is_named_and_the_rest_is_kept(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {committed_world.draft().content for _ in range(3)}
    gone, damaged, whole = sorted(names)
    before = make(tmp_path / "backups")
    shutil.rmtree(tmp_path / "backups" / "bodies")
    monkeypatch.setattr(blobs, "_laid_out", set())  # the next backup is another process
    blob_path(gone).unlink()
    blob_path(damaged).write_bytes(b"something else")
    made = make(tmp_path / "backups", keep=1)
    assert made.manifest.missing == [gone, damaged]
    assert (made.removed, before.folder.exists()) == (0, True), "an older one may have them"
    listed = (made.folder / "bodies.txt").read_text().split()
    assert whole in listed
    assert not {gone, damaged} & set(listed)
    assert not [path for path in files_in(tmp_path / "backups") if Path(path).name in (gone, damaged)]


def test_a_store_that_does_not_answer_makes_no_backup(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed_world.draft()

    class Down:
        def read(self, _: str) -> Iterator[bytes]:
            raise Unavailable("blob_store", "存储暂时读不到内容")

    monkeypatch.setattr(blobs, "store", Down)
    with pytest.raises(Unavailable, match="存储暂时读不到"):
        make(tmp_path / "backups")
    with pytest.raises(Refused, match="没有备份"):
        choose(tmp_path / "backups")
