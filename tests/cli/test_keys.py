"""`yichuan keys split`, `yichuan keys password` and `yichuan unlock`, and a centre that two operators open."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from support.served import _free_pair, put_world, settings_of

PASSWORDS = {"张三": "one two three", "李四": "four five six", "王五": "seven eight nine"}


def yichuan(environment: dict[str, str], *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yichuan.cli", *arguments],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def split(environment: dict[str, str], *more: str, first: str = "") -> subprocess.CompletedProcess[str]:
    typed = first + "".join(f"{password}\n{password}\n" for password in PASSWORDS.values())
    return yichuan(environment, "keys", "split", "--need", "2", *more, *PASSWORDS, typed=typed)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return settings_of(tmp_path) | {"YICHUAN_KEYS_URL": f"soft-shares://{tmp_path}/secrets/operators.json"}


def test_a_split_asks_each_operator_and_is_done_again_by_two_of_them(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "secrets" / "operators.json"
    yichuan(environment, "keys", "password", "张三")  # makes nothing
    assert not path.exists()
    done = split(environment)
    assert done.returncode == 0, done.stderr
    assert "任意 2 位" in done.stdout
    before = path.read_text()
    refused = split(environment, first=f"张三\n{PASSWORDS['张三']}\n李四\nnot this one\n")
    assert refused.returncode == 1
    assert "口令不对" in refused.stderr
    assert path.read_text() == before
    again = split(environment, first=f"张三\n{PASSWORDS['张三']}\n李四\n{PASSWORDS['李四']}\n")
    assert again.returncode == 0, again.stderr
    assert path.read_text() != before


def test_a_short_password_is_asked_for_again_and_an_operator_changes_theirs(environment: dict[str, str]) -> None:
    split(environment)
    old = PASSWORDS["王五"]
    changed = yichuan(environment, "keys", "password", "王五", typed=f"{old}\nshort\nshort\nlong enough\nlong enough\n")
    assert changed.returncode == 0, changed.stderr
    assert "至少 10 位" in changed.stderr
    assert yichuan(environment, "keys", "password", "王五", typed=f"{old}\n").returncode == 1


def test_without_a_place_for_shares_the_setting_is_named(tmp_path: Path) -> None:
    told = yichuan(settings_of(tmp_path), "keys", "split", "--need", "2", "张三", "李四")
    assert told.returncode == 1
    assert "soft-shares:///" in told.stderr


def test_two_operators_open_a_centre_that_a_supervisor_started(environment: dict[str, str], tmp_path: Path) -> None:
    put_world(tmp_path)
    key = tmp_path / "secrets" / "master.key"
    assert split(environment, "--from", str(key)).returncode == 0
    key.unlink()
    port = _free_pair()
    serving = subprocess.Popen(
        [sys.executable, "-m", "yichuan.cli", "serve", "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: (tmp_path / "centre" / "unlock.sock").exists())
        assert not answers(port), "pages before the device is open"
        assert "2 位值守人中已有 0 位" in yichuan(environment, "doctor").stdout
        wrong = yichuan(environment, "unlock", "张三", typed="not this one\n")
        assert (wrong.returncode, "口令不对" in wrong.stderr) == (1, True)
        first = yichuan(environment, "unlock", "张三", typed=PASSWORDS["张三"] + "\n")
        assert "还需 1 位" in first.stdout
        second = yichuan(environment, "unlock", "王五", typed=PASSWORDS["王五"] + "\n")
        assert "已打开" in second.stdout, second.stderr
        wait_for(lambda: answers(port))
        told = yichuan(environment, "doctor").stdout
        assert "正常  密码设备" in told
        assert "由 3 位值守人中的 2 位打开" in told
    finally:
        serving.terminate()
        serving.wait(20)
    assert not (tmp_path / "centre" / "unlock.sock").exists()
    written = b"".join(path.read_bytes() for path in (tmp_path / "secrets").rglob("*") if path.is_file())
    assert not any(password.encode() in written for password in PASSWORDS.values())


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_for(what: object, *, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():  # type: ignore[operator]
            return
        time.sleep(0.2)
    pytest.fail(f"it did not happen in {seconds} s, load {os.getloadavg()}")
