"""Secrets in files (threat page: the master key outside the data)."""

import subprocess
import sys
from pathlib import Path

import pytest

from yichuan.common.secret_files import SECRET_BYTES, SecretFileError, kept_secret

START = """
import pathlib, sys
from yichuan.common.secret_files import kept_secret
print(kept_secret(pathlib.Path(sys.argv[1])).hex())
"""


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    first = kept_secret(path)
    assert len(first) == SECRET_BYTES
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    path = tmp_path / "key"
    running = [
        subprocess.Popen([sys.executable, "-c", START, path], stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in running}
    assert said == {kept_secret(path).hex()}
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_file_cut_short_or_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"")
    path.chmod(0o600)
    with pytest.raises(SecretFileError, match="restore"):
        kept_secret(path)
    path.write_bytes(bytes(SECRET_BYTES))
    path.chmod(0o644)
    with pytest.raises(SecretFileError, match="chmod 600"):
        kept_secret(path)
