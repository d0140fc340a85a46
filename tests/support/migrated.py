"""A database with every migration applied, made once for a state of the migrations and copied for each run after it.

Applying them takes a second and a half of a core, and each worker of a run needs one; a copy takes a moment. They lie
in pytest's cache folder under a name that changes with any migration and with Django's version.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".pytest_cache" / "migrated"
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


@cache
def _state() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted((ROOT / "src").glob("yichuan/*/migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time, so that of two that start together one makes it and the other copies."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_copy(target: Path) -> None:
    """Put a migrated SQLite database at `target`."""
    made = CACHE / f"{_state()}.sqlite3"
    with _alone():
        if not made.exists():
            arriving = made.with_suffix(".arriving")
            arriving.unlink(missing_ok=True)
            in_database(f"sqlite:///{arriving}", MIGRATE)
            arriving.replace(made)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(made, target)


def postgres_copy(url: str, name: str) -> None:
    """Make the migrated database `name` on the server of `url`."""
    made, parts = CACHE / f"{_state()}.sql", urlsplit(url)
    target = urlunsplit(parts._replace(path=f"/{name}"))
    tool("psql", url, "-c", f'DROP DATABASE IF EXISTS "{name}"', "-c", f'CREATE DATABASE "{name}"')
    with _alone():
        if not made.exists():
            in_database(target, MIGRATE)
            arriving = made.with_suffix(".arriving")
            tool("pg_dump", target, "--no-owner", "-f", str(arriving))
            arriving.replace(made)
            return
    tool("psql", target, "--single-transaction", "-f", str(made))


def in_database(url: str, code: str) -> str:
    """What `code` printed, run in a process of its own beside the database of `url`."""
    environment = os.environ | {
        "YICHUAN_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
        "PYTHONPATH": str(ROOT / "tests"),
    }  # fmt: skip
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, timeout=300, stdout=subprocess.PIPE, text=True
    ).stdout


def tool(name: str, url: str, *words: str) -> str:
    """What a command of PostgreSQL's printed; the address with its password goes through the environment."""
    parts = urlsplit(url)
    environment = os.environ | {
        "PGHOST": parts.hostname or "", "PGPORT": str(parts.port or 5432), "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "", "PGDATABASE": parts.path.lstrip("/"),
    }  # fmt: skip
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    command = [str(found[-1]) if found else name]
    if name == "psql":
        command += ["-X", "-q", "-v", "ON_ERROR_STOP=1"]
    return subprocess.run(
        [*command, *words], env=environment, check=True, timeout=120, stdout=subprocess.PIPE, text=True
    ).stdout
