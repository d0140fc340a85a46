"""Backups of the test's own centre, and an empty place beside it to restore them to."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from yichuan.common import clock
from yichuan.operations.services import backup as service
from yichuan.operations.services.backup import Made, back_up


def make(folder: Path, keep: int | None = None) -> Made:
    """A backup of the test's centre, in this process."""
    return back_up(folder=folder, say=lambda _: None, keep=keep)


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: Settings) -> None:
    """The bodies of the test's centre lie by themselves, in every test of a file that imports this."""
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/store"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups are named by the second; here each comes a minute after the one before."""
    began, calls = clock.now(), iter(range(1000))

    class Clock:
        @staticmethod
        def now() -> object:
            return began + timedelta(minutes=next(calls))

    monkeypatch.setattr(service, "clock", Clock)


def files_in(folder: Path) -> dict[str, bytes]:
    """What each file below the folder holds, by its path there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def here() -> dict[str, str]:
    """The environment of another process in the test's own centre."""
    return _environment(
        settings.HOME, settings.SECRETS, settings.YICHUAN_BLOBS_URL, _url(settings.DATABASES["default"]["NAME"])
    )


class Elsewhere:
    """Another home with a database of its own; the master key is there, as the operator would have put it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.home, self.secrets = folder / "centre", folder / "secrets"
        self.environment = _environment(self.home, self.secrets, f"file://{self.home}/blobs", url)
        self.master = self.secrets / "master.key"
        self.secrets.mkdir(mode=0o700)
        shutil.copy2(settings.SECRETS / "master.key", self.master)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """`yichuan …` in that place."""
        return run(self.environment, "-m", "yichuan.cli", *words)

    def ask(self, code: str) -> str:
        """What a program prints that works in that place."""
        done = run(self.environment, "-c", f"import django; django.setup()\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def run(environment: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """An empty place, on the same kind of database."""
    with empty_place(tmp_path / "elsewhere") as place:
        yield place


@contextmanager
def empty_place(folder: Path) -> Iterator[Elsewhere]:
    """Another such place."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield Elsewhere(folder, f"sqlite:///{folder}/centre/centre.sqlite3")
        return
    name = f"elsewhere_{secrets.token_hex(4)}"
    with psycopg.connect(_url("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        yield Elsewhere(folder, _url(name))
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _environment(home: Path, secret: Path, blobs: str, url: str) -> dict[str, str]:
    return os.environ | {
        "YICHUAN_HOME": str(home),
        "YICHUAN_SECRETS": str(secret),
        "YICHUAN_BLOBS_URL": blobs,
        "YICHUAN_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
    }


def _url(name: str) -> str:
    """The address of a database on the test's server."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["YICHUAN_DATABASE_URL"])._replace(path=f"/{quote(name)}"))
