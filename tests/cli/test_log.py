"""`yichuan log`: the whole log verified, and its newest checkpoint taken along."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from support.served import put_world, settings_of
from yichuan.lib.merkle import read_checkpoint

CATCH_UP = "import django; django.setup(); from yichuan.audit.services.sequence import catch_up; catch_up()"


def log(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yichuan.cli", "log", *arguments],
        env=settings_of(home) | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre whose log stands under a checkpoint."""
    home = tmp_path_factory.mktemp("centre")
    put_world(home)
    assert "还没有签名的检查点" in log(home, "checkpoint").stderr
    assert "条还没有排进日志的树，只核对了标记" in log(home, "verify").stdout
    subprocess.run([sys.executable, "-c", CATCH_UP], env=settings_of(home), check=True, timeout=120)
    return home


def test_a_checkpoint_is_taken_along_and_the_log_verified_against_it(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    written = log(home, "checkpoint", "-o", str(kept))
    assert written.returncode == 0, written.stderr
    assert kept.read_text() == log(home, "checkpoint").stdout
    size = read_checkpoint(kept.read_text()).checkpoint.size
    again = log(home, "checkpoint", "-o", str(kept))
    assert (again.returncode, "没有覆盖" in again.stderr) == (1, True)
    found = log(home, "verify", "--checkpoint", str(tmp_path), "--processes", "2")
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"核验 {size} 条记录、1 个检查点，对照外存检查点 1 个：没有发现问题。" in found.stdout
    assert f"{size:,} / {size:,}" in found.stderr


def test_what_is_no_checkpoint_is_said_before_anything_is_read(home: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.txt"
    torn.write_text(log(home, "checkpoint").stdout[:-40])
    found = log(home, "verify", "--checkpoint", str(torn))
    assert found.returncode == 2
    assert "不是完整的检查点" in found.stderr


def test_a_folder_without_checkpoints_is_no_verification(home: Path, tmp_path: Path) -> None:
    """Such as a store that is not mounted: that nothing contradicts the log would say nothing."""
    found = log(home, "verify", "--checkpoint", str(tmp_path))
    assert (found.returncode, found.stdout) == (2, "")
    assert "没有检查点文件" in found.stderr


def test_a_place_without_a_centre_and_a_database_that_is_away_are_said_in_a_line(tmp_path: Path) -> None:
    nothing = log(tmp_path, "verify")
    assert nothing.returncode == 1
    assert nothing.stderr.startswith("Error: 这里还没有交换中心。")
    away = log(tmp_path, "checkpoint", YICHUAN_DATABASE_URL="postgres://nobody@127.0.0.1:1/x")
    assert away.returncode == 1
    assert away.stderr.startswith("Error: 数据库没有应答（")


def test_what_was_altered_is_named_and_the_end_is_1(home: Path) -> None:
    database = sqlite3.connect(home / "centre" / "centre.sqlite3")
    [sql] = database.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_entry_no_update'").fetchone()
    database.execute("DROP TRIGGER audit_entry_no_update")
    database.execute("UPDATE audit_entry SET actor_name = '某人' WHERE id = 20")
    database.execute(sql)
    database.commit()
    database.close()
    found = log(home, "verify")
    assert found.returncode == 1
    assert "× 第 20 条记录的内容被改动（行号 20）。" in found.stdout
    assert "发现 1 个问题" in found.stdout
    assert "怎么办：不要在数据库里改动任何东西" in found.stdout
