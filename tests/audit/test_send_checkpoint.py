"""The daily checkpoint to the auditor's own store: once a day, never written over, nothing half-written."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.log import acts
from support.world import World
from yichuan.audit.models import Checkpoint, Entry
from yichuan.audit.services.send_checkpoint import name_of, send_checkpoint
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.lib.merkle import read_checkpoint
from yichuan.operations.services.doctor_log import checkpoints_sent, log_tree

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def store(world: World, settings: object, tmp_path: Path) -> Path:
    folder = tmp_path / "审计"
    folder.mkdir()
    settings.YICHUAN_CHECKPOINTS_URL = f"file://{folder}"  # type: ignore[attr-defined]
    with clock.fixed_at(NOON):
        catch_up()
    return folder


def sent(at: datetime) -> int:
    """An act, a checkpoint over it, and the ticker at this time."""
    with clock.fixed_at(at):
        acts(1)
        catch_up()
        return send_checkpoint()


def test_one_goes_a_day_and_verifies_the_log_from_outside(store: Path) -> None:
    assert [sent(NOON + timedelta(hours=hours)) for hours in (1, 2, 24, 26)] == [1, 0, 0, 1]
    files = sorted(store.iterdir())
    assert [file.name for file in files] == [name_of(row) for row in Checkpoint.objects.exclude(sent_at=None)]
    kept = [read_checkpoint(file.read_text()) for file in files]
    assert verify_log(kept=kept).good
    assert Entry.objects.filter(verb="audit.send_checkpoint").count() == 2


def test_a_clock_that_once_ran_ahead_does_not_hold_the_next_one_up(store: Path) -> None:
    assert sent(NOON + timedelta(days=365)) == 1
    assert sent(NOON + timedelta(days=1)) == 1


def test_nothing_goes_while_nothing_happened(store: Path) -> None:
    with clock.fixed_at(NOON):
        assert send_checkpoint() == 1
    with clock.fixed_at(NOON + timedelta(days=3)):
        assert send_checkpoint() == 0


def test_a_death_before_it_was_noted_sends_the_same_file_once_more(store: Path) -> None:
    newest = Checkpoint.objects.latest("size")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ZeroDivisionError), clock.fixed_at(NOON):
        patch.setattr("yichuan.audit.services.send_checkpoint.record", lambda **_: 1 // 0)
        send_checkpoint()
    Checkpoint.objects.get(pk=newest.pk, sent_at=None)
    with clock.fixed_at(NOON):
        assert send_checkpoint() == 1
    assert [file.name for file in store.iterdir()] == [name_of(newest)]


def test_another_file_of_that_name_is_not_overwritten(store: Path) -> None:
    path = store / name_of(Checkpoint.objects.latest("size"))
    path.write_text("something else")
    with pytest.raises(Refused, match="not overwritten"), clock.fixed_at(NOON):
        send_checkpoint()
    assert path.read_text() == "something else" and not Checkpoint.objects.exclude(sent_at=None).exists()


def test_a_store_that_is_away_or_full_gets_it_later(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with clock.fixed_at(NOON):
        with monkeypatch.context() as patch, pytest.raises(Unavailable):
            patch.setattr(os, "fsync", full)
            send_checkpoint()
        assert list(store.iterdir()) == []
        store.rename(store.with_name("away"))
        with pytest.raises(Unavailable):
            send_checkpoint()
        assert not store.exists()
        store.with_name("away").rename(store)
        assert send_checkpoint() == 1


def test_the_doctor_says_whether_checkpoints_leave_the_centre(store: Path, settings: object) -> None:
    with clock.fixed_at(NOON):
        assert "每天送一个到" in checkpoints_sent()
        send_checkpoint()
        assert "都已送到" in checkpoints_sent()
        acts(1)
        catch_up()
    with clock.fixed_at(NOON + timedelta(hours=30)), pytest.raises(RuntimeError, match="定时进程的日志"):
        checkpoints_sent()
    store.rename(store.with_name("away"))
    with pytest.raises(RuntimeError, match="挂载"):
        checkpoints_sent()
    settings.YICHUAN_CHECKPOINTS_URL = ""  # type: ignore[attr-defined]
    assert "YICHUAN_CHECKPOINTS_URL" in checkpoints_sent()


def test_the_doctor_says_when_the_sequencer_is_away(world: World) -> None:
    catch_up()
    with clock.fixed_at(NOON):
        acts(2)
        assert "2 条等着进树" in log_tree()
    with clock.fixed_at(NOON + timedelta(minutes=5)), pytest.raises(RuntimeError, match="排序进程"):
        log_tree()
    catch_up()
    Checkpoint.objects.create(number=99, size=10**6, root=bytes(32), at=NOON)
    with pytest.raises(RuntimeError, match="1 个检查点没有签名"):
        log_tree()
