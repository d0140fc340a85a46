"""Settings come from the environment; this reads them and says plainly which one is wrong."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from yichuan.common.secret_files import SecretFileError, kept_secret

POSTGRES_OPTIONS = frozenset(
    ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs", "application_name")
)


class SettingError(SystemExit):
    """A setting that cannot be used: ends the program with one line instead of a trace."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


def text(name: str, default: str) -> str:
    """The variable, or its default where it is unset or empty."""
    return os.environ.get(name) or default


def folder(name: str, default: Path) -> Path:
    """A folder's absolute path."""
    return Path(text(name, str(default))).expanduser().resolve()


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:////path` or `postgres://user:password@host:port/name` (`?host=/socket` too).

    PostgreSQL gets values apart from the SQL and keeps what a connection asks again and again as prepared statements:
    a third of a request's queries is otherwise writing and reading the same SQL. `prepared=off` is for a pooler that
    hands a connection on after each transaction (docs/serving.md).
    """
    address = urlparse(url)
    if address.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(address.path)[1:] if address.path.startswith("//") else unquote(address.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            # One that is opened anew reads the whole schema first, and the last to close folds the log back in.
            "CONN_MAX_AGE": 60,
        }
    if address.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(address.query))
        host, port = query.pop("host", address.hostname or ""), query.pop("port", "")
        prepared = query.pop("prepared", "on")
        if prepared not in ("on", "off"):
            raise SettingError("YICHUAN_DATABASE_URL", f"prepared={prepared} is neither on nor off")
        unknown = set(query) - POSTGRES_OPTIONS
        if unknown:
            known = ", ".join(sorted(POSTGRES_OPTIONS))
            raise SettingError(
                "YICHUAN_DATABASE_URL", f"unknown option {unknown.pop()!r}; there are: host, port, prepared, {known}"
            )
        return {
            "ENGINE": "yichuan.common.postgresql",
            "NAME": unquote(address.path.lstrip("/")),
            "USER": unquote(address.username or ""),
            "PASSWORD": unquote(address.password or ""),
            "HOST": host,
            "PORT": str(address.port or port),
            "OPTIONS": query | {"server_side_binding": True, "prepare_threshold": 3 if prepared == "on" else None},
            "DISABLE_SERVER_SIDE_CURSORS": prepared == "off",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingError("YICHUAN_DATABASE_URL", f"{address.scheme!r} is not sqlite or postgres")


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise SettingError(name, f"{value!r} is not a whole number from {least} to {most}")
    return int(value)


def page_workers(name: str, engine: str) -> int:
    """How many processes serve the pages: one a core (up to four) beside PostgreSQL. SQLite has one writer at a time,
    and more processes would wait for one another."""
    cores = min(os.cpu_count() or 1, 4)
    return whole(name, cores if engine.endswith("postgresql") else 1, 1, 64)


def local_address(name: str) -> str:
    """The origin of a service on the person's own machine, `http://127.0.0.1:PORT`; empty where it is not set."""
    value = text(name, "")
    if value and not re.fullmatch(r"https?://(127\.0\.0\.1|localhost):[1-9][0-9]{0,4}", value):
        raise SettingError(name, f"{value!r} is not an address like http://127.0.0.1:9071")
    return value


def header_name(name: str) -> str:
    """The name of a header that is believed: letters and digits alone; empty where it is not set.

    WSGI takes `X-Cert` and `X_Cert` for the same header, and many a proxy that replaces the one lets the other pass.
    """
    value = text(name, "")
    if value and not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,39}", value):
        raise SettingError(name, f"{value!r} is not letters and digits alone, like XClientCert (docs/certificates.md)")
    return value


def secret(path: Path) -> str:
    """A secret from its file, as text."""
    try:
        return kept_secret(path).hex()
    except SecretFileError as error:
        raise SettingError("YICHUAN_SECRETS", str(error)) from error
