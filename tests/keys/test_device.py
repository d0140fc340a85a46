"""The device of this process, from YICHUAN_KEYS_URL."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from yichuan.common.secret_files import kept_secret
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services import device as service


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    service.device.cache_clear()
    yield
    service.device.cache_clear()


@pytest.fixture
def path(tmp_path: Path, settings: object) -> Path:
    file = tmp_path / "secrets" / "master.key"
    settings.YICHUAN_KEYS_URL = f"soft://{file}"  # type: ignore[attr-defined]
    return file


def _refused() -> str:
    with pytest.raises(DeviceError) as refusal:
        service.device()
    return str(refusal.value)


def test_the_master_key_is_made_at_the_first_start_for_its_owner_alone(path: Path) -> None:
    service.device()
    assert len(path.read_bytes()) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_it_is_the_same_at_the_second_start(path: Path) -> None:
    service.device()
    kept = path.read_bytes()
    service.device.cache_clear()
    service.device()
    assert path.read_bytes() == kept


def test_a_master_key_that_others_can_read_is_refused_with_the_remedy(path: Path) -> None:
    service.device()
    service.device.cache_clear()
    path.chmod(0o640)
    assert f"chmod 600 {path}" in _refused()


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_file_that_is_no_whole_master_key_is_refused(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    assert "restore it" in _refused()
    assert path.read_bytes() == content


def test_processes_that_start_together_agree_on_one_key(path: Path) -> None:
    begin, got = threading.Barrier(8), []

    def start() -> None:
        begin.wait(10)
        got.append(kept_secret(path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [path.read_bytes()] * 8


def test_the_password_variant_needs_its_password(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YICHUAN_KEYS_URL = f"soft-password://{tmp_path}/salt"  # type: ignore[attr-defined]
    monkeypatch.delenv("YICHUAN_MASTER_PASSWORD", raising=False)
    assert "YICHUAN_MASTER_PASSWORD" in _refused()
    monkeypatch.setenv("YICHUAN_MASTER_PASSWORD", "long words")
    service.device()
    assert os.listdir(tmp_path) == ["salt"], "the salt is kept, the key is not"  # noqa: PTH208


def test_an_unknown_device_is_named(settings: object) -> None:
    settings.YICHUAN_KEYS_URL = "hsm://slot/1"  # type: ignore[attr-defined]
    assert "hsm" in _refused()


def test_a_missing_master_key_is_never_replaced_where_keys_lie_under_it(path: Path) -> None:
    service.device().make_wrapping_key("box:1")
    path.rename(path.with_name("away"))
    service.device.cache_clear()
    assert "restore it from its backup" in _refused()
    assert not path.exists()
