"""What `yichuan doctor` says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.world import World, broken_device
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.operations.services.doctor import Finding, examine
from yichuan.org.duties import ADMINISTRATORS, Duty


def _found(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


def test_a_sound_centre_has_nothing_bad(world: World) -> None:
    for duty in ADMINISTRATORS:
        world.holder(duty)
    catch_up()
    assert [finding for finding in examine() if not finding.ok] == []


def test_a_store_in_the_temporary_folder_is_pointed_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from yichuan.operations.services import doctor

    monkeypatch.setattr(doctor.tempfile, "gettempdir", lambda: str(doctor.settings.HOME.parent))
    assert "临时文件夹" in _found("正文存储").note
    monkeypatch.setattr(doctor.tempfile, "gettempdir", lambda: "/nowhere")
    assert "临时文件夹" not in _found("正文存储").note


def test_a_store_that_cannot_be_written_is_bad(world: World, settings: object, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/a file/blobs"  # type: ignore[attr-defined]
    assert not _found("正文存储").ok


def test_a_device_that_does_not_answer_is_bad_and_hides_nothing_else(world: World) -> None:
    with broken_device("sign"):
        findings = {finding.name: finding for finding in examine()}
    assert not findings["密码设备"].ok
    assert "does not answer" in findings["密码设备"].note
    assert findings["数据库"].ok


def test_a_master_key_beside_the_data_is_bad(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from yichuan.operations.services import doctor

    monkeypatch.setattr(doctor.settings, "HOME", Path(doctor.settings.SECRETS))
    assert "数据文件夹里" in _found("密码设备").note


def test_an_unknown_profile_is_bad(world: World, settings: object) -> None:
    settings.YICHUAN_PROFILE = "nowhere"  # type: ignore[attr-defined]
    assert "jiangmen-2008" in _found("交换规则").note


def test_a_post_of_the_three_that_nobody_holds_is_bad(world: World) -> None:
    world.holder(Duty.SYSTEM_ADMIN)
    world.holder(Duty.AUDITOR)
    found = _found("交换中心")
    assert not found.ok
    assert "系统保密员空缺" in found.note


def test_it_says_how_old_the_last_backup_is_and_is_not_content_after_three_days(world: World) -> None:
    assert "还没有做过" in _found("备份").note
    with command():
        record(verb="operations.backup", actor=None, detail={})
    assert "0 小时前" in _found("备份").note
    with clock.fixed_at(clock.now() + timedelta(hours=73)):
        found = _found("备份")
    assert not found.ok
    assert "3 天前" in found.note


def test_a_centre_that_was_never_served_is_not_called_unopened(world: World, settings: Any) -> None:
    settings.YICHUAN_CHECKPOINTS_URL = f"file://{settings.HOME}"
    said = {each.name: each for each in examine()}
    for name in ("日志", "日志检查点"):
        assert said[name].ok
        assert "yichuan serve" in said[name].note
