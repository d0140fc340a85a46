"""`yichuan doctor`: what is wrong with the settings, and the remedy."""

import subprocess
import sys
from pathlib import Path

from support.served import settings_of


def doctor(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yichuan.cli", "doctor"],
        env=settings_of(home) | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_fresh_place_has_nothing_wrong(tmp_path: Path) -> None:
    found = doctor(tmp_path)
    assert found.returncode == 0, found.stdout
    for said in ("国密算法", "数据库：sqlite，是空的", "正文存储", "密码设备", "字体"):
        assert said in found.stdout


def test_an_empty_place_is_told_to_open_a_centre(tmp_path: Path) -> None:
    said = doctor(tmp_path).stdout.splitlines()
    for name in ("数据库", "证书", "印章状态列表", "交换中心"):
        assert "请运行 yichuan init" in next(line for line in said if line.startswith(f"正常  {name}："))


def test_an_unknown_profile_is_named_with_those_there_are(tmp_path: Path) -> None:
    found = doctor(tmp_path, YICHUAN_PROFILE="nowhere-1999")
    assert found.returncode == 1
    assert "异常  交换规则" in found.stdout
    assert "jiangmen-2008" in found.stdout


def test_a_database_that_is_none_of_ours_is_refused_in_one_line(tmp_path: Path) -> None:
    found = doctor(tmp_path, YICHUAN_DATABASE_URL="mysql://somewhere/else")
    assert found.returncode == 1
    assert found.stderr.strip() == "YICHUAN_DATABASE_URL: 'mysql' is not sqlite or postgres"


def test_a_master_key_that_others_can_read_is_bad(tmp_path: Path) -> None:
    doctor(tmp_path)
    key = tmp_path / "secrets" / "master.key"
    key.chmod(0o644)
    found = doctor(tmp_path)
    assert found.returncode == 1
    assert "chmod 600" in found.stdout


def test_a_master_key_beside_the_data_is_bad(tmp_path: Path) -> None:
    found = doctor(tmp_path, YICHUAN_KEYS_URL=f"soft://{tmp_path}/centre/master.key")
    assert found.returncode == 1
    assert "主密钥放在数据文件夹里" in found.stdout


def test_missing_fonts_are_named_with_the_remedy(tmp_path: Path) -> None:
    found = doctor(tmp_path, YICHUAN_FONT_CACHE=str(tmp_path / "nothing"))
    assert found.returncode == 1
    assert "异常  字体" in found.stdout
    assert "scripts/fonts.py" in found.stdout


def test_a_database_that_is_away_is_said_once_and_what_needs_it_is_named(tmp_path: Path) -> None:
    found = doctor(tmp_path, YICHUAN_DATABASE_URL="postgres://yichuan:secret@127.0.0.1:1/none")
    assert found.returncode == 1
    assert found.stdout.count("没有应答") == 1 and "secret" not in found.stdout
    said = {line[4:].split("：")[0]: line for line in found.stdout.splitlines()}
    assert "是否在运行" in said["数据库"] and said["字体"].startswith("正常")
    assert "证书" in said["没有检查"] and "交换中心" in said["没有检查"]
